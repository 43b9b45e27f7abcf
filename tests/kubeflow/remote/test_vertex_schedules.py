"""Schedules on Vertex AI: made, looked at, paused, resumed, forgotten; and what such a schedule cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.errors import RemoteError, SettingsError
from nb2pipe.kubeflow.remote.protocol import Remote
from nb2pipe.kubeflow.remote.values import SchedulePlan
from nb2pipe.model import CronTrigger, IntervalTrigger, Standing, State
from tests.kubeflow.remote.vertex_beside import PROJECT
from tests.kubeflow.remote.vertex_fixtures import google, remote, submission
from tests.kubeflow.remote.vertex_http import error
from tests.kubeflow.remote.vertex_service import LOCATION, NUMBER, Google

__all__ = ["google", "remote"]

SCHEDULES = f"/v1/projects/{PROJECT}/locations/{LOCATION}/schedules"
MORNING = CronTrigger("0 6 * * mon-fri", "Europe/Berlin")


def plan(folder: Path, **changes: Any) -> SchedulePlan:
    """A schedule of a notebook."""
    return replace(SchedulePlan("each morning", submission(folder), MORNING), **changes)


def test_what_is_sent(google: Google, remote: Remote, tmp_path: Path) -> None:
    """The time zone stands before the five fields; both limits of runs side by side are given."""
    found = remote.add_schedule(
        plan(
            tmp_path / "n",
            at_once=2,
            queue=True,
            starts_at=datetime(2026, 12, 1, tzinfo=UTC),
            ends_at=datetime(2027, 1, 1, 12, 30, tzinfo=UTC),
        )
    )
    (asked,) = google.asked
    request = asked.body.pop("createPipelineJobRequest")
    assert ("POST", SCHEDULES) == (asked.method, asked.path)
    assert {
        "displayName": "each morning",
        "cron": "TZ=Europe/Berlin 0 6 * * mon-fri",
        "maxConcurrentRunCount": "2",
        "maxConcurrentActiveRunCount": "2",
        "allowQueueing": True,
        "startTime": "2026-12-01T00:00:00Z",
        "endTime": "2027-01-01T12:30:00Z",
    } == asked.body
    assert f"projects/{PROJECT}/locations/{LOCATION}" == request["parent"]
    assert {"rows": 5} == request["pipelineJob"]["runtimeConfig"]["parameterValues"]
    assert (Standing.ACTIVE, datetime(2026, 11, 30, 5, tzinfo=UTC)) == (found.standing, found.next_due_at)
    assert found.url.endswith(f"/pipelines/schedules/1000?project={NUMBER}")


def test_pausing_and_resuming(google: Google, remote: Remote, tmp_path: Path) -> None:
    """It fires no more, and again; what was missed in between is made up for if that is said."""
    made = remote.add_schedule(plan(tmp_path / "n"))
    remote.pause(made.id)
    assert Standing.PAUSED is remote.schedule(made.id).standing
    remote.resume(made.id)
    assert Standing.ACTIVE is remote.schedule(made.id).standing
    assert {"catchUp": False} == google.asked[-2].body
    remote.pause(made.id)
    remote.resume(made.id, catch_up=True)
    assert google.schedules[made.id]["catchUp"]
    google.schedules[made.id]["state"] = "COMPLETED"
    assert Standing.ENDED is remote.schedule(made.id).standing


def test_forgetting(google: Google, remote: Remote, tmp_path: Path) -> None:
    """One that is not there is no error; asked for anything else, it is gone."""
    made = remote.add_schedule(plan(tmp_path / "n"))
    remote.delete_schedule(made.id)
    remote.delete_schedule(made.id)
    for ask in (remote.schedule, remote.pause, remote.resume):
        with pytest.raises(RemoteError, match="knows no schedule"):
            ask(made.id)


def test_its_runs(google: Google, remote: Remote, tmp_path: Path) -> None:
    """The latest first, those of others not among them, without their tasks."""
    made = remote.add_schedule(plan(tmp_path / "n"))
    runs = [remote.submit(submission(tmp_path / "n", request_id=f"run-{number}")) for number in range(4)]
    for run in runs[1:]:
        google.jobs[run.id]["scheduleName"] = made.id
    google.move(runs[3].id, "FAILED", train={"state": "FAILED"})
    found = remote.schedule_runs(made.id, 2)
    assert [runs[3].id, runs[2].id] == [each.id for each in found]
    assert (State.FAILED, (), made.id) == (found[0].state, found[0].tasks, found[0].schedule_id)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"trigger": IntervalTrigger(900.0, datetime(2026, 1, 1, tzinfo=UTC), "UTC")}, "an interval"),
        ({"trigger": CronTrigger("0 6 L * *", "UTC")}, "neither L nor W nor #"),
        ({"trigger": CronTrigger("0 6 LW * *", "UTC")}, "neither L nor W nor #"),
        ({"trigger": CronTrigger("0 6 * * 1#2", "UTC")}, "neither L nor W nor #"),
        ({"trigger": CronTrigger("0 6 * * 5L", "UTC")}, "neither L nor W nor #"),
        ({"trigger": CronTrigger("0 6 * * 5-7", "UTC")}, "its days of the week are 0 to 6"),
        ({"trigger": CronTrigger("0 6 * * 7", "UTC")}, "its days of the week are 0 to 6"),
        ({"trigger": CronTrigger("0 6 */2 * mon", "UTC")}, "not what is both"),
    ],
)
def test_what_it_cannot_be(changes: dict[str, Any], said: str, google: Google, remote: Remote, tmp_path: Path) -> None:
    """Each is refused by name before anything is sent."""
    with pytest.raises(SettingsError) as caught:
        remote.add_schedule(plan(tmp_path / "n", **changes))
    assert "N2P963" == caught.value.diagnostics[0].code
    assert said in caught.value.message
    assert [] == google.asked


@pytest.mark.parametrize("text", ["0 6 * jul wed", "*/7 0-6 1,7 7 sun", "17 7 7 7 0"])
def test_cron_texts_that_it_reads(text: str, google: Google, remote: Remote, tmp_path: Path) -> None:
    """A seven elsewhere, and letters of names, are no days and signs that it lacks."""
    remote.add_schedule(plan(tmp_path / "n", trigger=CronTrigger(text, "UTC")))
    assert f"TZ=UTC {text}" == google.asked[0].body["cron"]


def test_what_a_run_may_not_be_a_schedule_may_not_be(google: Google, remote: Remote, tmp_path: Path) -> None:
    """Its runs are held to the same."""
    wrong = submission(tmp_path / "n", labels={"Team": "a"})
    with pytest.raises(Exception, match="cannot be sent to Vertex AI"):
        remote.add_schedule(plan(tmp_path / "n", submission=wrong))
    with pytest.raises(SettingsError, match="1 to 128 characters"):
        remote.add_schedule(plan(tmp_path / "n", name="n" * 129))
    assert [] == google.asked


def test_answers_that_are_no_good(google: Google, remote: Remote, tmp_path: Path) -> None:
    """They have the codes that those for runs have."""
    denied = error(403, "PERMISSION_DENIED", "Permission 'aiplatform.schedules.create' denied on resource 'x'.")
    google.next = [("/schedules", denied)]
    with pytest.raises(RemoteError) as caught:
        remote.add_schedule(plan(tmp_path / "n"))
    assert "roles/aiplatform.user (it has aiplatform.schedules.create)" in caught.value.hint
    for answer, code in ((error(409, "ABORTED", "conflict"), "N2P955"), (error(500, "INTERNAL", "no"), "N2P957")):
        google.next = [("/schedules", answer)]
        with pytest.raises(RemoteError) as caught:
            remote.add_schedule(plan(tmp_path / "n"))
        assert code == caught.value.code
