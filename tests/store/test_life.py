"""Signs of life: cancelling, and runs whose process is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from nb2pipe.model import CellRun, Run, State, StepRun
from nb2pipe.store import Store, is_alive, this_process
from tests.store.conftest import Clock
from tests.store.values import NOON, a_run, a_step_run


def a_running_run(run_id: str = "going", **changes: Any) -> Run:
    """A run that this process is said to run."""
    process = this_process()
    of_this = {
        "host": process.host,
        "machine": process.machine,
        "pid": process.pid,
        "process_started_at": process.started_at,
    }
    return a_run(run_id, state=State.RUNNING, ended_at=None, **{**of_this, **changes})


@pytest.fixture(scope="module")
def dead_pid() -> int:
    """Number of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_cancelling(store: Store) -> None:
    """A request to cancel is seen by whoever runs the run, and refused for a run that has ended."""
    store.add_run(a_running_run("going"))
    store.add_run(a_run("ended"))
    assert store.cancel_requested("going") is False
    assert store.request_cancel("going") is True
    assert store.request_cancel("going") is True
    assert store.cancel_requested("going") is True
    assert store.request_cancel("ended") is False
    assert store.cancel_requested("ended") is False
    assert store.request_cancel("unknown") is False


def test_an_update_keeps_a_request_to_cancel(store: Store) -> None:
    """What a run writes about itself does not wipe out what others asked of it."""
    run = store.add_run(a_running_run())
    store.request_cancel(run.id)
    store.update_run(replace(run, message="on its way"))
    assert store.cancel_requested(run.id) is True


def test_a_living_run_is_left_alone(store: Store, clock: Clock) -> None:
    """On this machine the process itself counts, not how long nothing was heard."""
    store.add_run(a_running_run())
    clock.advance(3600)
    assert [] == store.mark_interrupted()
    assert State.RUNNING == store.run("going").state


def test_a_dead_process(store: Store, dead_pid: int) -> None:
    """A run whose process ended is interrupted, said once and shown from then on."""
    run = store.add_run(a_running_run(pid=dead_pid, process_started_at=0))
    marked = store.mark_interrupted()
    assert [run.id] == [found.id for found in marked]
    assert State.INTERRUPTED == marked[0].state
    assert f"Its process {dead_pid} on {run.host} ended without finishing it." == marked[0].message
    assert marked == [store.run(run.id)]
    assert [] == store.mark_interrupted()


def test_a_reused_process_number(store: Store) -> None:
    """A process of the same number that started at another time is another."""
    run = store.add_run(a_running_run(process_started_at=this_process().started_at - 1))
    assert [run.id] == [found.id for found in store.mark_interrupted()]


def test_another_machine(store: Store, clock: Clock) -> None:
    """Of a run elsewhere only heartbeats tell: after 60 s of silence it counts as interrupted, at the last one."""
    store.add_run(a_running_run(host="far", machine="other boot", pid=this_process().pid))
    clock.advance(59)
    store.heartbeat("going")
    heard = clock.now
    clock.advance(60)
    assert [] == store.mark_interrupted()
    clock.advance(1)
    (run,) = store.mark_interrupted()
    assert (State.INTERRUPTED, heard) == (run.state, run.ended_at)
    assert "Nothing was heard from its process" in run.message


def test_a_queued_run_without_a_process_waits(store: Store, clock: Clock) -> None:
    """A run that nobody runs yet cannot be interrupted."""
    store.add_run(a_run(state=State.QUEUED, pid=0, machine=""))
    clock.advance(3600)
    assert [] == store.mark_interrupted()


def test_a_run_thought_dead_may_go_on(store: Store, clock: Clock) -> None:
    """A machine that slept is marked, and what it writes after waking counts."""
    run = store.add_run(a_running_run(host="far", machine="other boot"))
    clock.advance(100)
    assert 1 == len(store.mark_interrupted())
    done = replace(run, state=State.SUCCEEDED, ended_at=NOON)
    store.update_run(done)
    assert done == store.run(run.id)


def test_steps_and_cells_of_an_interrupted_run(store: Store, clock: Clock, dead_pid: int) -> None:
    """What ran is interrupted, what waited is skipped, what had ended stays as it was."""
    run = store.add_run(a_running_run(pid=dead_pid))
    ended = a_step_run(run.id, "load")
    cells = (
        CellRun(0, "a", State.SUCCEEDED, NOON, NOON),
        CellRun(1, "b", State.RUNNING, NOON),
        CellRun(2, "c", State.QUEUED),
    )
    store.record(ended)
    store.record(StepRun(run.id, "fit", State.RUNNING, started_at=NOON, cells=cells))
    store.record(StepRun(run.id, "retry", State.FAILED))
    store.record(StepRun(run.id, "retry", State.QUEUED, attempt=2))
    store.record(StepRun(run.id, "plot", State.QUEUED))
    (marked,) = store.mark_interrupted()
    load, fit, retry, plot = store.step_runs(run.id)
    assert ended == load
    assert (State.INTERRUPTED, clock.now, marked.message) == (fit.state, fit.ended_at, fit.reason)
    assert (cells[0], replace(cells[1], state=State.INTERRUPTED, ended_at=clock.now), cells[2]) == fit.cells
    assert State.INTERRUPTED == retry.state
    assert (State.SKIPPED, None, "The run was interrupted before its turn.") == (plot.state, plot.ended_at, plot.reason)


def test_is_alive(dead_pid: int) -> None:
    """This process is alive under its own start time only; an ended one and a corpse are not."""
    me = this_process()
    assert is_alive(me.pid, me.started_at)
    assert is_alive(me.pid, 0)
    assert not is_alive(me.pid, me.started_at + 1)
    assert not is_alive(dead_pid, 0)
    corpse = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, corpse.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and its number is still taken
    assert not is_alive(corpse.pid, 0)
    corpse.wait()
