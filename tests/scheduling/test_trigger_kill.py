"""``kill -9`` at many points of what sets off schedules: no cause is lost, none sets off two runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from nb2pipe.model import Cause, IntervalTrigger, NoClock, Schedule, State
from nb2pipe.store import Store, open_store
from nb2pipe.store.claims import Occasion
from tests.scheduling.stage import Stage
from tests.scheduling.values import MONDAY, a_schedule
from tests.scheduling.watching import Watching, write
from tests.store.conftest import Clock
from tests.store.dying import die_before, killed

EVERY = timedelta(seconds=10)
ROUNDS = 6
Kind = Callable[[Store, Clock, Path], Callable[[int], None]]


def work_until_death(url: str, home: Path, fatal: int, kind: Kind) -> None:
    """Do one kind of thing again and again, and die before the n-th statement or commit."""
    clock = Clock()
    with open_store(url, home, clock=clock) as store:
        work = kind(store, clock, home)
        die_before(fatal)
        for number in range(1, ROUNDS + 1):
            work(number)


def after(store: Store, clock: Clock, home: Path) -> Callable[[int], None]:
    """Rounds of a scheduler, whose runs begin at once and end before the next."""
    stage = Stage(store, clock)

    def work(number: int) -> None:
        stage.at(MONDAY + number * EVERY)
        for run_id in sorted(stage.launcher.alive):
            stage.launcher.end(run_id, State.SUCCEEDED)

    return work


def change(store: Store, clock: Clock, home: Path) -> Callable[[int], None]:
    """A file that is written, and a look at it."""
    watching = Watching(store)

    def work(number: int) -> None:
        write(home / "in.csv", str(number))
        watching.after(60)

    return work


def call(store: Store, clock: Clock, home: Path) -> Callable[[int], None]:
    """Calls, each with a key of its own."""
    schedule = store.schedules.entry("id-a").schedule
    assert schedule is not None

    def work(number: int) -> None:
        store.triggers.call(schedule, Occasion(Cause.CALL, f"call {number}"), f"key {number}", {})

    return work


@pytest.mark.parametrize("fatal", [22, 30, 36, 39, 42, 45, 48, 52, 58, 110])
def test_killed_between_two_schedules(store_url: str, tmp_path: Path, fatal: int) -> None:
    """What comes after a schedule is set off once by each of its runs that succeeded, and by no other."""
    clock = Clock()
    with open_store(store_url, tmp_path, clock=clock) as store:
        clock.now = MONDAY
        stage = Stage(store, clock)
        trigger = IntervalTrigger(EVERY.total_seconds(), MONDAY, "UTC")
        first = stage.add(a_schedule(trigger, id="id-a", name="a", overlap="queue"))
        second = stage.add(replace(a_schedule(id="id-b", name="b"), trigger=NoClock("UTC"), after=("id-a",)))
        killed(work_until_death, store_url, tmp_path, fatal, after)
        stage.restart()
        for number in range(6 * ROUNDS):
            stage.at(MONDAY + ROUNDS * EVERY + timedelta(seconds=number / 4))
            for run_id in sorted(stage.launcher.alive):
                stage.launcher.end(run_id, State.SUCCEEDED)
        firings = stage.firings(first)
        succeeded = [firing.run_id for firing in firings if firing.state is State.SUCCEEDED]
        assert (ROUNDS, True) == (len(firings), len(succeeded) >= ROUNDS - 1)
        expected = sorted(f"after run {run_id} of 'a'" for run_id in succeeded)
        assert expected == sorted(firing.reason for firing in stage.firings(second))
        assert len(store.runs()) == len(firings) + len(succeeded)


@pytest.mark.parametrize("fatal", [1, 4, 6, 7, 8, 9, 10, 11, 12, 13, 15, 30])
def test_killed_at_a_change(store_url: str, tmp_path: Path, fatal: int) -> None:
    """Each change is taken note of once, whether it came before the death or after it."""
    with open_store(store_url, tmp_path, clock=Clock()) as store:
        watching = Watching(store)
        path = write(tmp_path / "in.csv", "0")
        schedule = watching.add(path, settle_s=0.0)
        killed(work_until_death, store_url, tmp_path, fatal, change)
        begun = int((tmp_path / "in.csv").read_text("utf-8"))
        watching.restart()
        watching.after(60)
        assert [f"changed: {path}"] * begun == [reason.split(" - ")[-1] for reason in watching.reasons(schedule)]
        for number in range(begun + 1, ROUNDS + 1):
            write(tmp_path / "in.csv", str(number))
            watching.after(60)
        assert ROUNDS == len(watching.reasons(schedule))


@pytest.mark.parametrize("fatal", [1, 3, 5, 6, 7, 8, 9, 10, 11, 20])
def test_killed_in_a_call(store_url: str, tmp_path: Path, fatal: int) -> None:
    """A caller that calls again with the same key, since nobody answered, gets one run."""
    clock = Clock()
    with open_store(store_url, tmp_path, clock=clock) as store:
        schedule: Schedule = Stage(store, clock).add(
            replace(a_schedule(id="id-a", name="a"), trigger=NoClock("UTC"), on_call=True)
        )
        killed(work_until_death, store_url, tmp_path, fatal, call)
        keys = [f"key {number}" for number in range(1, ROUNDS + 1)] * 2
        called = [store.triggers.call(schedule, Occasion(Cause.CALL, "again"), key, {}).run_id for key in keys]
        assert called[:ROUNDS] == called[ROUNDS:]
        assert sorted(set(called)) == sorted(run.id for run in store.runs())
        assert ROUNDS == len(store.runs()) == len(store.schedules.firings(schedule.id, 50))
