"""Targets and runs elsewhere in the service: a real Jupyter server that sends to the stand-in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kubeflow.remote.sending import FAILURE, notebook, said_by_load, said_by_train
from tests.kubeflow.remote.standin import StandIn
from tests.kubeflow.remote.workflow import Task
from tests.server.calling import Api, Server, run_server
from tests.server.conftest import PEOPLE


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that knows who asks."""
    yield from run_server(tmp_path_factory.mktemp("jupyter"), *PEOPLE)


@pytest.fixture
def api(server: Server, kfp: StandIn) -> Iterator[Api]:
    """Somebody who calls the service, which knows the stand-in as ``cloud``."""
    found = server.api()
    found.ok("POST", "/targets", {"name": "cloud", "kind": "kfp", "host": kfp.url, "labels": {"team": "a"}})
    yield found
    found.ok("DELETE", "/targets/cloud")


def submitted(api: Api, server: Server, **body: Any) -> dict[str, Any]:
    """A run that was sent."""
    notebook(server.root)
    found: dict[str, Any] = api.ok("POST", "/targets/cloud/runs", {"path": "churn.ipynb", **body})
    return found


def await_end(api: Api, run: dict[str, Any], state: str) -> None:
    """Wait until a run has ended; the service asks after it by itself."""
    with api.events(f"?run={run['id']}") as events:
        if api.ok("GET", f"/runs/{run['id']}")["run"]["state"] != state:
            events.until(lambda event: event.kind == "run" and event.data["state"] == state)


def test_targets(api: Api, kfp: StandIn) -> None:
    """Targets are listed without where a token is kept, and asked whether they answer."""
    (found,) = api.ok("GET", "/targets")
    assert ("cloud", "kfp", kfp.url, {"team": "a"}) == tuple(found[key] for key in ("name", "kind", "host", "labels"))
    assert "token_file" not in found
    assert kfp.url in api.ok("POST", "/targets/cloud/check")["answer"]
    again = {"name": "cloud", "kind": "kfp", "host": kfp.url}
    assert "replace=true" in api.refused(409, "POST", "/targets", again)["hint"]
    assert "There are: cloud." == api.refused(404, "POST", "/targets/clowd/check")["hint"]
    assert "host" in api.refused(422, "POST", "/targets", {"name": "x", "kind": "kfp"})["message"]


def test_errors_of_the_engine(api: Api, server: Server, kfp: StandIn) -> None:
    """What the engine answers comes as its code, with what to do in the words of the service."""
    kfp.fault = lambda operation: (401, '{"message": "expired"}')
    problem = api.refused(502, "POST", "/targets/cloud/check")
    assert "N2P951" == problem["code"] and "--" not in problem["hint"]
    notebook(server.root)
    body = {"path": "churn.ipynb", "settings": {"image": "localhost/x"}, "parameters": {"n": "many"}}
    assert "expired" in api.refused(502, "POST", "/targets/cloud/runs", {"path": "churn.ipynb"})["message"]
    assert 422 == api("POST", "/targets/cloud/runs", body).status


def test_a_run_from_its_submission_to_its_end(api: Api, server: Server, kfp: StandIn) -> None:
    """A run there is in the same lists and answers as one of this machine, and kept up to date by itself."""
    run = submitted(api, server, parameters={"n": 8}, name="mine", tags=["x"])
    assert ("cloud", "running", "churn.ipynb") == (run["target"], run["state"], run["notebook"])
    assert ("mine", {"team": "a"}) == (run["elsewhere"]["name"], run["elsewhere"]["labels"])
    kfp.move(run["remote_id"], "FAILED", load=Task("SUCCEEDED"), train_it=Task("FAILED"))
    kfp.print_log(run["remote_id"], "load", said_by_load())
    kfp.print_log(run["remote_id"], "train-it", said_by_train(FAILURE))
    await_end(api, run, "failed")
    steps = {step["step"]: step for step in api.ok("GET", f"/runs/{run['id']}")["steps"]}
    assert 2 == steps["train_it"]["failure"]["cell_index"]
    assert "loaded\n" == api.ok("GET", f"/runs/{run['id']}/steps/load/log")["text"]
    assert 5 == len(api.ok("GET", f"/runs/{run['id']}/notebook")["cells"])
    assert run["id"] in [each["id"] for each in api.ok("GET", "/runs")["runs"]]
    assert "was sent to cloud" in api.refused(422, "POST", f"/runs/{run['id']}/rerun", {})["message"]


def test_cancel(api: Api, server: Server, kfp: StandIn) -> None:
    """Cancelling asks the engine."""
    run = submitted(api, server)
    assert api.ok("POST", f"/runs/{run['id']}/cancel")["was_going"]
    assert "CANCELING" == kfp.runs[run["remote_id"]]["state"]
    kfp.move(run["remote_id"], "CANCELED")
    await_end(api, run, "cancelled")


def test_a_schedule(api: Api, server: Server, kfp: StandIn) -> None:
    """A schedule on a target is made, listed, paused and removed as the others are; what it cannot do is listed too."""
    notebook(server.root)
    cannot = api.ok("GET", "/targets")[0]["schedule_cannot"]
    assert {"at", "overlap=skip", "notify"} <= set(cannot)
    body = {"path": "churn.ipynb", "name": "there", "cron": "0 6 * * *", "zone": "UTC", "on": "cloud"}
    problem = api.refused(422, "POST", "/schedules", {**body, "policy": {"retries": 2}})
    assert "N2P963" == problem["code"] and cannot["retries"] in problem["message"]
    made = api.ok("POST", "/schedules", body)
    assert ("cloud", next(iter(kfp.schedules))) == (made["schedule"]["target"], made["schedule"]["remote_id"])
    assert made["next_due_at"] is not None
    assert "paused" == api.ok("POST", "/schedules/there/pause")["standing"]
    assert {"DISABLED"} == {each["status"] for each in kfp.schedules.values()}
    assert "there" in [each["name"] for each in api.ok("GET", "/schedules")["schedules"]]
    api.ok("DELETE", "/schedules/there")
    assert {} == kfp.schedules


def test_an_unsaved_notebook(api: Api, server: Server, kfp: StandIn) -> None:
    """The text of an editor is sent as it is."""
    text = json.loads(Path(notebook(server.root)).read_text("utf-8"))
    text["cells"][1]["source"] = "x = 42"
    run = submitted(api, server, text=json.dumps(text))
    assert "x = 42" in json.dumps(api.ok("GET", f"/runs/{run['id']}/source"))
