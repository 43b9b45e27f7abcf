"""Due times in the store: taken once, started fairly, ended with their consequences."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine, event

from nb2pipe.model import Overlap, Phase, Policy, Schedule, Standing, State
from nb2pipe.store import Store
from nb2pipe.store.claims import Claim, ClaimedDue
from nb2pipe.store.firings import Ending
from tests.store.conftest import Clock
from tests.store.test_schedules import a_claim, a_schedule
from tests.store.values import NOON, TEXT

TOMORROW = NOON + timedelta(days=1)


def add(store: Store, *names: str) -> list[Schedule]:
    """Schedules that are due at noon."""
    schedules = [a_schedule(name) for name in names]
    for schedule in schedules:
        store.schedules.add(schedule, NOON)
    return schedules


def test_a_due_time_is_taken_once(store: Store) -> None:
    """The second to claim a due time gets nothing; run and record of it are there, and the next due time is set."""
    (schedule,) = add(store, "a")
    assert [1, 0] == [store.schedules.claim([a_claim(schedule)]) for _ in range(2)]
    (run,) = store.runs()
    assert (State.QUEUED, schedule.id, NOON, 0) == (run.state, run.schedule_id, run.due_at, run.pid)
    assert (schedule.parameters, schedule.tags, "churn") == (run.parameters, run.tags, run.pipeline)
    (firing,) = store.schedules.firings(schedule.id, 5)
    assert (NOON, Phase.QUEUED, run.id, 1) == (firing.due_at, firing.phase, firing.run_id, firing.attempt)
    assert NOON.replace(day=25) == store.schedules.next_due_at()
    assert NOON == store.schedules.entry("a").last_due_at


def test_many_claim_at_once(store: Store) -> None:
    """Of threads that claim the same due times, each due time goes to one."""
    schedules = add(store, *"abcdef")
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: store.schedules.claim([a_claim(each) for each in schedules]), range(4)))
    assert 6 == sum(counts)
    assert 6 == len(store.runs())


def test_a_paused_schedule_is_not_claimed(store: Store) -> None:
    """Who pauses a schedule just before a scheduler takes its due time has the last word."""
    (schedule,) = add(store, "a")
    store.schedules.set_standing(schedule.id, Standing.PAUSED, "by hand", NOON)
    assert 0 == store.schedules.claim([a_claim(schedule)])


def test_skipped_due_times_are_kept(store: Store) -> None:
    """A due time that does not run has its record and its reason; the last one ends the schedule."""
    (schedule,) = add(store, "a")
    store.schedules.claim([Claim(schedule, NOON, (ClaimedDue(NOON, NOON, "missed"),), None)])
    (firing,) = store.schedules.firings(schedule.id, 5)
    assert (State.SKIPPED, "missed", Phase.DONE, "") == (firing.state, firing.reason, firing.phase, firing.run_id)
    assert ([], Standing.ENDED) == (store.runs(), store.schedules.entry("a").standing)


def test_fair_and_within_limits(store: Store) -> None:
    """Schedules take turns, each within its own limit; jitter keeps a run back."""
    queue, many, late = add(store, "queue", "many", "late")
    many = replace(many, policy=Policy(overlap=Overlap.ALLOW, at_once=2))
    store.schedules.replace(many, NOON)
    times = [NOON + timedelta(seconds=number) for number in range(4)]
    for schedule in (many, queue):
        store.schedules.claim([Claim(schedule, NOON, [ClaimedDue(at, at) for at in times], TOMORROW)])
    store.schedules.claim([Claim(late, NOON, [ClaimedDue(NOON, TOMORROW)], TOMORROW)])
    now = NOON + timedelta(minutes=1)
    ready = store.schedules.ready(now, 10)
    assert ["id-many", "id-queue", "id-many"] == [firing.schedule_id for firing in ready]
    assert ready[:1] == store.schedules.ready(now, 1)
    keys = [firing.key for firing in ready]
    assert keys == store.schedules.start(ready)
    assert [] == store.schedules.start(ready)
    assert (3, []) == (store.schedules.going(), store.schedules.ready(now, 10))
    assert sorted(keys) == [firing.key for firing in store.schedules.unbegun()]


def test_one_process_takes_up_a_run(store: Store) -> None:
    """Of several processes that take up a waiting run one succeeds; a cancelled one is taken up by none."""
    first, second = add(store, "a", "b")
    store.schedules.claim([a_claim(first), a_claim(second)])
    going, cancelled = sorted(store.runs(), key=lambda run: run.schedule_id)
    begun = replace(going, state=State.RUNNING, notebook_text=TEXT, message="on its way")
    kept = store.begin_run(begun)
    assert kept is not None and kept.pid
    assert store.begin_run(begun) is None
    assert kept == store.run(going.id)
    assert store.request_cancel(cancelled.id)
    assert store.begin_run(replace(cancelled, state=State.RUNNING, notebook_text=TEXT)) is None
    assert State.CANCELLED is store.run(cancelled.id).state
    assert not store.end_queued(going.id, State.FAILED, "no")


def test_consequences(store: Store, clock: Clock) -> None:
    """A failed attempt waits for the next; the last failure counts, and pauses the schedule if that was asked for."""
    (schedule,) = add(store, "a")
    store.schedules.claim([a_claim(schedule)])
    (run,) = store.runs()
    assert [] == store.schedules.ended(10)
    store.end_queued(run.id, State.FAILED, "no")
    [(firing, failures)] = store.schedules.ended(10)
    assert (State.FAILED, 0) == (firing.state, failures)
    retry = Ending(firing, retry_at=TOMORROW)
    assert [True, False] == [store.schedules.settle(retry, schedule) for _ in range(2)]
    (again,) = store.schedules.firings(schedule.id, 5)
    assert (2, Phase.QUEUED, TOMORROW, State.QUEUED) == (again.attempt, again.phase, again.ready_at, again.state)
    assert 2 == len(store.runs()) and again.run_id != run.id
    store.end_queued(again.run_id, State.FAILED, "no")
    [(last, _)] = store.schedules.ended(10)
    assert store.schedules.settle(Ending(last, is_failure=True, pause_reason="2 failures in a row"), schedule)
    entry = store.schedules.entry("a")
    assert (1, Standing.PAUSED, "2 failures in a row", None) == (
        entry.failures,
        entry.standing,
        entry.reason,
        entry.next_due_at,
    )
    assert ([], {schedule.id: State.FAILED}) == (store.schedules.ended(10), store.schedules.latest_states())


def test_idle_schedules_cost_next_to_nothing(store: Store) -> None:
    """Asking what is due among 2,000 schedules is one statement that reads an index, whatever their number."""
    for number in range(2000):
        store.schedules.add(a_schedule(f"s{number}", notebook_text=TEXT), TOMORROW)
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = store.schedules._database.engine
    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert TOMORROW == store.schedules.next_due_at()
        assert [] == store.schedules.due(NOON, 100)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    asked = [statement for statement in statements if statement.startswith("SELECT")]
    assert 2 == len(asked)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            for statement, values in ((asked[0], ()), (asked[1], ("2026-11-24 12:00:00.000000", 100, 0))):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
                assert ["ix_schedules_next_due_at" in str(row) for row in plan] == [True] * len(plan), plan
