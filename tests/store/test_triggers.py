"""What sets off schedules besides the clock, in the store: once each, within limits, never in a circle."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from nb2pipe.errors import SettingsError
from nb2pipe.model import Cause, Firing, NoClock, OnChange, Phase, Policy, Schedule, Standing, State
from nb2pipe.store import Store
from nb2pipe.store.calls import token_digest
from nb2pipe.store.claims import Occasion
from nb2pipe.store.engine import make_engine
from nb2pipe.store.firings import Ending
from nb2pipe.store.triggers import First
from nb2pipe.store.watches import Look
from tests.store.conftest import Clock
from tests.store.test_schedules import a_claim, a_schedule
from tests.store.values import NOON, TEXT

CALLED = Occasion(Cause.CALL, "called")
CHANGED = Occasion(Cause.CHANGE, "changed: /data/a.csv")
BY_HAND = Occasion(Cause.HAND, "by hand")
PLAIN = Policy()


def add(store: Store, name: str, **changes: object) -> Schedule:
    """A schedule without a clock, which a call sets off."""
    changes = {"trigger": NoClock("UTC"), "policy": PLAIN, "on_call": True, **changes}
    schedule = a_schedule(name, **changes)  # type: ignore[arg-type]
    store.schedules.add(schedule, None)
    return schedule


def firings(store: Store, schedule: Schedule) -> list[Firing]:
    """Its due times, oldest first."""
    return store.schedules.firings(schedule.id, 50)[::-1]


def end(store: Store, firing: Firing, clock: Clock, seconds: float, state: State = State.SUCCEEDED) -> Ending:
    """Let the run of a due time begin and end."""
    began = store.begin_run(replace(store.run(firing.run_id), state=State.RUNNING, started_at=clock.now))
    assert began is not None
    clock.advance(seconds)
    store.update_run(replace(began, state=state, ended_at=clock.now))
    return Ending(replace(firing, state=state))


def test_what_is_kept(store: Store) -> None:
    """What sets off a schedule comes out as it was put in, and tokens do not come out at all."""
    store.schedules.add(a_schedule("load"), NOON)
    change = OnChange(("/data/*.csv", "s3://me:secret@bucket/x"), 1.5, 60.0)
    schedule = a_schedule("train", on_change=change, after=("id-load",), on_call=True)
    store.schedules.add(schedule, NOON, First({"/data/*.csv": {}}, token_digest("secret")))
    entry = store.schedules.entry("train")
    assert schedule == entry.schedule
    (whole,) = store.triggers.filled([entry], with_use=True)
    assert (("load",), 0, "") == (whole.after, whole.used.runs if whole.used else None, whole.token)
    assert [("/data/*.csv", True, True), ("s3://me:***@bucket/x", False, False)] == [
        (each.place, each.is_seen, each.is_empty) for each in whole.watches
    ]
    assert ("id-train", token_digest("secret")) == store.triggers.callable("train")
    store.schedules.replace(replace(schedule, on_change=None, after=(), on_call=False), NOON)
    assert None is store.triggers.callable("train")
    assert ([], []) == (store.triggers.places("id-train"), store.triggers.watched())


def test_set_off_besides_the_clock(store: Store, clock: Clock) -> None:
    """Each time is a due time of its own, even within one moment, and says what caused it; so does its run."""
    clock.now = NOON.replace(microsecond=0)
    schedule = add(store, "a")
    kept = [
        store.triggers.set_off(schedule, each) for each in (CALLED, replace(CALLED, parameters={"rows": 7}), BY_HAND)
    ]
    found = firings(store, schedule)
    assert [each.run_id for each in kept if each] == [each.run_id for each in found]
    assert [Cause.CALL, Cause.CALL, Cause.HAND] == [each.cause for each in found]
    assert 3 == len({each.due_at for each in found} - {clock.now})
    runs = [store.run(each.run_id) for each in found]
    assert ["called", "called", "by hand"] == [run.cause for run in runs]
    assert [schedule.parameters, {"rows": 7}, schedule.parameters] == [run.parameters for run in runs]


def test_paused(store: Store) -> None:
    """A paused schedule is set off by hand alone."""
    schedule = add(store, "a")
    store.schedules.set_standing(schedule.id, Standing.PAUSED, "by hand")
    assert [None, None] == [store.triggers.set_off(schedule, each) for each in (CALLED, CHANGED)]
    assert store.triggers.set_off(schedule, BY_HAND)


def test_outside_of_its_time(store: Store, clock: Clock) -> None:
    """Before its start and after its end a schedule is not set off, which is recorded."""
    for name, policy in (
        ("early", Policy(starts_at=clock.now + timedelta(days=1))),
        ("late", Policy(ends_at=clock.now - timedelta(days=1))),
    ):
        schedule = add(store, name, policy=policy)
        store.triggers.set_off(schedule, CALLED)
        (firing,) = firings(store, schedule)
        assert (State.SKIPPED, "", True) == (firing.state, firing.run_id, firing.reason.endswith("- called"))


def test_changes_while_a_run_waits(store: Store, clock: Clock) -> None:
    """A change while the run of an earlier one still waits is seen by that one; once it has begun, another follows."""
    schedule = add(store, "a")
    store.triggers.set_off(schedule, CHANGED)
    store.triggers.set_off(schedule, CHANGED)
    first, second = firings(store, schedule)
    assert (State.QUEUED, State.SKIPPED) == (first.state, second.state)
    assert "a run that waits will see it - changed: /data/a.csv" == second.reason
    assert [first.key] == store.schedules.start([first])
    store.triggers.set_off(schedule, CHANGED)
    assert State.QUEUED is firings(store, schedule)[-1].state


def test_a_retry_keeps_what_was_called_for(store: Store, clock: Clock) -> None:
    """Another attempt has the parameters and the cause of the first."""
    schedule = add(store, "a")
    store.triggers.set_off(schedule, replace(CALLED, parameters={"rows": 7}))
    ending = end(store, firings(store, schedule)[0], clock, 1, State.FAILED)
    assert store.schedules.settle(replace(ending, retry_at=clock.now), schedule)
    run = store.run(firings(store, schedule)[0].run_id)
    assert ({"rows": 7}, "called", State.QUEUED) == (run.parameters, run.cause, run.state)


def test_runs_per_day(store: Store, clock: Clock) -> None:
    """Runs of a day count in the schedule's zone, clock and calls and retries alike; what is beyond is recorded."""
    clock.now = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # 23:00 in Tokyo
    schedule = add(store, "a", trigger=NoClock("Asia/Tokyo"), policy=Policy(runs_per_day=2))
    kept = [store.triggers.set_off(schedule, CALLED) for _ in range(3)]
    assert [True, True, False] == [bool(each and each.run_id) for each in kept]
    assert "the limit of 2 runs a day is reached - called" == firings(store, schedule)[-1].reason
    forced = store.triggers.set_off(schedule, replace(BY_HAND, is_forced=True))
    assert forced and forced.run_id
    ending = end(store, firings(store, schedule)[0], clock, 1, State.FAILED)
    assert store.schedules.settle(replace(ending, retry_at=clock.now), schedule)
    done = firings(store, schedule)[0]
    assert (Phase.DONE, State.FAILED) == (done.phase, done.state)
    assert "called - not tried again: the limit of 2 runs a day is reached" == done.reason
    assert 1 == store.schedules.entry("a").failures
    clock.now = datetime(2026, 11, 24, 15, 0, 1, tzinfo=UTC)  # the next day there
    again = store.triggers.set_off(schedule, CALLED)
    assert again and again.run_id


def test_a_due_time_beyond_the_limit(store: Store) -> None:
    """The clock keeps to the limit too, and its due time is recorded as skipped."""
    schedule = a_schedule(policy=Policy(runs_per_day=1))
    store.schedules.add(schedule, NOON)
    store.triggers.set_off(schedule, BY_HAND)
    store.schedules.claim([a_claim(schedule)])
    by_clock = next(each for each in firings(store, schedule) if each.cause is Cause.CLOCK)
    assert (State.SKIPPED, "the limit of 1 run a day is reached") == (by_clock.state, by_clock.reason)


def test_minutes_per_day(store: Store, clock: Clock) -> None:
    """Minutes of ended runs count, those of attempts before, and those of runs that go on."""
    schedule = add(store, "a", policy=Policy(minutes_per_day=5.0))
    store.triggers.set_off(schedule, CALLED)
    ending = end(store, firings(store, schedule)[0], clock, 120, State.FAILED)
    store.schedules.settle(replace(ending, retry_at=clock.now), schedule)
    ending = end(store, firings(store, schedule)[0], clock, 60)
    store.schedules.settle(ending, schedule)
    (entry,) = store.triggers.filled([store.schedules.entry("a")], with_use=True)
    assert entry.used and (2, 180.0) == (entry.used.runs, entry.used.compute_s)
    going = store.triggers.set_off(schedule, CALLED)
    assert going and store.begin_run(replace(store.run(going.run_id), state=State.RUNNING, started_at=clock.now))
    clock.advance(121)
    beyond = store.triggers.set_off(schedule, CALLED)
    assert beyond and "the limit of 5 minutes a day is reached: 5.0 are used" == beyond.skipped


def test_many_at_once_keep_to_the_limit(store: Store) -> None:
    """Of threads that set off a schedule together, no more succeed than its limit allows."""
    schedule = add(store, "a", policy=Policy(runs_per_day=3))
    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(lambda _: store.triggers.set_off(schedule, CALLED), range(8)))
    assert (3, 8) == (len([each for each in kept if each and each.run_id]), len(firings(store, schedule)))


def test_after_a_run_that_succeeded(store: Store, clock: Clock) -> None:
    """What comes after is set off by success alone, once, and names the run; several come after one."""
    load = add(store, "load")
    after = [add(store, name, after=(load.id,)) for name in ("train", "report")]
    paused = add(store, "paused", after=(load.id,))
    store.schedules.set_standing(paused.id, Standing.PAUSED, "by hand")
    for state in (State.FAILED, State.CANCELLED, State.SUCCEEDED):
        store.triggers.set_off(load, CALLED)
        ending = end(store, firings(store, load)[-1], clock, 1, state)
        assert [True, False] == [store.schedules.settle(ending, load) for _ in range(2)]
    for schedule in after:
        (firing,) = firings(store, schedule)
        expected = (Cause.AFTER, f"after run {ending.firing.run_id} of 'load'", State.QUEUED)
        assert expected == (firing.cause, firing.reason, firing.state)
    assert [] == firings(store, paused)


def test_circles(store: Store) -> None:
    """A circle is refused with the names of all that are in it, and nothing is changed."""
    a = add(store, "a")
    b = add(store, "b", after=(a.id,))
    c = add(store, "c", after=(b.id,))
    with pytest.raises(SettingsError, match=r"in a circle: 'a' after 'c' after 'b' after 'a'"):
        store.schedules.replace(replace(a, after=(c.id,)), None)
    with pytest.raises(SettingsError, match=r"in a circle: 'a' after 'a'"):
        store.schedules.replace(replace(a, after=(a.id,)), None)
    assert a == store.schedules.entry("a").schedule
    store.schedules.replace(replace(c, after=(a.id, b.id)), None)


def test_removing_what_others_come_after(store: Store) -> None:
    """It is refused, with what to do; forced, the others are let go of, and pause if nothing is left for them."""
    load = add(store, "load")
    add(store, "called", after=(load.id,))
    add(store, "alone", after=(load.id,), on_call=False)
    with pytest.raises(SettingsError, match=r"it sets off 'alone', 'called'(.|\n)*--after none.*--force"):
        store.schedules.remove(load.id)
    store.schedules.remove(load.id, is_forced=True)
    found = {entry.name: entry for entry in store.schedules.entries()}
    assert ["alone", "called"] == sorted(found)
    assert Standing.ACTIVE is found["called"].standing
    assert (Standing.PAUSED, "schedule 'load', which set it off, was removed") == (
        found["alone"].standing,
        found["alone"].reason,
    )
    assert [(), ()] == [entry.schedule.after for entry in found.values() if entry.schedule]
    assert TEXT == store.schedules.entry("called").schedule.notebook_text  # type: ignore[union-attr]


def test_a_change_is_noted_once(store: Store) -> None:
    """Of two who saw the same change one sets the schedule off; nothing is noted of a schedule that is paused."""
    schedule = add(store, "a", on_change=OnChange(("/data",)))
    (place,) = store.triggers.places(schedule.id)
    looks = [Look(place, {"/data/a": ["1:2", "ab"]}, has_changed=True)]
    with ThreadPoolExecutor(4) as pool:
        noted = list(pool.map(lambda _: store.triggers.note(schedule.id, looks, CHANGED), range(4)))
    assert (1, 1) == (sum(noted), len(firings(store, schedule)))
    (after,) = store.triggers.places(schedule.id)
    assert ({"/data/a": ["1:2", "ab"]}, place.version + 1) == (after.seen, after.version)
    store.schedules.set_standing(schedule.id, Standing.PAUSED, "by hand")
    assert [] == store.triggers.watched()
    assert not store.triggers.note(schedule.id, [Look(after, {}, has_changed=True)], CHANGED)
    assert [after] == store.triggers.places(schedule.id)
    store.schedules.set_standing(schedule.id, Standing.ACTIVE)
    assert [None] == [each.seen for each in store.triggers.places(schedule.id)]


def test_a_key_stands_for_one_call(store: Store, clock: Clock) -> None:
    """The same key gives the same run, from many threads too; another request under it is told apart; it grows old."""
    schedule = add(store, "a")
    with ThreadPoolExecutor(4) as pool:
        called = list(pool.map(lambda _: store.triggers.call(schedule, CALLED, "k", {"rows": 1}), range(6)))
    assert (1, 1) == (len({each.run_id for each in called}), len(firings(store, schedule)))
    assert 5 == sum(each.is_repeated for each in called)
    other = store.triggers.call(schedule, CALLED, "k", {"rows": 2})
    assert (True, "") == (other.is_other, other.run_id)
    assert called[0].run_id != store.triggers.call(schedule, CALLED, "", {"rows": 1}).run_id
    clock.advance(31 * 86400)
    assert not store.triggers.call(schedule, CALLED, "k", {"rows": 2}).is_repeated


def test_due_times_of_the_time_before(store: Store, store_url: str, clock: Clock) -> None:
    """Due times that were taken when there was only the clock are read, ended and counted as none of today."""
    schedule = add(store, "a", policy=Policy(runs_per_day=1))
    store.triggers.set_off(schedule, BY_HAND)
    engine = make_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE firings SET cause = NULL, parameters = NULL, taken_at = NULL, used_s = NULL"))
    engine.dispose()
    (firing,) = firings(store, schedule)
    assert (Cause.CLOCK, None) == (firing.cause, firing.parameters)
    assert store.schedules.settle(end(store, firing, clock, 1), schedule)
    kept = store.triggers.set_off(schedule, CALLED)
    assert kept and kept.run_id


def test_a_clock_that_has_run_down(store: Store) -> None:
    """A schedule whose last due time has passed goes on if something else sets it off, and ends if nothing does."""
    for name, on_call in (("on", True), ("off", False)):
        schedule = a_schedule(name, on_call=on_call)
        store.schedules.add(schedule, NOON)
        store.schedules.claim([a_claim(schedule, next_due_at=None)])
    assert (Standing.ACTIVE, Standing.ENDED) == (
        store.schedules.entry("on").standing,
        store.schedules.entry("off").standing,
    )
