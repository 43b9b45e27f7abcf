"""``kill -9`` at many points of a scheduler: no due time is lost, none has two runs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from nb2pipe.model import IntervalTrigger, State
from nb2pipe.store import open_store
from tests.scheduling.stage import Stage
from tests.scheduling.values import MONDAY, a_schedule
from tests.store.conftest import Clock
from tests.store.dying import die_before, killed

EVERY = timedelta(seconds=10)
ROUNDS = 6


def rounds(url: str, home: Path, fatal: int) -> None:
    """Rounds of a scheduler whose runs begin at once and end before the next, until it dies."""
    clock = Clock()
    with open_store(url, home, clock=clock) as store:
        stage = Stage(store, clock)
        die_before(fatal)
        for number in range(1, ROUNDS + 1):
            stage.at(MONDAY + number * EVERY)
            for run_id in sorted(stage.launcher.alive):
                stage.launcher.end(run_id, State.SUCCEEDED)


@pytest.mark.parametrize("fatal", [3, 8, 14, 17, 20, 23, 26, 29, 33, 38, 44, 51, 60, 75, 95, 120])
def test_killed_at_a_statement(store_url: str, tmp_path: Path, fatal: int) -> None:
    """Killed before the n-th statement or commit, wherever that is; the next scheduler makes it whole."""
    clock = Clock()
    with open_store(store_url, tmp_path, clock=clock) as store:
        clock.now = MONDAY
        stage = Stage(store, clock)
        trigger = IntervalTrigger(EVERY.total_seconds(), MONDAY, "UTC")
        schedules = [stage.add(a_schedule(trigger, id=f"id-{n}", name=n, overlap="queue")) for n in "ab"]
        killed(rounds, store_url, tmp_path, fatal)
        _go_on(stage)
        expected = [MONDAY + number * EVERY for number in range(1, ROUNDS + 1)]
        for schedule in schedules:
            firings = stage.firings(schedule)
            assert expected == [firing.due_at for firing in firings]
            assert {firing.state for firing in firings} <= {State.SUCCEEDED, State.INTERRUPTED}
            assert 1 >= [firing.state for firing in firings].count(State.INTERRUPTED)
        due = [(run.schedule_id, run.due_at) for run in store.runs()]
        assert len(due) == len(set(due)) == 2 * ROUNDS


def _go_on(stage: Stage) -> None:
    """Rounds of another scheduler at the last moment, until nothing is left to do."""
    stage.restart()
    for number in range(4 * ROUNDS):
        stage.at(MONDAY + ROUNDS * EVERY + timedelta(seconds=number / 4))
        for run_id in sorted(stage.launcher.alive):
            stage.launcher.end(run_id, State.SUCCEEDED)
