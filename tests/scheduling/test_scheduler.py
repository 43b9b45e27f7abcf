"""The scheduler, round by round, with a clock that tests set, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, text

from nb2pipe.model import IntervalTrigger, Phase, Standing, State
from nb2pipe.store import Store
from nb2pipe.store.engine import make_engine
from tests.scheduling.stage import Stage
from tests.scheduling.values import MONDAY, a_schedule, utc
from tests.store.conftest import Clock

SEVEN = utc("2026-11-24T07:00")
SECOND = timedelta(seconds=1)


@pytest.fixture
def stage(store: Store, clock: Clock) -> Stage:
    """A stage on Monday morning."""
    clock.now = MONDAY
    return Stage(store, clock)


def test_a_day(stage: Stage) -> None:
    """Nothing before it is due, one run when it is, nothing more until the next; a round says how long to wait."""
    schedule = stage.add(a_schedule())
    assert 1.0 == stage.at(SEVEN - 10 * SECOND)
    assert 0.25 == stage.at(SEVEN - SECOND / 4)
    assert [] == stage.launcher.started
    stage.at(SEVEN)
    stage.at(SEVEN + SECOND)
    (firing,) = stage.firings(schedule)
    assert ([firing.run_id], SEVEN, Phase.STARTED) == (stage.launcher.started, firing.due_at, firing.phase)
    stage.launcher.end(firing.run_id, State.SUCCEEDED)
    stage.at(SEVEN + 2 * SECOND)
    assert [(Phase.DONE, State.SUCCEEDED)] == [(each.phase, each.state) for each in stage.firings(schedule)]
    stage.at(SEVEN + timedelta(days=1))
    assert 2 == len(stage.launcher.started)


def test_a_clock_set_back(stage: Stage) -> None:
    """An hour set back fires nothing twice, and what comes then is on time."""
    schedule = stage.add(a_schedule("*/20 * * * *", overlap="queue"))
    for minutes in (0, 20, 40, 60):
        stage.at(SEVEN + timedelta(minutes=minutes))
    before = [firing.due_at for firing in stage.firings(schedule)][-4:]
    for minutes in (1, 20, 40, 60, 80):
        stage.at(SEVEN + timedelta(minutes=minutes))
    due = [firing.due_at for firing in stage.firings(schedule)]
    assert before == due[-5:-1]
    assert len(set(due)) == len(due)
    assert SEVEN + timedelta(minutes=80) == due[-1]


def test_limits(stage: Stage) -> None:
    """No more runs at once than the machine may have; the rest waits, and follows as places become free."""
    schedules = [stage.add(a_schedule(id=f"id-{n}", name=f"s{n}")) for n in range(7)]
    stage.at(SEVEN)
    assert 4 == len(stage.launcher.started)
    stage.launcher.end(stage.launcher.started[0], State.SUCCEEDED)
    stage.at(SEVEN + SECOND)
    assert 5 == len(stage.launcher.started) == len(set(stage.launcher.started))
    assert 7 == sum(len(stage.firings(schedule)) for schedule in schedules)


def test_a_thousand_due_at_once(stage: Stage) -> None:
    """A thousand that are due in one second are all taken in one round, each once, and as many start as may."""
    for number in range(1000):
        stage.add(a_schedule(id=f"id-{number}", name=f"s{number}"))
    stage.at(SEVEN)
    runs = stage.store.runs()
    assert 1000 == len(runs) == len({run.schedule_id for run in runs})
    assert 4 == len(stage.launcher.started)
    assert SEVEN + timedelta(days=1) == stage.store.schedules.next_due_at()


def test_an_idle_round(stage: Stage) -> None:
    """A round in which nothing is due costs the same few statements for one schedule and for a thousand."""
    counts = []
    for number in range(1000):
        stage.add(a_schedule(id=f"id-{number}", name=f"s{number}"))
        if number in (0, 999):
            stage.at(MONDAY + SECOND)
            counts.append(_statements(stage))
    assert counts[0] == counts[1] <= 6


def _statements(stage: Stage) -> int:
    """How many statements a round takes that neither renews the lease nor looks after processes."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        stage.at(stage.clock.now + SECOND / 10)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len([statement for statement in seen if not statement.startswith("BEGIN")])


def test_retries(stage: Stage) -> None:
    """A failed run is tried again after its pause, each time a new run; then it counts as a failure, and pauses."""
    schedule = stage.add(a_schedule(retries=2, backoff_s=60.0, pause_after=1))
    stage.at(SEVEN)
    now = SEVEN
    for pause_s in (60, 120):
        stage.launcher.end(stage.launcher.started[-1], State.FAILED)
        stage.at(now + SECOND)
        count = len(stage.launcher.started)
        stage.at(now + pause_s * SECOND)
        assert count == len(stage.launcher.started)
        now += (pause_s + 1) * SECOND
        stage.at(now)
        assert count + 1 == len(stage.launcher.started)
    stage.launcher.end(stage.launcher.started[-1], State.INTERRUPTED)
    stage.at(now + SECOND)
    (firing,) = stage.firings(schedule)
    entry = stage.store.schedules.entry(schedule.id)
    assert (3, Phase.DONE, State.INTERRUPTED) == (firing.attempt, firing.phase, firing.state)
    assert (Standing.PAUSED, "paused after 1 failures in a row") == (entry.standing, entry.reason)
    assert 3 == len(set(stage.launcher.started))


def test_success_ends_a_row_of_failures(stage: Stage) -> None:
    """Failures count in a row: one success, and counting begins anew; a cancelled run counts as neither."""
    schedule = stage.add(a_schedule(pause_after=3))
    for day, state in enumerate((State.FAILED, State.CANCELLED, State.FAILED, State.SUCCEEDED, State.FAILED)):
        stage.at(SEVEN + timedelta(days=day))
        stage.launcher.end(stage.launcher.started[-1], state)
        stage.at(SEVEN + timedelta(days=day, seconds=2))
    assert 1 == stage.store.schedules.entry(schedule.id).failures


def test_a_process_that_dies_before_its_run_begins(stage: Stage) -> None:
    """The run has failed, with the last that its process said, and the due time is not lost in silence."""
    schedule = stage.add(a_schedule())
    stage.at(SEVEN)
    stage.launcher.die(stage.launcher.started[0], "ModuleNotFoundError: numpy")
    stage.at(SEVEN + SECOND)
    (firing,) = stage.firings(schedule)
    assert (State.FAILED, Phase.DONE) == (firing.state, firing.phase)
    assert "ModuleNotFoundError: numpy" in stage.store.run(firing.run_id).message


@pytest.mark.parametrize("moment", ["claimed", "started", "running", "ended"])
def test_a_scheduler_that_dies(stage: Stage, moment: str) -> None:
    """Whenever a scheduler is gone, the next one goes on from there: the due time has one run."""
    schedule = stage.add(a_schedule())
    if moment == "claimed":
        stage.at_once = 0
        stage.restart()
    stage.at(SEVEN)
    launcher = stage.launcher
    if moment == "running":
        run = stage.store.run(launcher.started[0])
        assert stage.store.begin_run(run.__class__(**{**vars(run), "state": State.RUNNING}))
    if moment == "ended":
        launcher.end(launcher.started[0], State.SUCCEEDED)
    stage.at_once = 4
    stage.restart()
    for seconds in (3, 6, 9):
        stage.at(SEVEN + seconds * SECOND)
    (firing,) = stage.firings(schedule)
    assert 1 == len(stage.store.runs())
    assert ([firing.run_id] if moment in ("claimed", "started") else []) == stage.launcher.started
    assert (Phase.DONE if moment == "ended" else Phase.STARTED) is firing.phase


def test_a_faulty_schedule(stage: Stage, store_url: str) -> None:
    """A schedule that cannot be read, or whose zone is gone, is put aside with a code; the others run."""
    bad, gone, good = (stage.add(a_schedule(id=f"id-{name}", name=name)) for name in ("bad", "gone", "good"))
    engine = make_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE schedules SET more = '{oops' WHERE name = 'bad'"))
        change = (
            'UPDATE schedules SET more = replace(more, \'"zone": "UTC"\', \'"zone": "Moon/Sea"\') WHERE name = \'gone\''
        )
        connection.execute(text(change.replace(":", r"\:")))
    engine.dispose()
    stage.at(SEVEN)
    assert [1, 0, 0] == [len(stage.firings(schedule)) for schedule in (good, bad, gone)]
    standings = {entry.name: (entry.standing, entry.reason[:30]) for entry in stage.store.schedules.entries()}
    assert Standing.FAULTY is standings["bad"][0]
    assert (Standing.FAULTY, "Schedule 'gone' cannot be read") == standings["gone"]
    assert any("N2P806" in line and "Moon/Sea" in line for line in stage.told)


def test_two_schedulers(stage: Stage, clock: Clock) -> None:
    """Of two, in one process or many, what one has taken the other does not; each due time has one run."""
    schedule = stage.add(a_schedule(IntervalTrigger(10.0, MONDAY, "UTC"), overlap="queue"))
    other = Stage(stage.store, clock)
    for number in range(1, 8):
        for each in (stage, other) if number % 2 else (other, stage):
            each.at(MONDAY + number * 10 * SECOND)
    due = [firing.due_at for firing in stage.firings(schedule)]
    assert [MONDAY + number * 10 * SECOND for number in range(1, 8)] == due
    assert 7 == len(stage.store.runs())


def test_cancelled_while_it_waits(stage: Stage) -> None:
    """A run that is cancelled before it began never begins, and its due time is settled."""
    stage.at_once = 0
    stage.restart()
    schedule = stage.add(a_schedule(retries=3))
    stage.at(SEVEN)
    (firing,) = stage.firings(schedule)
    assert stage.store.request_cancel(firing.run_id)
    stage.at_once = 4
    stage.restart()
    stage.at(SEVEN + 3 * SECOND)
    assert ([], [Phase.DONE]) == (stage.launcher.started, [each.phase for each in stage.firings(schedule)])
