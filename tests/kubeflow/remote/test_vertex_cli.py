"""Vertex AI from the command line: targets, runs from the sending to the end, their logs, notebooks and metrics."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nb2pipe.model import CellFailure, Metric, State, StepRun
from tests.cli.calling import Caller
from tests.kubeflow.notebooks import write
from tests.kubeflow.remote.vertex_beside import BUCKET, PROJECT
from tests.kubeflow.remote.vertex_fixtures import ADD, CELLS, IMAGE, NOTEBOOK, ROOT, ended, google, nb2pipe, printed
from tests.kubeflow.remote.vertex_http import HANG, error
from tests.kubeflow.remote.vertex_service import LOCATION, Google

__all__ = ["google", "nb2pipe"]

FAILURE = CellFailure("exception", "ZeroDivisionError", "division by zero", cell_index=2, cell_id="c2", line=1)


def sent(nb2pipe: Caller, *words: str) -> str:
    """Send the notebook; the id of the run."""
    done = nb2pipe("submit", "churn.ipynb", "--to", "cloud", "--json", *words)
    assert (0, "") == (done.code, done.err)
    return str(json.loads(done.out)["run"]["id"])


def test_targets(google: Google, nb2pipe: Caller) -> None:
    """A target is listed, shown and asked; its file holds nothing of the credentials."""
    assert f"cloud   vertex  {PROJECT}" in nb2pipe("target", "list").out
    shown = json.loads(nb2pipe("target", "show", "cloud", "--json").out)
    assert (ROOT, {"team": "a"}) == (shown["pipeline_root"], shown["labels"])
    assert "BEGIN" not in Path(shown["origin"]).read_text() and "key.json" not in Path(shown["origin"]).read_text()
    assert f"Vertex AI Pipelines in the project {PROJECT}, {LOCATION}" in nb2pipe("target", "check", "cloud").out
    google.next = [("/pipelineJobs", error(403, "PERMISSION_DENIED", "denied"))]
    refused = nb2pipe("target", "check", "cloud")
    assert (2, True) == (refused.code, "roles/aiplatform.user" in refused.err)


def test_a_run_to_its_end(google: Google, nb2pipe: Caller) -> None:
    """What is sent, what the list says while it goes on, and what is known of it at the end."""
    run = sent(nb2pipe, "-p", "rows", "5", "--run-name", "nightly", "--label", "who=b")
    ((name, job),) = google.jobs.items()
    assert name.endswith(f"/churn-{run}")
    assert ("nightly", {"rows": 5}) == (job["displayName"], job["runtimeConfig"]["parameterValues"])
    assert {"team": "a", "who": "b"}.items() <= job["labels"].items()
    google.move(name, "RUNNING", load_data={"state": "RUNNING", "startTime": google.tick()})
    assert "running" in nb2pipe("runs").out
    printed(google, "1", StepRun("run", "load_data", State.SUCCEEDED))
    printed(google, "2", StepRun("run", "train", State.SUCCEEDED, metrics=(Metric("score", 0.5),)))
    google.move(name, "SUCCEEDED", load_data=ended("1"), train=ended("2"))
    shown = json.loads(nb2pipe("runs", "show", run, "--json").out)
    assert ("succeeded", "cloud") == (shown["run"]["state"], shown["run"]["target"])
    assert {"load_data": "succeeded", "train": "succeeded"} == {e["step"]: e["state"] for e in shown["steps"]}
    assert [{"name": "score", "value": 0.5}] == shown["steps"][1]["metrics"]
    assert "from load_data" in nb2pipe("logs", run, "load_data").out


def test_a_failure_names_cell_and_error(google: Google, nb2pipe: Caller) -> None:
    """As on this machine; and it can be waited for."""
    printed(google, "1", StepRun("run", "load_data", State.SUCCEEDED))
    printed(google, "2", StepRun("run", "train", State.FAILED, failure=FAILURE))
    google.born = (
        "FAILED",
        {"load_data": ended("1"), "train": ended("2", "FAILED", error={"code": 9, "message": "1"})},
    )
    done = nb2pipe("submit", "churn.ipynb", "--to", "cloud", "--wait")
    assert 1 == done.code
    assert "Step 'train' failed: churn.ipynb, cell 3 (id c2), line 1\n  ZeroDivisionError: division by zero" in done.out


def test_a_step_that_printed_nothing(google: Google, nb2pipe: Caller) -> None:
    """Where the container did not even start, what the service says of its task is the failure."""
    run = sent(nb2pipe)
    (name,) = google.jobs
    told = {"code": 5, "message": "Failed to pull image: not found."}
    google.move(name, "FAILED", load_data=ended("1", "FAILED", error=told))
    shown = json.loads(nb2pipe("runs", "show", run, "--json").out)
    assert told["message"] == shown["steps"][0]["failure"]["message"]
    assert ["failed", "skipped"] == [each["state"] for each in shown["steps"]]


def test_steps_from_the_cache(google: Google, nb2pipe: Caller) -> None:
    """They printed nothing in this run: notebook and metrics are the artifacts of the run that they come from."""
    run = sent(nb2pipe)
    (name,) = google.jobs
    google.objects[f"{BUCKET}/earlier/notebook"] = json.dumps(NOTEBOOK).encode()
    outputs = {
        "notebook": {"artifacts": [{"uri": f"gs://{BUCKET}/earlier/notebook"}]},
        "metrics": {"artifacts": [{"metadata": {"score": 0.75}}]},
    }
    cached = {"state": "SKIPPED", "endTime": google.tick(), "outputs": outputs, "execution": {"state": "CACHED"}}
    google.move(name, "SUCCEEDED", load_data=cached, train=cached)
    shown = json.loads(nb2pipe("runs", "show", run, "--json").out)
    assert ["cached", "cached"] == [each["state"] for each in shown["steps"]]
    assert [{"name": "score", "value": 0.75}] == shown["steps"][1]["metrics"]
    assert NOTEBOOK == json.loads(Path(shown["steps"][1]["notebook_path"]).read_text())


def test_logs_that_come_late(google: Google, nb2pipe: Caller) -> None:
    """A log that the service does not have whole yet is said to be so, and asked for again."""
    run = sent(nb2pipe)
    (name,) = google.jobs
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    google.lines = {"1": [("stdout", "begun")], "2": [("stdout", "begun")]}
    google.move(name, "SUCCEEDED", load_data=ended("1", endTime=now), train=ended("2", endTime=now))
    shown = nb2pipe("runs", "show", run)
    assert "the logs of load_data, train are not whole yet" in shown.err
    printed(google, "1", StepRun("run", "load_data", State.SUCCEEDED))
    printed(google, "2", StepRun("run", "train", State.SUCCEEDED, metrics=(Metric("score", 1.5),)))
    shown = nb2pipe("runs", "show", run)
    assert ("", True) == (shown.err, "score" in shown.out)


def test_logs_that_may_not_be_read(google: Google, nb2pipe: Caller) -> None:
    """What keeps them back is said; the executed notebook comes from the bucket all the same."""
    run = sent(nb2pipe)
    (name,) = google.jobs
    google.objects[f"{BUCKET}/x/notebook"] = json.dumps(NOTEBOOK).encode()
    outputs = {"notebook": {"artifacts": [{"uri": f"gs://{BUCKET}/x/notebook"}]}}
    google.move(name, "SUCCEEDED", load_data=ended("1", outputs=outputs), train=ended("2", outputs=outputs))
    google.next = [("entries:list", error(403, "PERMISSION_DENIED", "Permission denied for all log views"))] * 2
    shown = nb2pipe("runs", "show", run)
    assert "Permission denied for all log views" in shown.err
    assert NOTEBOOK == json.loads((Path("home/runs") / run / "elsewhere" / "train.ipynb").read_text())


def test_stopping(google: Google, nb2pipe: Caller) -> None:
    """The service is asked to stop the run; it says when it has."""
    run = sent(nb2pipe)
    (name,) = google.jobs
    google.move(name, "RUNNING", load_data={"state": "RUNNING", "startTime": google.tick()})
    google.on_cancel = lambda: google.move(name, "CANCELLED", load_data={"state": "CANCELLED"})
    assert 0 == nb2pipe("cancel", run).code
    shown = json.loads(nb2pipe("runs", "show", run, "--json").out)
    assert ("cancelled", "cancelled") == (shown["run"]["state"], shown["steps"][0]["state"])


def test_a_run_that_was_deleted_there(google: Google, nb2pipe: Caller) -> None:
    """Its record stays, and says so."""
    run = sent(nb2pipe)
    google.jobs.clear()
    shown = nb2pipe("runs", "show", run)
    assert (0, True) == (shown.code, "was deleted there" in shown.out)


def test_a_service_that_does_not_answer(google: Google, nb2pipe: Caller) -> None:
    """The list stands all the same, and says what may be out of date."""
    run = sent(nb2pipe)
    assert 0 == nb2pipe(*ADD, "--pipeline-root", ROOT, "--timeout-s", "0.2", "--replace").code
    google.next = [(f"churn-{run}", HANG)]
    shown = nb2pipe("runs")
    assert (0, True) == (shown.code, run in shown.out)
    assert "did not answer within 0.2 s" in shown.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--label", "Team=b"), "the label 'Team' has 'T' in it"),
        (("--image", "ghcr.io/team/image:1"), "not from ghcr.io"),
        (("--run-name", "n" * 129), "takes 1 to 128 characters"),
        (("-p", "row", "1"), "row"),
        (("-p", "rows", "x"), "must be a whole number"),
    ],
)
def test_what_is_refused(words: tuple[str, ...], said: str, google: Google, nb2pipe: Caller, tmp_path: Path) -> None:
    """Before anything is sent, with exit code 2, and nothing is recorded."""
    write(tmp_path / "churn.ipynb", CELLS, {} if "--image" in words else {"image": IMAGE})
    done = nb2pipe("submit", "churn.ipynb", "--to", "cloud", *words)
    assert (2, True) == (done.code, said in done.err)
    assert ([], "[]") == (google.asked, nb2pipe("runs", "--json").out.strip())
