"""Runs on Vertex AI: sent, watched, stopped and forgotten, their logs, notebooks and metrics."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from nb2pipe.kubeflow.marks import marked_notebook, marked_step, taken_apart
from nb2pipe.kubeflow.remote.connect import connect
from nb2pipe.kubeflow.remote.protocol import Remote
from nb2pipe.kubeflow.remote.values import RemoteTask
from nb2pipe.model import Metric, State, StepRun
from tests.kubeflow.remote.vertex_beside import ACCOUNT, BUCKET, PROJECT
from tests.kubeflow.remote.vertex_fixtures import IMAGE, ROOT, google, remote, submission, target, task
from tests.kubeflow.remote.vertex_http import HANG, error
from tests.kubeflow.remote.vertex_service import LOCATION, NUMBER, Google

__all__ = ["google", "remote"]

JOBS = f"/v1/projects/{PROJECT}/locations/{LOCATION}/pipelineJobs"
NAME = f"projects/{NUMBER}/locations/{LOCATION}/pipelineJobs/n-20261128-060000-abcdefg"
MAIN = f"projects/{NUMBER}/locations/{LOCATION}/customJobs/"


def test_what_is_sent(google: Google, remote: Remote, tmp_path: Path) -> None:
    """A run is sent with the id of ours, the target's root, and the values that were given; nothing else."""
    found = remote.submit(submission(tmp_path / "n"))
    (asked,) = google.asked
    assert ("POST", JOBS, {"pipelineJobId": "n-20261128-060000-abcdefg"}) == (asked.method, asked.path, asked.query)
    assert {"displayName", "pipelineSpec", "runtimeConfig", "labels"} == set(asked.body)
    assert {"gcsOutputDirectory": ROOT, "parameterValues": {"rows": 5}} == asked.body["runtimeConfig"]
    assert IMAGE == asked.body["pipelineSpec"]["deploymentSpec"]["executors"]["exec-train"]["container"]["image"]
    assert (NAME, "a run", State.QUEUED) == (found.id, found.name, found.state)
    assert datetime(2026, 11, 28, 6, 0, 1, 123456, UTC) == found.created_at
    page = f"vertex-ai/locations/{LOCATION}/pipelines/runs/n-20261128-060000-abcdefg?project={NUMBER}"
    assert f"https://console.cloud.google.com/{page}" == found.url


def test_the_commit_is_a_label(google: Google, remote: Remote, tmp_path: Path) -> None:
    """A run there has no description: the commit of the notebook stands among its labels."""
    remote.submit(submission(tmp_path / "n", commit=f"{'a' * 40}-dirty"))
    assert {"team": "a", "nb2pipe-commit": f"{'a' * 40}-dirty"} == google.asked[0].body["labels"]


def test_settings_of_the_target_are_sent(google: Google, tmp_path: Path) -> None:
    """The account that steps act as, and the network that they are in."""
    account, network = f"runner@{PROJECT}.iam.gserviceaccount.com", f"projects/{NUMBER}/global/networks/inner"
    connect(target(service_account=account, network=network)).submit(submission(tmp_path / "n"))
    assert (account, network) == (google.asked[0].body["serviceAccount"], google.asked[0].body["network"])


def test_one_token_serves_many_requests(google: Google, remote: Remote, tmp_path: Path) -> None:
    """The credentials are asked for a token once, which is good for an hour."""
    run = remote.submit(submission(tmp_path / "n"))
    remote.status(run.id)
    remote.check()
    assert 1 == google.tokens_given


def test_states(google: Google, remote: Remote, tmp_path: Path) -> None:
    """A run and its tasks, in every state that they have there; what is not a task of ours is left out."""
    run = remote.submit(submission(tmp_path / "n"))
    assert () == remote.status(run.id).tasks
    google.move(run.id, "RUNNING", load_data={"state": "RUNNING", "startTime": google.tick()})
    found = remote.status(run.id)
    assert (State.RUNNING, [("load-data", State.RUNNING)]) == (found.state, [(t.name, t.state) for t in found.tasks])
    for theirs, ours in (
        ("PENDING", State.QUEUED),
        ("CANCEL_PENDING", State.RUNNING),
        ("CANCELLING", State.RUNNING),
        ("CANCELLED", State.CANCELLED),
        ("FAILED", State.FAILED),
        ("SKIPPED", State.CACHED),
        ("NOT_TRIGGERED", State.SKIPPED),
        ("SUCCEEDED", State.SUCCEEDED),
    ):
        google.move(run.id, "RUNNING", load_data={"state": theirs})
        assert ours is task(remote.status(run.id).tasks, "load-data").state, theirs
    for theirs, ours in (
        ("QUEUED", State.QUEUED),
        ("CANCELLING", State.RUNNING),
        ("PAUSED", State.INTERRUPTED),
        ("FAILED", State.FAILED),
        ("CANCELLED", State.CANCELLED),
        ("SUCCEEDED", State.SUCCEEDED),
    ):
        google.move(run.id, theirs)
        found = remote.status(run.id)
        assert (ours, ours.is_final) == (found.state, found.ended_at is not None or theirs == "PAUSED"), theirs


def test_a_cached_result_is_told(google: Google, remote: Remote, tmp_path: Path) -> None:
    """Where the execution says that it came from the cache, the task is cached, whatever its state is called."""
    run = remote.submit(submission(tmp_path / "n"))
    google.move(run.id, "RUNNING", train={"state": "SUCCEEDED", "execution": {"state": "CACHED"}})
    assert State.CACHED is task(remote.status(run.id).tasks, "train").state


def test_a_failure_is_told_with_its_attempts(google: Google, remote: Remote, tmp_path: Path) -> None:
    """The message of the task, how often it was tried, and where its logs are, the first attempt first."""
    run = remote.submit(submission(tmp_path / "n"))
    told = {"code": 9, "message": "The replica workerpool0-0 exited with a non-zero status of 1."}
    jobs = {"mainJob": f"{MAIN}3", "failedMainJobs": [f"{MAIN}1", f"{MAIN}2"]}
    google.move(run.id, "FAILED", train={"state": "FAILED", "error": told, "executorDetail": {"containerDetail": jobs}})
    google.jobs[NAME]["error"] = {"code": 9, "message": "The DAG failed because some tasks failed."}
    found = remote.status(run.id)
    failed = task(found.tasks, "train")
    assert (told["message"], 3, "1 2 3") == (failed.message, failed.attempt, failed.handle)
    assert "The DAG failed because some tasks failed." == found.message
    google.lines = {"1": [("stdout", "once")], "2": [("stdout", "twice")], "3": [("stderr", "no more")]}
    assert "once\ntwice\nno more\n" == remote.log(run.id, failed)


def test_a_fault_that_the_service_tries_to_get_over_is_told(google: Google, remote: Remote, tmp_path: Path) -> None:
    """A task that waits since no machine is free says so."""
    run = remote.submit(submission(tmp_path / "n"))
    status = {"updateTime": google.tick(), "state": "PENDING", "error": {"code": 8, "message": "no GPU is free"}}
    google.move(run.id, "RUNNING", train={"state": "PENDING", "pipelineTaskStatus": [status]})
    assert "no GPU is free" == task(remote.status(run.id).tasks, "train").message


def test_a_run_sent_twice_is_one_run(google: Google, remote: Remote, tmp_path: Path) -> None:
    """The same submission again finds the run that is there."""
    first, again = (remote.submit(submission(tmp_path / "n")) for _ in range(2))
    assert (first.id, 1) == (again.id, len(google.jobs))


def test_a_run_whose_answer_was_lost_is_found(google: Google, tmp_path: Path) -> None:
    """Where the service starts the run and gives no answer, or a wrong one, the run is found by its id."""
    google.done_before = True
    for number, lost in enumerate((HANG, error(503, "UNAVAILABLE", "try again"))):
        google.next = [("/pipelineJobs", lost)]
        found = connect(target(timeout_s=1)).submit(submission(tmp_path / "n", request_id=f"run-{number}"))
        assert found.id.endswith(f"/n-run-{number}")


def test_stopping(google: Google, remote: Remote, tmp_path: Path) -> None:
    """A run is stopped; one that has ended already is no error."""
    run = remote.submit(submission(tmp_path / "n"))
    remote.cancel(run.id)
    assert "PIPELINE_STATE_CANCELLING" == google.jobs[NAME]["state"]
    google.move(run.id, "CANCELLED")
    remote.cancel(run.id)
    assert State.CANCELLED is remote.status(run.id).state


def test_forgetting(google: Google, remote: Remote, tmp_path: Path) -> None:
    """A run is deleted; one that is not there is no error."""
    run = remote.submit(submission(tmp_path / "n"))
    google.move(run.id, "SUCCEEDED")
    remote.delete(run.id)
    remote.delete(run.id)
    assert {} == google.jobs


def test_a_run_is_asked_for_where_it_is(google: Google, remote: Remote, tmp_path: Path) -> None:
    """A full name goes as it is; a bare id means the target's project and location."""
    run = remote.submit(submission(tmp_path / "n"))
    bare = run.id.rpartition("/")[2]
    assert run.id == remote.status(run.id).id == remote.status(bare).id
    assert [f"/v1/{NAME}", f"{JOBS}/{bare}"] == [each.path for each in google.asked[-2:]]


def test_a_log_of_many_pages(google: Google, remote: Remote) -> None:
    """All pages are read; a line that ends itself is not ended twice; a task that has not begun has none."""
    google.page = 3
    google.lines = {"8": [("stdout", f"line {number}") for number in range(8)]}
    begun = RemoteTask("train", State.RUNNING, started_at=datetime(2026, 11, 28, 6, tzinfo=UTC), handle="8")
    assert [f"line {number}" for number in range(8)] == remote.log(NAME, begun).splitlines()
    assert 3 == len(google.asked)
    assert google.asked[0].body["filter"].endswith('AND timestamp>="2026-11-28T05:50:00Z"')
    assert "" == remote.log(NAME, RemoteTask("train", State.QUEUED))


def test_marked_parts_of_a_log_stay_whole(google: Google, remote: Remote) -> None:
    """What another stream printed at the same time stands behind the part, and lines of JSON are lines."""
    step = StepRun("run", "train", State.FAILED, metrics=(Metric("score", 0.5),))
    first, *rest = f"{marked_step(step)}\n{marked_notebook({'cells': []})}".splitlines()
    printed = [("stderr", line) for line in rest]
    google.lines = {"8": [("stderr", "begun"), ("stderr", first), ("stdout", "said late"), *printed, ("stderr", "end")]}
    google.lines["8"].insert(1, ("document", '{"loss": 1}'))
    log = remote.log(NAME, RemoteTask("train", State.FAILED, handle="8"))
    found = taken_apart(log)
    assert (step, {"cells": []}) == (found.step, found.notebook)
    assert ["begun", '{"loss": 1}', "said late", "end"] == found.text.splitlines()


def test_artifacts(google: Google, remote: Remote, tmp_path: Path) -> None:
    """The executed notebook from where the service says it is; none where there is none."""
    run = remote.submit(submission(tmp_path / "n"))
    path = f"pipelines/{NUMBER}/{run.id.rpartition('/')[2]}/train_-12/notebook"
    google.objects[f"{BUCKET}/{path}"] = b'{"cells": []}'
    outputs = {"notebook": {"artifacts": [{"uri": f"gs://{BUCKET}/{path}", "schemaTitle": "system.Artifact"}]}}
    google.move(run.id, "SUCCEEDED", train={"state": "SUCCEEDED", "outputs": outputs})
    found = task(remote.status(run.id).tasks, "train")
    assert b'{"cells": []}' == remote.artifact(run.id, found, "notebook")
    assert remote.artifact(run.id, found, "page") is None


def test_artifacts_of_a_task_that_failed(google: Google, remote: Remote, tmp_path: Path) -> None:
    """The service tells of no artifacts then: they are found by the names that it gives to folders."""
    run = remote.submit(submission(tmp_path / "n"))
    below = f"{BUCKET}/pipelines/{NUMBER}/{run.id.rpartition('/')[2]}"
    google.objects[f"{below}/train_12/notebook"] = b"executed"
    google.objects[f"{below}/train_2_12/notebook"] = b"of another task"
    google.move(run.id, "FAILED", train={"state": "FAILED"})
    found = task(remote.status(run.id).tasks, "train")
    assert b"executed" == remote.artifact(run.id, found, "notebook")


def test_metrics(google: Google, remote: Remote, tmp_path: Path) -> None:
    """Metrics are what the service knows of their artifact."""
    run = remote.submit(submission(tmp_path / "n"))
    outputs = {"metrics": {"artifacts": [{"schemaTitle": "system.Metrics", "metadata": {"score": 0.5}}]}}
    google.move(run.id, "SUCCEEDED", train={"state": "SUCCEEDED", "outputs": outputs}, load_data={"state": "SUCCEEDED"})
    tasks = remote.status(run.id).tasks
    assert {"score": 0.5} == json.loads(remote.artifact(run.id, task(tasks, "train"), "metrics") or b"")
    assert remote.artifact(run.id, task(tasks, "load-data"), "metrics") is None


def test_what_is_there(google: Google, remote: Remote) -> None:
    """A check asks for runs and for the bucket, and says where and as whom."""
    assert f"Vertex AI Pipelines in the project {PROJECT}, {LOCATION}, as {ACCOUNT}" == remote.check()
    assert [JOBS, f"/storage/v1/b/{BUCKET}/o"] == [each.path for each in google.asked]
