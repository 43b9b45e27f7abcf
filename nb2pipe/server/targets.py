"""Operations on targets: engines elsewhere that notebooks are sent to."""

from __future__ import annotations

from typing import Any

from nb2pipe.app.elsewhere.submit import SubmitRequest, submit_notebook
from nb2pipe.app.elsewhere.targets import (
    add_target,
    check_target,
    drop_target,
    find_target,
    list_targets,
    target_data,
)
from nb2pipe.app.parameters import Given
from nb2pipe.kubeflow.remote.abilities import CANNOT
from nb2pipe.server.asking import Asked
from nb2pipe.server.runs import run_json
from nb2pipe.server.service import Service
from nb2pipe.settings.targets import Target

SHOWN = ("name", "kind", "engine", "host", "ui", "namespace", "experiment", "project", "location", "pipeline_root")
"""What clients see of a target: not where on this machine a token is kept."""


def listed(service: Service, asked: Asked) -> list[dict[str, Any]]:
    """Targets by name."""
    return [_shown(each) for each in list_targets()]


def add(service: Service, asked: Asked) -> dict[str, Any]:
    """Keep a target in a file of its own; nothing is asked of it."""
    body = dict(asked.body)
    name, kind, overwrite = body.pop("name"), body.pop("kind"), body.pop("replace", False)
    return _shown(add_target(name, kind, body, overwrite=overwrite).target)


def remove(service: Service, asked: Asked) -> dict[str, Any]:
    """Forget a target; what was sent there goes on."""
    found = find_target(asked.words["target"])
    drop_target(found.name)
    return _shown(found)


def check(service: Service, asked: Asked) -> dict[str, Any]:
    """Ask a target whether it answers and lets us in."""
    return {"answer": check_target(asked.words["target"])}


def submit(service: Service, asked: Asked) -> dict[str, Any]:
    """Send a notebook to a target; it runs there whatever becomes of this server."""
    body, contents = asked.body, service.contents()
    text = body.get("text")
    request = SubmitRequest(
        notebook=contents.notebook(body["path"]) if text is None else contents.output(body["path"]),
        target=asked.words["target"],
        given=Given(values=body.get("parameters", {})),
        name=body.get("name", ""),
        labels=body.get("labels", {}),
        tags=tuple(body.get("tags", ())),
    )
    given = {name: value for name, value in body.get("settings", {}).items() if value is not None}
    run, _ = submit_notebook(request, service.settings_with(given), text=text, user=asked.user)
    service.keeper.nudge()
    return run_json(run, contents)


def _shown(target: Target) -> dict[str, Any]:
    data = target_data(target)
    own = {"labels": data.get("labels", {}), "schedule_cannot": dict(CANNOT[target.kind])}
    return {key: data.get(key, "") for key in SHOWN} | own
