"""The scheduler and its runs as real processes, killed and restarted, on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from nb2pipe.app.history import show_run
from nb2pipe.app.schedules.keeping import add_schedule, show_schedule, trigger_schedule
from nb2pipe.app.schedules.words import ScheduleWords
from nb2pipe.model import Run, ScheduleEntry, Source, State
from nb2pipe.scheduling.triggers import When
from nb2pipe.settings import Settings
from tests.app.samples import settings_in, write_notebook
from tests.cli.calling import call
from tests.cli.test_processes import Running
from tests.notebook.building import code

SOON = When(at="2999-01-01T00:00", zone="UTC")


@pytest.fixture
def settings(nb2pipe_home: Path, store_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings that processes share with the test."""
    monkeypatch.setenv("NB2PIPE_STORE_URL", store_url)
    return settings_in(nb2pipe_home, store_url=store_url)


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[list[Running]]:
    """Schedulers of a test, ended at its end."""
    running: list[Running] = []
    yield running
    for each in running:
        each.process.kill()
        each.end()


def start(running: list[Running], folder: Path) -> Running:
    """Another scheduler, once it sees to schedules."""
    running.append(Running(["scheduler", "--at-once", "2"], folder))
    running[-1].until(b"sees to schedules")
    return running[-1]


def a_schedule(
    folder: Path, settings: Settings, name: str, *cells: str, source: Source = Source.FOLLOW
) -> ScheduleEntry:
    """A schedule that fires when it is triggered."""
    path = write_notebook(folder / f"{name}.ipynb", *(code(each) for each in cells))
    return add_schedule(ScheduleWords(path, when=SOON, source=source), settings)


def begun(folder: Path, settings: Settings, name: str) -> Run:
    """The run of a schedule that says in a pipe that it has begun, and never ends."""
    pipe = folder / "begun"
    os.mkfifo(pipe)
    a_schedule(
        folder, settings, name, f"open({str(pipe)!r}, 'w').write('x')", "import time\nwhile True: time.sleep(0.05)"
    )
    run_id, _ = trigger_schedule(name, settings)
    with pipe.open() as reads:
        assert "x" == reads.read()
    return show_run(settings, run_id).run


def test_killed_and_restarted(tmp_path: Path, settings: Settings, scheduler: list[Running]) -> None:
    """A run outlives the scheduler, the next one knows of it, and it can be cancelled then; nothing runs twice."""
    first = start(scheduler, tmp_path)
    run = begun(tmp_path, settings, "endless")
    first.process.kill()
    first.process.wait()
    assert State.RUNNING is show_run(settings, run.id).run.state
    second = start(scheduler, tmp_path)
    done = call("cancel", run.id)
    assert (0, True) == (done.returncode, b"cancelled" in done.stdout), done
    second.until(b"cancelled")
    details = show_schedule("endless", settings)
    assert [(run.id, State.CANCELLED, 1)] == [(each.run_id, each.state, each.attempt) for each in details.firings]
    assert second.process.pid == (details.scheduler.pid if details.scheduler else 0)


def test_a_run_that_is_killed(tmp_path: Path, settings: Settings, scheduler: list[Running]) -> None:
    """The scheduler sees at once that the process of a run is gone; another scheduler only waits."""
    first = start(scheduler, tmp_path)
    scheduler.append(Running(["scheduler"], tmp_path))
    scheduler[-1].until(b"waits to take over")
    run = begun(tmp_path, settings, "endless")
    assert run.pid and State.RUNNING is run.state
    os.kill(run.pid, signal.SIGKILL)
    first.until(b"interrupted")
    assert State.INTERRUPTED is show_schedule("endless", settings).firings[0].state
    first.process.send_signal(signal.SIGTERM)
    assert 0 == first.end()
    scheduler.remove(first)
    scheduler[-1].until(b"sees to schedules")


def test_a_notebook_that_is_gone(tmp_path: Path, settings: Settings, scheduler: list[Running]) -> None:
    """What follows a file fails with a code once that is gone; a snapshot runs all the same."""
    for name, source in (("follows", Source.FOLLOW), ("snapshot", Source.SNAPSHOT)):
        a_schedule(tmp_path, settings, name, "print('ran')", source=source)
        (tmp_path / f"{name}.ipynb").unlink()
    running = start(scheduler, tmp_path)
    ids = {name: trigger_schedule(name, settings)[0] for name in ("follows", "snapshot")}
    running.until(f"follows: run {ids['follows']} failed".encode())
    running.until(f"snapshot: run {ids['snapshot']} succeeded".encode())
    assert "N2P805: The notebook of schedule 'follows' cannot run" in show_run(settings, ids["follows"]).run.message
