"""Schedules on Vertex AI from the command line: with the others, and their runs among the others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nb2pipe.model import Metric, State, StepRun
from tests.cli.calling import Caller
from tests.kubeflow.remote.vertex_fixtures import ended, google, nb2pipe, printed
from tests.kubeflow.remote.vertex_http import error
from tests.kubeflow.remote.vertex_service import LOCATION, NUMBER, Google

__all__ = ["google", "nb2pipe"]

MORNING = ("--cron", "0 6 * * mon-fri", "--tz", "Europe/Berlin")


def added(nb2pipe: Caller, *words: str) -> None:
    """A schedule of the notebook, by its own name."""
    done = nb2pipe("schedule", "add", "churn.ipynb", "--on", "cloud", *MORNING, *words)
    assert (0, "") == (done.code, done.err)


def of(nb2pipe: Caller) -> dict[str, Any]:
    """The schedule as it is shown."""
    found: dict[str, Any] = json.loads(nb2pipe("schedule", "show", "churn", "--json").out)
    return found


def test_what_is_made(google: Google, nb2pipe: Caller) -> None:
    """The cron text with its zone, and the limits of the policy."""
    added(nb2pipe, "-p", "rows", "7", "--overlap", "allow", "--at-once", "3")
    ((_, made),) = google.schedules.items()
    assert ("TZ=Europe/Berlin 0 6 * * mon-fri", "3", False) == (
        made["cron"],
        made["maxConcurrentActiveRunCount"],
        made["allowQueueing"],
    )
    job = made["createPipelineJobRequest"]["pipelineJob"]
    assert ({"rows": 7}, "a") == (job["runtimeConfig"]["parameterValues"], job["labels"]["team"])


@pytest.mark.parametrize(
    ("words", "catches_up"), [((), False), (("--missed", "skip"), False), (("--missed", "all"), True)]
)
def test_pausing_and_resuming(words: tuple[str, ...], catches_up: bool, google: Google, nb2pipe: Caller) -> None:
    """A pause is made up for if the schedule says so."""
    added(nb2pipe, *words)
    ((_, made),) = google.schedules.items()
    assert (0, "PAUSED") == (nb2pipe("schedule", "pause", "churn").code, made["state"])
    assert "paused" in nb2pipe("schedule", "list").out
    assert (0, "ACTIVE") == (nb2pipe("schedule", "resume", "churn").code, made["state"])
    assert catches_up is made["catchUp"]


def test_removing(google: Google, nb2pipe: Caller) -> None:
    """It is gone there and here; where it is gone there already, that is no error."""
    added(nb2pipe)
    assert 0 == nb2pipe("schedule", "remove", "churn").code
    assert {} == google.schedules
    added(nb2pipe)
    google.schedules.clear()
    assert 0 == nb2pipe("schedule", "remove", "churn").code
    assert [] == json.loads(nb2pipe("schedule", "list", "--json").out)["schedules"]


def test_its_runs_are_among_the_others(google: Google, nb2pipe: Caller) -> None:
    """A run that the service made by itself is found, with its steps, logs and metrics."""
    added(nb2pipe, "-p", "rows", "7")
    ((schedule, made),) = google.schedules.items()
    name = f"projects/{NUMBER}/locations/{LOCATION}/pipelineJobs/churn-20261128060000"
    own = {"name": name, "createTime": google.tick(), "scheduleName": schedule}
    google.jobs[name] = {**made["createPipelineJobRequest"]["pipelineJob"], **own}
    printed(google, "1", StepRun("run", "load_data", State.SUCCEEDED))
    printed(google, "2", StepRun("run", "train", State.SUCCEEDED, metrics=(Metric("score", 0.5),)))
    google.move(name, "SUCCEEDED", load_data=ended("1"), train=ended("2"))
    (run,) = json.loads(nb2pipe("runs", "--json").out)
    shown = json.loads(nb2pipe("runs", "show", run["id"], "--json").out)
    assert ("succeeded", {"rows": 7, "who": "x"}) == (shown["run"]["state"], shown["run"]["parameters"])
    assert [{"name": "score", "value": 0.5}] == shown["steps"][1]["metrics"]
    assert "from train" in nb2pipe("logs", run["id"], "train").out
    assert run["id"] in nb2pipe("schedule", "show", "churn").out
    assert 1 == len(json.loads(nb2pipe("runs", "--json").out))


def test_one_that_was_deleted_there(google: Google, nb2pipe: Caller) -> None:
    """It has ended, and says why."""
    added(nb2pipe)
    google.schedules.clear()
    nb2pipe("schedule", "list")
    shown = of(nb2pipe)
    assert "ended" == shown["standing"]
    assert "was deleted there" in shown["reason"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--every", "1h"), "every_s"),
        (("--at", "2099-12-01T07:00"), "at"),
        ((*MORNING, "--missed", "once"), "missed=once"),
        ((*MORNING, "--stale-after", "1h"), "stale_after_s"),
        ((*MORNING, "--jitter", "1m"), "jitter_s"),
        ((*MORNING, "--retries", "1"), "retries"),
        ((*MORNING, "--timeout", "1h"), "timeout_s"),
        ((*MORNING, "--pause-after", "3"), "pause_after"),
        ((*MORNING, "--runs-per-day", "3"), "runs_per_day"),
        ((*MORNING, "--minutes-per-day", "3"), "minutes_per_day"),
        ((*MORNING, "--follow"), "source=follow"),
        ((*MORNING, "--on-change", "data.csv"), "on_change"),
        ((*MORNING, "--on-call"), "on_call"),
        (("--cron", "0 6 L * *"), "neither L nor W nor #"),
        (("--cron", "0 6 * * 7"), "days of the week are 0 to 6"),
    ],
)
def test_what_it_cannot_be(words: tuple[str, ...], said: str, google: Google, nb2pipe: Caller) -> None:
    """Refused by name with exit code 2; nothing is sent, and nothing kept."""
    done = nb2pipe("schedule", "add", "churn.ipynb", "--on", "cloud", *words)
    assert (2, True) == (done.code, said in done.err), done.err
    assert "N2P963" in done.err
    assert ([], []) == (google.asked, json.loads(nb2pipe("schedule", "list", "--json").out)["schedules"])


def test_what_the_service_refuses_is_not_kept(google: Google, nb2pipe: Caller) -> None:
    """It is said what right is missing."""
    denied = error(403, "PERMISSION_DENIED", "Permission 'aiplatform.schedules.create' denied on resource 'x'.")
    google.next = [("/schedules", denied)]
    done = nb2pipe("schedule", "add", "churn.ipynb", "--on", "cloud", *MORNING)
    assert (2, True) == (done.code, "roles/aiplatform.user (it has aiplatform.schedules.create)" in done.err)
    assert [] == json.loads(nb2pipe("schedule", "list", "--json").out)["schedules"]
