"""What goes wrong around a scheduler: stores locked or restarting, records that hold nonsense, no more processes."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from nb2pipe.errors import StoreError
from nb2pipe.model import Phase, State
from nb2pipe.store import Store, open_store
from nb2pipe.store.database import Database
from nb2pipe.store.engine import make_engine
from tests.scheduling.stage import Stage
from tests.scheduling.values import MONDAY, a_schedule, utc
from tests.store.conftest import Clock
from tests.store.server import Server

SEVEN = utc("2026-11-24T07:00")
SECOND = timedelta(seconds=1)


def test_a_store_that_is_locked(tmp_path: Path, clock: Clock) -> None:
    """While another program holds the SQLite file a round says so; the due time is taken once it lets go."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    open_store(url, tmp_path).close()
    clock.now = MONDAY
    with Store(Database(make_engine(url, busy_timeout_s=0.05), clock), tmp_path) as store:
        stage = Stage(store, clock)
        schedule = stage.add(a_schedule())
        stage.at(MONDAY)
        with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="is locked by another program"):
                stage.at(SEVEN)
        stage.at(SEVEN + 20 * SECOND)
        assert [(SEVEN, Phase.STARTED)] == [(each.due_at, each.phase) for each in stage.firings(schedule)]


def test_a_server_that_restarts(postgresql: Server, tmp_path: Path, clock: Clock) -> None:
    """PostgreSQL goes down just when something is due, and comes back: the due time has its one run."""
    clock.now = MONDAY
    with open_store(postgresql.new_store(), tmp_path, clock=clock) as store:
        stage = Stage(store, clock)
        schedule = stage.add(a_schedule())
        stage.at(MONDAY)
        postgresql.stop()
        starting = threading.Thread(target=postgresql.start)
        starting.start()
        stage.at(SEVEN)
        starting.join()
        stage.at(SEVEN + SECOND)
        assert [(SEVEN, Phase.STARTED)] == [(each.due_at, each.phase) for each in stage.firings(schedule)]
        assert 1 == len(stage.launcher.started)


@pytest.mark.parametrize(
    ("store_url", "column"),
    [("sqlite", "state"), ("sqlite", "due_at"), ("sqlite", "attempt"), ("postgresql", "state")],
    indirect=["store_url"],
)
def test_a_due_time_that_cannot_be_read(store: Store, store_url: str, clock: Clock, column: str) -> None:
    """A record of a due time that holds nonsense hides no other: the rest starts, ends and is shown.

    PostgreSQL itself keeps nonsense out of its columns of times and numbers.
    """
    clock.now = MONDAY
    stage = Stage(store, clock, at_once=0)
    schedules = [stage.add(a_schedule(id=f"id-{name}", name=name)) for name in ("bad", "good")]
    stage.at(SEVEN)
    engine = make_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE firings SET {column} = '0nonsense' WHERE schedule_id = 'id-bad'"))
        connection.execute(text("DELETE FROM runs WHERE more LIKE '%id-bad%'"))
    engine.dispose()
    stage.at_once = 4
    stage.restart()
    stage.at(SEVEN + 3 * SECOND)
    (firing,) = stage.firings(schedules[1])
    assert firing.run_id in stage.launcher.started
    stage.launcher.end(firing.run_id, State.SUCCEEDED)
    stage.at(SEVEN + 6 * SECOND)
    assert State.SUCCEEDED is stage.store.schedules.latest_states()["id-good"]
    assert [Phase.DONE] == [each.phase for each in stage.firings(schedules[1])]


def test_no_more_processes(store: Store, clock: Clock) -> None:
    """Where the system has no room for a process, the run waits and is started when there is."""
    clock.now = MONDAY
    stage = Stage(store, clock)
    schedule = stage.add(a_schedule())
    start = stage.launcher.start

    def refuse(run_id: str) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    stage.launcher.start = refuse  # type: ignore[method-assign]
    stage.at(SEVEN)
    assert any("could not be started yet" in line for line in stage.told)
    stage.launcher.start = start  # type: ignore[method-assign]
    stage.at(SEVEN + 3 * SECOND)
    assert [each.run_id for each in stage.firings(schedule)] == stage.launcher.started


def test_an_endless_queue(store: Store, clock: Clock) -> None:
    """A schedule that is due faster than its runs end stops queueing after a thousand, and says so."""
    clock.now = MONDAY
    stage = Stage(store, clock)
    schedule = stage.add(a_schedule("* * * * *", overlap="queue", missed="all"))
    stage.at(MONDAY + timedelta(minutes=990))
    for minutes in range(991, 1003):
        stage.at(MONDAY + timedelta(minutes=minutes))
    waiting = [firing for firing in stage.firings(schedule) if firing.phase is not Phase.DONE]
    assert 1000 == len(waiting)
    assert "1000 earlier due times still run or wait" == stage.firings(schedule)[-1].reason
