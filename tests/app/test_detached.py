"""Runs and the scheduler as processes that outlive whoever asked for them."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.app import detached, spawning
from nb2pipe.app.detached import RunOrder, start_run, start_scheduler
from nb2pipe.app.history import cancel_run, list_runs, show_run
from nb2pipe.errors import ExecutionError, RefusedError
from nb2pipe.model import State
from nb2pipe.settings import Settings
from nb2pipe.store import open_store
from tests.app.samples import TWO_STEPS, settings_in, write_notebook
from tests.notebook.building import code

DEADLINE_S = 120.0


@pytest.fixture
def settings(nb2pipe_home: Path) -> Settings:
    """Settings with a home of the test's own."""
    return settings_in(nb2pipe_home)


def ended(settings: Settings, run_id: str) -> State:
    """How a run ended, once its process has been waited for."""
    for thread in threading.enumerate():
        if thread.name == f"nb2pipe run {run_id}":
            thread.join(DEADLINE_S)
    return show_run(settings, run_id).run.state


def test_a_run_of_its_own(tmp_path: Path, settings: Settings) -> None:
    """The run waits in the store at once, with its process and who asked; it runs what was planned, to its end."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    run = start_run(RunOrder(path, parameters={"rows": 5}, flags={"jobs": 1}, tags=("t",), user="ann"), settings)
    Path(path).write_text("gone", encoding="utf-8")
    assert (State.QUEUED, "ann", ("t",)) == (run.state, run.user, run.tags)
    assert (run.pid, True) == (os.getsid(run.pid), run.pid != os.getpid())
    assert State.SUCCEEDED is ended(settings, run.id)
    assert {"total": 10} == list_runs(settings)[1][run.id]


def test_refused(tmp_path: Path, settings: Settings) -> None:
    """What cannot run starts no process and leaves no run."""
    path = write_notebook(tmp_path / "n.ipynb", code("print(nosuch)"))
    with pytest.raises(RefusedError):
        start_run(RunOrder(path), settings)
    assert [] == list_runs(settings)[0]


@pytest.mark.parametrize("how", ["killed", "cancelled", "never told"])
def test_it_ends_before_it_begins(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """A waiting run whose process dies, or is told nothing, is no waiting run for ever; one cancelled never begins."""
    kept: list[Any] = []
    monkeypatch.setattr(detached, "tell", lambda process, order: kept.append(process))
    run = start_run(RunOrder(write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)), settings)
    assert State.QUEUED is show_run(settings, run.id).run.state
    [process] = kept
    if how == "cancelled":
        assert State.CANCELLED is cancel_run(settings, run.id)[0].state
    if how != "never told":
        os.kill(run.pid, signal.SIGKILL)
    process.stdin.close()
    process.wait()
    found = show_run(settings, run.id).run
    assert found.state is State.CANCELLED if how == "cancelled" else found.state in (State.FAILED, State.INTERRUPTED)
    assert found.message


def test_two_take_one_waiting_run(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A waiting run that has a process is taken up by no other one."""
    monkeypatch.setattr(detached, "tell", lambda process, order: process.stdin.close())
    run = start_run(RunOrder(write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)), settings)
    with open_store(settings.store_url, settings.home) as store:
        other = replace(run, state=State.RUNNING, pid=0)
        assert store.begin_run(other) is None


def test_a_scheduler(settings: Settings) -> None:
    """A scheduler is started once, and found the next time; it stops when it is told to."""
    first, was_started = start_scheduler(settings)
    try:
        assert (True, (first, False)) == (was_started, start_scheduler(settings))
    finally:
        os.kill(first.pid, signal.SIGTERM)


def test_a_scheduler_that_does_not_start(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that ends at once is an error with its last words and the log that has all of them."""
    monkeypatch.setattr(spawning, "MODULE", "nb2pipe.nosuch")
    with pytest.raises(ExecutionError, match="nosuch") as failed:
        start_scheduler(settings)
    assert "scheduler.log" in failed.value.hint
