"""Recording a run while it goes on."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from nb2pipe.app.cancel import Cancel
from nb2pipe.app.recorder import Recorder
from nb2pipe.model import State, StepRun
from nb2pipe.store import open_store
from tests.report.samples import DIAMOND, T0, pipeline_of, run_of, step_runs_of


def test_the_last_value_of_each_step_is_kept(tmp_path: Path) -> None:
    """However fast values come, the store ends with the last one of each step."""
    pipeline = pipeline_of(DIAMOND)
    run = run_of(pipeline, State.RUNNING, ended_at=None)
    with open_store(None, tmp_path) as store:
        recorder = Recorder(store, run, Cancel())
        for final in step_runs_of(pipeline):
            for number in range(50):
                recorder.record(replace(final, state=State.RUNNING, ended_at=None, cells_total=number))
            recorder.record(final)
        recorder.finish(replace(run, state=State.SUCCEEDED, ended_at=T0))
        assert [State.SUCCEEDED] * 4 == [step.state for step in store.step_runs(run.id)]
        assert State.SUCCEEDED is store.run(run.id).state
        assert "" == recorder.problem


def test_attempts_are_told_apart(tmp_path: Path) -> None:
    """A failed attempt is kept beside the one that succeeded."""
    run = run_of(pipeline_of(DIAMOND), State.RUNNING, ended_at=None)
    with open_store(None, tmp_path) as store:
        recorder = Recorder(store, run, Cancel())
        recorder.record(StepRun(run.id, "load", State.FAILED, attempt=1))
        recorder.record(StepRun(run.id, "load", State.SUCCEEDED, attempt=2))
        recorder.finish(run)
        found = [(step.attempt, step.state) for step in store.step_runs(run.id, all_attempts=True)]
        assert [(1, State.FAILED), (2, State.SUCCEEDED)] == found


def test_a_request_to_cancel_is_heard(tmp_path: Path) -> None:
    """What another process asks for through the store reaches the run."""
    run = run_of(pipeline_of(DIAMOND), State.RUNNING, ended_at=None)
    heard = threading.Event()

    class Heard(Cancel):
        def request(self, reason: str) -> None:
            super().request(reason)
            heard.set()

    cancel = Heard()
    with open_store(None, tmp_path) as store, open_store(None, tmp_path) as other:
        recorder = Recorder(store, run, cancel)
        assert other.request_cancel(run.id, "bob")
        assert heard.wait(30)
        recorder.finish(run)
    assert "cancelled by bob" == cancel.reason


def test_a_store_that_fails_does_not_stop_the_run(tmp_path: Path) -> None:
    """When the run is gone from the store, recording goes on without it and says so."""
    run = run_of(pipeline_of(DIAMOND), State.SUCCEEDED)
    with open_store(None, tmp_path) as store:
        recorder = Recorder(store, run, Cancel())
        store.retention.delete_runs(ids=[run.id])
        recorder.record(StepRun(run.id, "load", State.SUCCEEDED))
        recorder.finish(run)
        assert "did not record all of this run" in recorder.problem
