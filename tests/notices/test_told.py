"""What is told of runs: put into the store with the end of the run, once, for those who want to know."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from nb2pipe.model import (
    ALL_EVENTS,
    Approval,
    CellFailure,
    Delivery,
    NoticeEvent,
    Notify,
    Standing,
    State,
    StepRun,
    Verdict,
)
from nb2pipe.store import Store, open_store
from nb2pipe.store.engine import make_engine
from nb2pipe.store.migrate import prepare
from nb2pipe.store.processes import this_machine
from nb2pipe.store.rows import to_row
from nb2pipe.store.runs import keep_notebook
from nb2pipe.store.schema import SCHEDULES
from tests.notices.values import SEVEN, TEAM, told
from tests.scheduling.stage import Stage
from tests.scheduling.values import MONDAY, a_schedule
from tests.store.conftest import Clock
from tests.store.values import NOON, TEXT, a_run, a_step_run

DAY = timedelta(days=1)
FAILED, SUCCEEDED, CANCELLED = State.FAILED, State.SUCCEEDED, State.CANCELLED


@pytest.fixture
def stage(store: Store, clock: Clock) -> Stage:
    """A scheduler on a stage, on Monday."""
    clock.now = MONDAY
    return Stage(store, clock)


def days(stage: Stage, *states: State, first: int = 0) -> None:
    """Let a schedule that is due at seven have runs that end so, one a day."""
    for number, state in enumerate(states, first):
        stage.at(SEVEN + number * DAY)
        stage.launcher.end(stage.launcher.started[-1], state)
        stage.at(SEVEN + number * DAY + timedelta(seconds=5))


def test_failure_and_recovery(stage: Stage) -> None:
    """Each failure is told, and the first success after one; nothing else is."""
    stage.add(a_schedule(notify=TEAM))
    days(stage, SUCCEEDED, FAILED, FAILED, CANCELLED, SUCCEEDED, SUCCEEDED, FAILED)
    expected = ["failure", "failure", "recovery", "failure"]
    assert [(event, "team") for event in expected] == told(stage.store)
    notices = stage.store.outbox.listed()[::-1]
    assert [1, 2, 0, 1] == [notice.facts.failures for notice in notices]
    assert {("nightly", "ann", State.FAILED.value)} == {
        (each.facts.schedule, each.facts.user, each.facts.state)
        for each in notices
        if each.facts.event is NoticeEvent.FAILURE
    }


@pytest.mark.parametrize(
    ("notify", "expected"),
    [
        (Notify("a", (NoticeEvent.FAILURE,)), ["failure", "failure"]),
        (Notify("a", (NoticeEvent.RECOVERY,)), ["recovery"]),
        (Notify("a", ALL_EVENTS, only_first=True), ["failure", "recovery"]),
        (Notify("a", (NoticeEvent.LATE, NoticeEvent.APPROVAL)), []),
    ],
)
def test_who_wants_to_know(stage: Stage, notify: Notify, expected: list[str]) -> None:
    """Only what was asked for is told; of failures in a row the first only, where that was asked for."""
    stage.add(a_schedule(notify=(notify,)))
    days(stage, FAILED, FAILED, SUCCEEDED)
    assert expected == [event for event, _ in told(stage.store)]


def test_recovery_after_a_pause(stage: Stage, store: Store) -> None:
    """A schedule that was paused for its failures and resumed tells when it succeeds again."""
    schedule = stage.add(a_schedule(notify=TEAM, pause_after=1))
    days(stage, FAILED)
    assert Standing.PAUSED is store.schedules.entry("nightly").standing
    store.schedules.set_standing(schedule.id, Standing.ACTIVE, "", SEVEN + DAY)
    days(stage, SUCCEEDED, first=1)
    assert ["failure", "recovery"] == [event for event, _ in told(store)]


def test_retries_are_no_failures(stage: Stage) -> None:
    """Only when the last attempt has failed is it told; that a retry succeeded is no recovery."""
    stage.add(a_schedule(notify=TEAM, retries=1, backoff_s=10.0))
    for first, day in ((FAILED, 0), (FAILED, 1)):
        stage.at(SEVEN + day * DAY)
        stage.launcher.end(stage.launcher.started[-1], first)
        stage.at(SEVEN + day * DAY + timedelta(seconds=1))
        assert [] == told(stage.store)
        stage.at(SEVEN + day * DAY + timedelta(seconds=20))
        stage.launcher.end(stage.launcher.started[-1], SUCCEEDED if day == 0 else FAILED)
        stage.at(SEVEN + day * DAY + timedelta(seconds=21))
    assert [("failure", "team")] == told(stage.store)


@pytest.mark.parametrize(("late_s", "expected"), [(59.0, []), (61.0, ["late"])])
def test_late(stage: Stage, late_s: float, expected: list[str]) -> None:
    """A due time that begins later than its schedule allows is told, once."""
    stage.add(a_schedule(notify=TEAM))
    stage.at(SEVEN + timedelta(seconds=late_s))
    stage.at(SEVEN + timedelta(seconds=late_s + 1))
    assert 1 == len(stage.launcher.started)
    assert expected == [event for event, _ in told(stage.store)]
    assert [late_s] * len(expected) == [notice.facts.late_s for notice in stage.store.outbox.listed()]


def test_late_behind_others(store: Store, clock: Clock) -> None:
    """A due time that waits for its turn is late as well; its own threshold counts, and jitter is no lateness."""
    clock.now = MONDAY
    stage = Stage(store, clock, at_once=1)
    for name in "ab":
        stage.add(a_schedule(id=f"id-{name}", name=name, notify=TEAM, late_after_s=10.0))
    stage.add(a_schedule(id="id-c", name="c", notify=TEAM, late_after_s=10.0, jitter_s=3600.0))
    stage.at(SEVEN)
    stage.at(SEVEN + timedelta(seconds=11))
    assert [] == told(store)
    stage.launcher.end(stage.launcher.started[-1], SUCCEEDED)
    stage.at(SEVEN + timedelta(seconds=12))
    assert [("late", "team")] == told(store)
    assert {"b"} == {notice.facts.schedule for notice in store.outbox.listed()}


def test_what_failed(stage: Stage, store: Store) -> None:
    """A notice names the step and the cell that failed in the end, not one whose retry succeeded."""
    stage.add(a_schedule(notify=TEAM))
    stage.at(SEVEN)
    run_id = stage.launcher.started[-1]
    failure = CellFailure("exception", "ValueError", "first\nsecond", cell_index=2, cell_id="b2", line=1)
    for step_run in (
        a_step_run(run_id, "load"),
        a_step_run(run_id, "load", attempt=2, state=SUCCEEDED, failure=None),
        a_step_run(run_id, "fit", failure=failure),
        StepRun(run_id, "report", State.SKIPPED),
    ):
        store.record(step_run)
    stage.launcher.end(run_id, FAILED)
    stage.at(SEVEN + timedelta(seconds=5))
    [notice] = store.outbox.listed()
    facts = notice.facts
    assert ("fit", 2, "b2", 1, "ValueError", "first") == (
        facts.step,
        facts.cell_index,
        facts.cell_id,
        facts.line,
        facts.error,
        facts.error_line,
    )


def test_a_run_that_is_gone(stage: Stage, store: Store) -> None:
    """Where the run's record was removed meanwhile, the failure is told all the same."""
    stage.add(a_schedule(notify=TEAM))
    stage.at(SEVEN)
    run_id = stage.launcher.started[-1]
    stage.launcher.end(run_id, FAILED)
    store.retention.delete_runs(ids=[run_id])
    stage.at(SEVEN + timedelta(seconds=5))
    [notice] = store.outbox.listed()
    assert (NoticeEvent.FAILURE, "nightly", "interrupted") == (
        notice.facts.event,
        notice.facts.schedule,
        notice.facts.state,
    )


@pytest.mark.parametrize(("state", "expected"), [(FAILED, 1), (SUCCEEDED, 0), (CANCELLED, 0)])
def test_runs_that_somebody_started(store: Store, state: State, expected: int) -> None:
    """The failure of such a run is told once, with the run's end; nothing else is."""
    run = store.add_run(a_run(state=State.RUNNING, pid=0, ended_at=None, notify=TEAM))
    for _ in range(2):  # as after a connection that broke just behind the commit
        store.update_run(replace(run, state=state, ended_at=NOON))
    assert [("failure", "team")] * expected == told(store)
    assert run.notify == store.run(run.id).notify


def test_runs_whose_process_is_gone(store: Store, clock: Clock) -> None:
    """The failure of a run whose process was killed is told by whoever sees it."""
    clock.now = NOON
    gone = a_run(state=State.RUNNING, machine=this_machine(), pid=2**22, process_started_at=1, notify=TEAM)
    store.add_run(gone)
    assert [gone.id] == [run.id for run in store.mark_interrupted()]
    [notice] = store.outbox.listed()
    assert ("interrupted", True) == (notice.facts.state, "ended without finishing" in notice.facts.message)


def test_approval(store: Store) -> None:
    """That a step waits for a person is told once, with the question, to those who want to know of such."""
    notify = (*TEAM, Notify("ops", (NoticeEvent.FAILURE,)))
    run = store.add_run(a_run(state=State.RUNNING, pid=0, ended_at=None, notify=notify))
    for step in ("deploy", "publish", "deploy"):
        asked = Approval(run.id, step, f"{step}?", NOON)
        store.record(StepRun(run.id, step, State.WAITING, approval=asked))
        store.record(StepRun(run.id, step, State.RUNNING, approval=asked))
    ahead = Approval(run.id, "load", "load?", NOON, verdict=Verdict.APPROVED, is_ahead=True)
    store.record(StepRun(run.id, "load", State.WAITING, approval=ahead))
    assert {("team", "deploy", "deploy?"), ("team", "publish", "publish?")} == {
        (notice.channel, notice.facts.step, notice.facts.message) for notice in store.outbox.listed()
    }
    assert 2 == len(told(store))


def test_pruned_with_their_run(store: Store) -> None:
    """Notices that were sent go with their run; those that wait stay."""
    for number in range(2):
        run = store.add_run(a_run(f"run-{number}", state=State.RUNNING, pid=0, notify=TEAM))
        store.update_run(replace(run, state=FAILED))
    taken = store.outbox.take("team", 60.0)
    assert taken is not None
    store.outbox.sent(taken)
    store.retention.delete_runs(states=[FAILED])
    assert [Delivery.PENDING] == [notice.state for notice in store.outbox.listed()]


def test_schedules_of_the_time_before(store_url: str, tmp_path: Path, clock: Clock) -> None:
    """A schedule that was failing when its store was upgraded tells when it succeeds again."""
    engine = make_engine(store_url)
    prepare(engine, head="0003")
    clock.now = MONDAY
    schedule = a_schedule(notebook_text=TEXT, notebook_digest=a_run().notebook_digest)
    row = {**to_row(schedule, SCHEDULES, leave_out=("notebook_text",)), "standing": "active", "reason": ""}
    row |= {"failures": 2, "at_once": 1, "next_due_at": SEVEN}
    with engine.begin() as connection:
        keep_notebook(connection, schedule.notebook_digest, TEXT)
        connection.execute(insert(SCHEDULES).values(**row))
    engine.dispose()
    with open_store(store_url, tmp_path, clock=clock) as store:
        store.schedules.replace(replace(schedule, notify=TEAM), SEVEN)
        days(Stage(store, clock), SUCCEEDED)
        assert [("recovery", "team")] == told(store)
