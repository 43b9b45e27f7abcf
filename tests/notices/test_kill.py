"""``kill -9`` between the end of a run and the sending of what is told of it: nothing is lost, nothing sent by two."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from nb2pipe.app.schedules.keeping import add_schedule, trigger_schedule
from nb2pipe.app.schedules.words import ScheduleWords
from nb2pipe.model import Delivery, Phase, Schedule, State
from nb2pipe.scheduling.triggers import When
from nb2pipe.store import Store, open_store
from tests.app.samples import FAILING, settings_in, write_notebook
from tests.cli.test_processes import Running
from tests.notices.receivers import Answer, Web
from tests.notices.values import SEVEN, TEAM, Settings, put, told
from tests.scheduling.stage import Stage
from tests.scheduling.values import MONDAY, a_schedule
from tests.store.conftest import Clock
from tests.store.dying import die_before, killed


def settle(url: str, home: Path, fatal: int) -> None:
    """Settle a failed due time, and die before the n-th statement or commit of that, or right after."""
    clock = Clock()
    with open_store(url, home, clock=clock) as store:
        stage = Stage(store, clock)
        die_before(fatal)
        stage.at(SEVEN + timedelta(seconds=5))
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("fatal", [16, 18, 20, 21, 22, 23, 24, 26, 28, 31, 33, 34, 35, 36, 37, 38, 999])
def test_killed_while_settling(store_url: str, tmp_path: Path, fatal: int) -> None:
    """Killed at any point of drawing the consequences of a failure, or right after: it is told once, never lost."""
    clock = Clock()
    with open_store(store_url, tmp_path, clock=clock) as store:
        clock.now = MONDAY
        stage = Stage(store, clock)
        schedule = stage.add(a_schedule(notify=TEAM))
        stage.at(SEVEN)
        stage.launcher.end(stage.launcher.started[-1], State.FAILED)
        store.lease.give_up()
        killed(settle, store_url, tmp_path, fatal)
        assert _is_settled(store, schedule) == bool(told(store))
        if fatal in (16, 999):
            assert _is_settled(store, schedule) == (fatal == 999)
        stage.restart()
        stage.at(SEVEN + timedelta(seconds=20))
        assert [(State.FAILED, Phase.DONE)] == [(each.state, each.phase) for each in stage.firings(schedule)]
        assert [("failure", "team")] == told(store)


def _is_settled(store: Store, schedule: Schedule) -> bool:
    [firing] = store.schedules.firings(schedule.id, 10)
    return firing.phase is Phase.DONE


@pytest.fixture
def schedulers() -> Iterator[list[Running]]:
    """Schedulers of a test, ended at its end."""
    running: list[Running] = []
    yield running
    for each in running:
        each.process.kill()
        each.end()


def test_killed_while_sending(
    tmp_path: Path,
    nb2pipe_home: Path,
    store_url: str,
    monkeypatch: pytest.MonkeyPatch,
    web: Web,
    own: Settings,
    schedulers: list[Running],
) -> None:
    """Real processes: the scheduler dies while the channel keeps it waiting; the next one sends the same notice."""
    monkeypatch.setenv("NB2PIPE_STORE_URL", store_url)
    monkeypatch.setenv("HOOK", web.url("/hook"))
    own.write("[notices.team]\nkind = 'webhook'\nurl = 'env:HOOK'\ntimeout_s = 300\n")
    settings = settings_in(nb2pipe_home, store_url=store_url)
    path = write_notebook(tmp_path / "fails.ipynb", *FAILING)
    when = When(at="2999-01-01T00:00", zone="UTC")
    add_schedule(ScheduleWords(path, when=when, notify=("team",)), settings)
    web.answers = [Answer(-1)]
    schedulers.append(Running(["scheduler"], tmp_path))
    schedulers[0].until(b"sees to schedules")
    run_id, _ = trigger_schedule("fails", settings)
    first = web.next()
    schedulers[0].process.send_signal(signal.SIGKILL)
    schedulers[0].process.wait()
    schedulers.append(Running(["scheduler"], tmp_path))
    second = web.next()
    schedulers[1].until(b"sent by 'team'")
    assert (first.data["id"], run_id) == (second.data["id"], second.data["run_id"])
    assert ("second", {"number": 2, "id": second.data["cell"]["id"], "line": 2}) == (
        second.data["step"],
        second.data["cell"],
    )
    with open_store(store_url, nb2pipe_home) as store:
        [notice] = store.outbox.listed()
    assert (Delivery.SENT, 2) == (notice.state, notice.attempts)
    assert [] == web.rest()


def test_two_schedulers(
    tmp_path: Path,
    nb2pipe_home: Path,
    store_url: str,
    monkeypatch: pytest.MonkeyPatch,
    web: Web,
    own: Settings,
    schedulers: list[Running],
) -> None:
    """Of two schedulers on one store one sends each notice, however long the channel takes."""
    monkeypatch.setenv("NB2PIPE_STORE_URL", store_url)
    own.write(f"[notices.team]\nkind = 'webhook'\nurl = '{web.url('/hook')}'\n")
    with open_store(store_url, nb2pipe_home) as store:
        ids = set(put(store, 20))
    for _ in range(2):
        schedulers.append(Running(["scheduler"], tmp_path))
    assert ids == {web.next().data["id"] for _ in range(20)}
    with open_store(store_url, nb2pipe_home) as store:
        while schedulers:
            one = schedulers.pop()
            one.until(b"sees to schedules")  # before that a signal kills it, as it does any program that begins
            one.process.send_signal(signal.SIGTERM)
            assert 0 == one.end()
        assert {(Delivery.SENT, 1)} == {(notice.state, notice.attempts) for notice in store.outbox.listed()}
    assert [] == web.rest()
