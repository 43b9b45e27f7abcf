"""Processes that stand ready for a run before it is asked for."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nb2pipe.app.detached import RunOrder, start_run
from nb2pipe.app.spares import Spares
from nb2pipe.model import State
from nb2pipe.settings import Settings
from tests.app.samples import TWO_STEPS, settings_in, write_notebook
from tests.app.test_detached import DEADLINE_S, ended

LONG_S = 600.0


@pytest.fixture
def settings(nb2pipe_home: Path) -> Settings:
    """Settings with a home of the test's own."""
    return settings_in(nb2pipe_home)


@pytest.fixture
def spares() -> Iterator[Spares]:
    """Processes that stand ready for long; none is left at the end."""
    found = Spares(LONG_S)
    yield found
    found.close()
    wait_for_spares()


def wait_for_spares() -> None:
    """Wait until no process stands ready."""
    for thread in threading.enumerate():
        if thread.name == "nb2pipe spare":
            thread.join(DEADLINE_S)
            assert not thread.is_alive()


def test_a_run_takes_it(tmp_path: Path, settings: Settings, spares: Spares) -> None:
    """There is one however often it is asked for; a run has it, the next run one of its own; each has its log."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    assert [True, False] == [spares.ready(settings), spares.ready(settings)]
    taken = spares.take(settings, settings.home / "log")
    assert taken is not None and taken.stdin is not None
    taken.stdin.close()
    assert spares.ready(settings)
    runs = [start_run(RunOrder(path, flags={"jobs": 1, "cache": False}), settings, spares) for _ in range(2)]
    assert [State.SUCCEEDED] * 2 == [ended(settings, run.id) for run in runs]
    assert 2 == len({run.pid for run in runs} - {taken.pid})
    assert all((settings.home / "runs" / run.id / "process.log").is_file() for run in runs)


@pytest.mark.parametrize("how", ["told", "unused", "without an owner", "killed", "for another store"])
def test_how_it_ends(tmp_path: Path, settings: Settings, how: str) -> None:
    """It runs what it is told, ends when nobody wants it, and what cannot take a run is given none."""
    spares = Spares(0.0 if how == "unused" else LONG_S)
    spares.ready(settings)
    spare = spares._spare
    assert spare is not None
    process = spare[0]
    if how == "without an owner":
        spares.close()
    if how == "killed":
        os.kill(process.pid, signal.SIGKILL)
    if how in ("killed", "unused", "without an owner"):
        process.wait(DEADLINE_S)
    own = replace(settings, store_url=f"sqlite:///{tmp_path}/other.db") if how == "for another store" else settings
    run = start_run(RunOrder(write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)), own, spares)
    assert (how == "told") == (process.pid == run.pid)
    assert State.SUCCEEDED is ended(own, run.id)
    spares.close()
    wait_for_spares()
    assert (-signal.SIGKILL if how == "killed" else 0) == process.returncode
