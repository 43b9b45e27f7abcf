"""The client of Kubeflow Pipelines against a server that holds its requests against the API's definition."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.errors import RefusedError, RemoteError, SettingsError
from nb2pipe.kubeflow.compiling import compile_pipeline
from nb2pipe.kubeflow.options import CompileOptions
from nb2pipe.kubeflow.remote.connect import connect
from nb2pipe.kubeflow.remote.kfp_tasks import node_id
from nb2pipe.kubeflow.remote.protocol import Remote
from nb2pipe.kubeflow.remote.values import RemoteTask, SchedulePlan, Submission
from nb2pipe.model import CronTrigger, IntervalTrigger, Standing, State
from nb2pipe.settings.targets import Target
from tests.kubeflow.notebooks import pipeline_of
from tests.kubeflow.remote.standin import StandIn
from tests.kubeflow.remote.workflow import BEGAN, Task

CELLS = [("parameters", "n = 3"), ("step:load", "x = n"), ("step:train_it", "y = x + 1")]


@contextmanager
def client(target: Target) -> Iterator[Remote]:
    """A client, closed again."""
    with closing(connect(target)) as remote:
        yield remote


def submission(folder: Path, **settings: Any) -> Submission:
    """A pipeline of two steps."""
    compiled = compile_pipeline(pipeline_of(folder, CELLS, **settings), CompileOptions())
    return Submission("churn", "n", compiled.spec, compiled.platform, {"n": 5}, description="of a test")


def test_a_run(kfp: StandIn, target: Target, tmp_path: Path) -> None:
    """A run is sent whole, and told of as it goes on: tasks by the names that they were sent with."""
    with client(target) as remote:
        run = remote.submit(submission(tmp_path))
        assert (State.RUNNING, "churn", f"{kfp.url}/#/runs/details/{run.id}") == (run.state, run.name, run.url)
        assert {"n": 5} == kfp.runs[run.id]["runtime_config"]["parameters"]
        kfp.move(run.id, "RUNNING", load=Task("SUCCEEDED"), train_it=Task("RUNNING"))
        tasks = {each.name: each for each in remote.status(run.id).tasks}
        assert {"load": State.SUCCEEDED, "train-it": State.RUNNING} == {name: t.state for name, t in tasks.items()}
        assert BEGAN == tasks["load"].started_at and tasks["load"].ended_at is not None
        kfp.move(run.id, "SUCCEEDED", train_it=Task("SUCCEEDED"))
        ended = remote.status(run.id)
        assert (State.SUCCEEDED, datetime(2026, 3, 4, 5, 10, tzinfo=UTC)) == (ended.state, ended.ended_at)
        remote.delete(run.id)
        remote.delete(run.id)  # it is gone already
    assert {} == kfp.runs


def test_logs_are_those_of_the_pods(kfp: StandIn, target: Target, tmp_path: Path) -> None:
    """The pod of a task is found by its name, where it was tried again or bears labels, and in Argo's older way too."""
    with client(target) as remote:
        run = remote.submit(submission(tmp_path, retries=2, labels={"team": "a"}))
        kfp.move(run.id, "RUNNING", load=Task("RUNNING", tries=2), train_it=Task("RUNNING"))
        kfp.print_log(run.id, "load", "second\n", attempt=1)
        workflow = kfp.workflows[run.id].name
        kfp.logs[node_id(workflow, f"{workflow}.root.train-it.executor")] = "old\n"
        tasks = {each.name: each for each in remote.status(run.id).tasks}
        assert (2, "second\n") == (tasks["load"].attempt, remote.log(run.id, tasks["load"]))
        assert "old\n" == remote.log(run.id, tasks["train-it"])


def test_a_log_that_is_gone_is_empty(kfp: StandIn, target: Target, tmp_path: Path) -> None:
    """The server answers with 200 and an error in the text where it has no log; one that breaks off loses only that."""
    with client(target) as remote:
        run = remote.submit(submission(tmp_path))
        kfp.move(run.id, "RUNNING", load=Task("SUCCEEDED"))
        (task,) = remote.status(run.id).tasks
        assert "" == remote.log(run.id, task)
        kfp.print_log(run.id, "load", 'one\n{"error_message":"cut","error_details":"cut"}')
        assert "one\n" == remote.log(run.id, task)
        assert "" == remote.log(run.id, RemoteTask("x", State.QUEUED)) and remote.artifact(run.id, task, "x") is None


def test_cached_failed_and_waiting_tasks(kfp: StandIn, target: Target, tmp_path: Path) -> None:
    """What the server took from its cache, what failed before its pod began, and what has only a driver."""
    with client(target) as remote:
        run = remote.submit(submission(tmp_path))
        kfp.move(run.id, "RUNNING", load=Task("SKIPPED", seconds=1), train_it=Task("RUNNING", driver="RUNNING"))
        tasks = {each.name: each for each in remote.status(run.id).tasks}
        assert (State.CACHED, State.QUEUED) == (tasks["load"].state, tasks["train-it"].state)
        kfp.move(run.id, "FAILED", train_it=Task("FAILED", driver="FAILED"))
        failed = {each.name: each for each in remote.status(run.id).tasks}["train-it"]
        assert State.FAILED == failed.state and "driver" in failed.message


def test_cancel(kfp: StandIn, target: Target, tmp_path: Path) -> None:
    """A run is stopped; one that is over already is no error."""
    with client(target) as remote:
        run = remote.submit(submission(tmp_path))
        remote.cancel(run.id)
        assert "CANCELING" == kfp.runs[run.id]["state"] and State.RUNNING == remote.status(run.id).state
        kfp.move(run.id, "CANCELED")
        remote.cancel(run.id)
        assert State.CANCELLED == remote.status(run.id).state


def test_platform_namespace_and_experiment(kfp: StandIn, target: Target, tmp_path: Path) -> None:
    """Kubernetes' part goes along, and so do experiment, namespace, root and service account of the target."""
    kfp.is_multi_user = True
    values = {"namespace": "team", "experiment": "e", "pipeline_root": "s3://b/r", "service_account": "runner"}
    with client(replace(target, **values)) as remote:  # type: ignore[arg-type]
        for _ in range(2):
            remote.submit(submission(tmp_path, labels={"team": "a"}))
        assert "for several users" in remote.check()
    (experiment,) = kfp.experiments.values()
    assert {"display_name": "e", "namespace": "team", "experiment_id": "experiment-1"} == experiment
    sent = kfp.runs[list(kfp.runs)[1]]
    assert {"pipeline_spec", "platform_spec"} == set(sent["pipeline_spec"])
    assert ("experiment-1", "runner", "s3://b/r") == (
        sent["experiment_id"],
        sent["service_account"],
        sent["runtime_config"]["pipeline_root"],
    )


def test_a_server_for_several_users_wants_a_namespace(kfp: StandIn, target: Target, tmp_path: Path) -> None:
    """Where the target names none, that is said before anything is sent."""
    kfp.is_multi_user = True
    with client(target) as remote, pytest.raises(SettingsError, match="names none") as caught:
        remote.submit(submission(tmp_path))
    assert "--namespace" in caught.value.hint and {} == kfp.runs


def test_tokens_are_read_at_each_request(kfp: StandIn, target: Target, tmp_path: Path) -> None:
    """A token that is renewed in its file is used from then on; an expired one is named, and so is a missing one."""
    kfp.token = "new"
    token = tmp_path / "token"
    token.write_text("old\n", encoding="utf-8")
    with client(replace(target, token_file=str(token))) as remote:
        with pytest.raises(RemoteError) as caught:
            remote.check()
        assert "N2P952" == caught.value.code and "expired" in caught.value.message
        token.write_text("new\n", encoding="utf-8")
        assert kfp.url in remote.check()
    with client(target) as remote, pytest.raises(RemoteError) as caught:
        remote.check()
    assert "N2P951" == caught.value.code and "--token-file" in caught.value.hint
    with pytest.raises(RemoteError) as caught:
        connect(replace(target, token_file=str(tmp_path / "none")))
    assert "N2P951" == caught.value.code and str(tmp_path / "none") in caught.value.message


STATUSES = [
    (302, "", "N2P951", "logging in"),
    (403, "User is not authorized", "N2P953", "not authorized"),
    (404, "ResourceNotFoundError: Run x not found", "N2P954", "run x"),
    (404, "Not Found", "N2P960", "404"),
    (409, "Already exists", "N2P955", "Already exists"),
    (429, "Too many requests", "N2P956", "429"),
    (400, "Invalid input error", "N2P961", "Invalid input"),
    (500, "Internal error", "N2P957", "Internal error"),
    (503, "no healthy upstream", "N2P957", "503"),
    (200, "<html>Hello</html>", "N2P960", "no JSON"),
]


@pytest.mark.parametrize(
    ("status", "said", "code", "words"), STATUSES, ids=[f"{each[0]}-{each[2]}" for each in STATUSES]
)
def test_errors_of_the_server(kfp: StandIn, target: Target, status: int, said: str, code: str, words: str) -> None:
    """Each status has a code of its own, says what the server says, and what to do."""
    kfp.fault = lambda operation: (status, said if said.startswith("<") else f'{{"message": "{said}"}}')
    with client(target) as remote, pytest.raises(RemoteError) as caught:
        remote.status("x")
    assert code == caught.value.code and words in caught.value.message and caught.value.hint
    assert 2 == caught.value.exit_code


def test_no_answer_in_time(kfp: StandIn, target: Target) -> None:
    """A server that does not answer is named with the seconds that it had, and asked once only."""
    kfp.hold = threading.Event()
    with client(replace(target, timeout_s=0.2)) as remote, pytest.raises(RemoteError) as caught:
        remote.status("x")
    assert "N2P958" == caught.value.code and "0.2 s" in caught.value.message


def test_nobody_there(config: Path) -> None:
    """A host where nothing listens, and one that nobody knows."""
    for host in ("http://127.0.0.1:9", "http://nowhere.invalid"):
        with client(Target("x", "kfp", host)) as remote, pytest.raises(RemoteError) as caught:
            remote.check()
        assert "N2P959" == caught.value.code and "port-forward" in caught.value.hint


def test_no_host_at_all(config: Path, monkeypatch: pytest.MonkeyPatch, kfp: StandIn) -> None:
    """Without a host the SDK looks for one itself, in KF_PIPELINES_ENDPOINT too; where it finds none, that is said."""
    with pytest.raises(RemoteError) as caught:
        connect(Target("kfp", "kfp"))
    assert "N2P951" == caught.value.code and "KF_PIPELINES_ENDPOINT" in caught.value.hint
    monkeypatch.setenv("KF_PIPELINES_ENDPOINT", kfp.url)
    with client(Target("kfp", "kfp")) as remote:
        assert kfp.url in remote.check()


def test_without_the_sdk(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the SDK is missing, the line that installs it is given."""
    monkeypatch.setitem(sys.modules, "kfp.client", None)
    with pytest.raises(RemoteError) as caught:
        connect(target)
    assert "N2P950" == caught.value.code and "pip install 'nb2pipe[kfp]'" == caught.value.hint


def test_schedules(kfp: StandIn, target: Target, tmp_path: Path) -> None:
    """A recurring run is made, paused, resumed, asked for its runs and deleted."""
    plan = SchedulePlan("daily", submission(tmp_path), CronTrigger("30 6 * * 1-5", "UTC"), at_once=2)
    with client(target) as remote:
        made = remote.add_schedule(plan)
        sent = kfp.schedules[made.id]
        assert {"cron": "0 30 6 * * 1,2,3,4,5"} == sent["trigger"]["cron_schedule"]
        assert ("2", True, Standing.ACTIVE) == (sent["max_concurrency"], sent["no_catchup"], made.standing)
        remote.pause(made.id)
        assert Standing.PAUSED == remote.schedule(made.id).standing
        remote.resume(made.id)
        assert Standing.ACTIVE == remote.schedule(made.id).standing
        remote.submit(submission(tmp_path))
        run_id = kfp.fire(made.id)
        assert [(run_id, made.id)] == [(each.id, each.schedule_id) for each in remote.schedule_runs(made.id, 5)]
        remote.delete_schedule(made.id)
        with pytest.raises(RemoteError) as caught:
            remote.schedule(made.id)
    assert "N2P954" == caught.value.code


def test_intervals(kfp: StandIn, target: Target, tmp_path: Path) -> None:
    """An interval goes in whole seconds, with its beginning and end; more runs at once than the server takes do not."""
    start, end = datetime(2030, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
    every = IntervalTrigger(900.0, start, "UTC")
    plan = SchedulePlan("often", submission(tmp_path), every, ends_at=end, catch_up=True)
    with client(target) as remote:
        sent = kfp.schedules[remote.add_schedule(plan).id]
        wanted = {"interval_second": "900", "start_time": "2030-01-01T00:00:00Z", "end_time": "2031-01-01T00:00:00Z"}
        assert wanted == sent["trigger"]["periodic_schedule"] and not sent["no_catchup"]
        for wrong in (replace(plan, at_once=11), replace(plan, trigger=IntervalTrigger(0.5, start, "UTC"))):
            with pytest.raises(RefusedError) as caught:
                remote.add_schedule(wrong)
            assert "N2P963" == caught.value.diagnostics[0].code
