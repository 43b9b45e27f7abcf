"""Operations on runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from nb2pipe.app.detached import RunOrder, start_run
from nb2pipe.app.elsewhere.keep import keep_log_current
from nb2pipe.app.history import cancel_run, prune_runs, show_run
from nb2pipe.app.lineage.walks import compare_runs
from nb2pipe.app.logs import attempts_of, log_part, own_file, step_run_of
from nb2pipe.app.pages import RunQuery, page_of_runs
from nb2pipe.app.previews import preview_of
from nb2pipe.app.records import notebook_of_run, pipeline_of_run, report_of_run, values_of_run
from nb2pipe.app.rerun import run_again
from nb2pipe.errors import NotFoundError
from nb2pipe.model import Run, State
from nb2pipe.model.json import to_json
from nb2pipe.report.data import pipeline_data, run_data, step_data
from nb2pipe.server.asking import Asked, Raw, moment, to_text
from nb2pipe.server.codes import ServiceError
from nb2pipe.server.contents import MOST_NOTEBOOK_BYTES, Contents
from nb2pipe.server.service import Service

SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
"""A report holds what a notebook put out: no script of it runs, and it loads nothing."""


def start(service: Service, asked: Asked) -> dict[str, Any]:
    """Start a run that goes on whatever becomes of this server."""
    body, contents = asked.body, service.contents()
    text = body.get("text")
    order = RunOrder(
        notebook=contents.notebook(body["path"]) if text is None else contents.output(body["path"]),
        text=text,
        parameters=body.get("parameters", {}),
        flags={name: value for name, value in body.get("settings", {}).items() if value is not None},
        output=contents.output(body["output"]) if body.get("output") else "",
        tags=tuple(body.get("tags", ())),
        kernel_name=body.get("kernel_name"),
        user=asked.user,
        notify=tuple(body.get("notify", ())),
        from_step=body.get("from_step", ""),
    )
    return run_json(start_run(order, service.settings(), service.spares), contents)


def ready(service: Service, asked: Asked) -> dict[str, Any]:
    """Have a process that stands ready for the next run, with kernels; unused it ends by itself."""
    return {"was_started": service.spares.ready(service.settings())}


def rerun(service: Service, asked: Asked) -> dict[str, Any]:
    """Run the notebook of an earlier run again, as it is now; what had succeeded comes from the cache.

    Raises:
        NotFoundError: the notebook is not in the folder that Jupyter serves.
    """
    contents = service.contents()
    again = run_again(service.settings(), asked.words["run"])
    path = contents.relative(again.run.notebook_path)
    if path is None:
        hint = "Run it on the command line: nb2pipe runs rerun."
        raise NotFoundError(f"The notebook of run {again.run.id} is outside the folder that Jupyter serves.", hint=hint)
    order = RunOrder(
        notebook=contents.notebook(path),
        parameters=again.parameters,
        flags=again.flags,
        tags=again.run.tags,
        kernel_name=again.kernel_name,
        user=asked.user,
        notify=again.notify,
        from_step=asked.body.get("from_step", ""),
        cwd=again.cwd,
        timeout_s=again.timeout_s,
    )
    return {
        "run": run_json(start_run(order, service.settings(), service.spares), contents),
        "is_changed": again.is_changed,
    }


def page(service: Service, asked: Asked) -> dict[str, Any]:
    """A page of runs; newest first, unless another order is asked for."""
    query, contents = asked.query, service.contents()
    service.keeper.nudge()
    wanted = RunQuery(
        notebook=contents.unsaved(query["notebook"]) if "notebook" in query else None,
        pipeline=query.get("pipeline"),
        states=tuple(State(word) for word in query.get("state", ())),
        user=query.get("user"),
        tag=query.get("tag"),
        since=moment(query.get("since")),
        until=moment(query.get("until")),
        target=query.get("target"),
        text=query.get("text", ""),
        sort=query["sort"],
        is_ascending=query["ascending"],
    )
    found = page_of_runs(service.settings(), wanted, limit=query["limit"], before=query.get("before"))
    runs = [run_json(run, contents, found.metrics.get(run.id, {})) for run in found.runs]
    return {"runs": runs, "next": found.next}


def show(service: Service, asked: Asked) -> dict[str, Any]:
    """One run with its steps."""
    service.keeper.nudge()
    details = show_run(service.settings(), asked.words["run"])
    metrics = {metric.name: metric.value for step in details.steps for metric in step.metrics}
    run = run_json(details.run, service.contents(), metrics)
    return {"run": run, "steps": [step_data(step) for step in details.steps]}


def remove(service: Service, asked: Asked) -> dict[str, Any]:
    """Remove a run that has ended, with its folder and the values that no other run refers to.

    Raises:
        ServiceError: N2P851, not its whole id is given: which run is the latest changes while one looks.
    """
    word = asked.words["run"]
    run = show_run(service.settings(), word).run
    if run.id != word:
        raise ServiceError("N2P851", 422, what=f"{word!r} is not the whole id of a run.", advice=f"Is {run.id} meant?")
    found = prune_runs(service.settings(), ids=[run.id])
    return {"run_ids": list(found.run_ids), "freed_bytes": found.freed_bytes, "values_kept": found.values_kept}


def prune(service: Service, asked: Asked) -> dict[str, Any]:
    """Remove old runs, or only their values."""
    body = asked.body
    days = body.get("older_than_days")
    found = prune_runs(
        service.settings(),
        older_than=timedelta(days=days) if days is not None else None,
        keep_last=body.get("keep_last", 0),
        states=[State(word) for word in body.get("states", ())],
        dry_run=body["dry_run"],
        values_only=body.get("values_only", False),
    )
    return {"run_ids": list(found.run_ids), "freed_bytes": found.freed_bytes, "values_kept": found.values_kept}


def cancel(service: Service, asked: Asked) -> dict[str, Any]:
    """Ask a run to stop; its state says when it has."""
    run, was_asked = cancel_run(service.settings(), asked.words["run"], user=asked.user)
    service.keeper.nudge()
    return {"run": run_json(run, service.contents()), "was_going": was_asked}


def pipeline(service: Service, asked: Asked) -> dict[str, Any]:
    """The pipeline of a run as it was."""
    return pipeline_data(pipeline_of_run(service.settings(), asked.words["run"]))


def source(service: Service, asked: Asked) -> Raw:
    """The notebook that ran, as it was, without what it put out then."""
    return Raw(show_run(service.settings(), asked.words["run"]).run.notebook_text.encode("utf-8", "backslashreplace"))


def notebook(service: Service, asked: Asked) -> Raw:
    """The executed notebook."""
    may_read = service.contents().serves
    return Raw(to_text(notebook_of_run(service.settings(), asked.words["run"], may_read)).encode())


def report(service: Service, asked: Asked) -> Raw:
    """The report as one page of HTML."""
    may_read = service.contents().serves
    text = report_of_run(service.settings(), asked.words["run"], may_read)
    return Raw(text.encode("utf-8", "replace"), "text/html; charset=utf-8", SANDBOX)


def values(service: Service, asked: Asked) -> list[dict[str, Any]]:
    """The variables that a run saved: type, size, and a text about each."""
    found = values_of_run(service.settings(), asked.words["run"])
    return [{"step": each.step, "is_there": each.is_there, **to_json(each.artifact)} for each in found]


def preview(service: Service, asked: Asked) -> dict[str, Any]:
    """A value that a step saved, as far as it can be shown without loading it."""
    words = asked.words
    found: dict[str, Any] = to_json(preview_of(service.settings(), words["run"], words["step"], words["artifact"]))
    return found


def attempts(service: Service, asked: Asked) -> list[dict[str, Any]]:
    """Every attempt of every step of a run."""
    return [step_data(step) for step in attempts_of(service.settings(), asked.words["run"])]


def log(service: Service, asked: Asked) -> dict[str, Any]:
    """A part of what a step printed."""
    query, words = asked.query, asked.words
    keep_log_current(service.settings(), words["run"], words["step"])
    found = log_part(
        service.settings(),
        words["run"],
        words["step"],
        attempt=query.get("attempt"),
        offset=query["offset"],
        limit=query["limit"],
    )
    return vars(found)


def step_notebook(service: Service, asked: Asked) -> Raw:
    """The executed notebook of one step."""
    settings = service.settings()
    step = step_run_of(settings, asked.words["run"], asked.words["step"], asked.query.get("attempt"))
    path = own_file(settings, step.notebook_path)
    if path is None or path.stat().st_size > MOST_NOTEBOOK_BYTES:
        hint = "A step has one once it has begun on this machine, and as long as its run is kept."
        raise NotFoundError(f"Step {step.step!r} of run {step.run_id} has no executed notebook here.", hint=hint)
    return Raw(to_text(json.loads(path.read_bytes())).encode())


def diff(service: Service, asked: Asked) -> dict[str, Any]:
    """What differs between two runs."""
    one, other, found = compare_runs(service.settings(), asked.query["first"], asked.query["second"])
    contents = service.contents()
    runs = [run_json(record.run, contents) for record in (one, other)]
    return {"runs": runs, "is_same": found.is_empty, "differences": to_json(found)}


def run_json(run: Run, contents: Contents, metrics: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A run as clients see it: ``notebook`` is its path as they name it, null for one that is not served."""
    return run_data(run) | {"notebook": contents.relative(run.notebook_path), "metrics": dict(metrics or {})}
