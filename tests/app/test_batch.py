"""The same notebook over many parameter sets."""

from __future__ import annotations

import json
import os
import signal
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from nb2pipe.app.batches.detached import BatchOrder, start_batch
from nb2pipe.app.batches.looking import list_batches, show_batch
from nb2pipe.app.batches.plan import BatchRequest
from nb2pipe.app.batches.running import BatchItem, batch_notebook
from nb2pipe.app.batches.sets import grid_sets
from nb2pipe.app.cancel import Cancel
from nb2pipe.app.history import cancel_run, list_runs
from nb2pipe.errors import SettingsError
from nb2pipe.model import State
from tests.app.samples import TWO_STEPS, outputs, settings_in, write_notebook
from tests.notebook.building import code

DIVIDE = (code("n = 1", "parameters"), code("print(6 // n)", "step:divide"))


def test_each_set_has_its_run_and_notebook(tmp_path: Path) -> None:
    """Two at a time, each with its own executed notebook, record and metrics, in the order of the sets."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    settings = settings_in(tmp_path / "home")
    ended: list[BatchItem] = []
    wanted = BatchRequest(
        path, tuple(grid_sets(["rows=1,2,3"])), runs_at_a_time=2, output_dir=str(tmp_path / "out"), tags=("grid",)
    )
    items = batch_notebook(wanted, settings, ended=ended.append)
    assert [(1, {"rows": 1}), (2, {"rows": 2}), (3, {"rows": 3})] == [(item.number, item.given) for item in items]
    assert [0, 1, 3] == [item.result.metrics["total"] for item in items if item.result]
    assert ["n-1.ipynb", "n-2.ipynb", "n-3.ipynb"] == sorted(each.name for each in (tmp_path / "out").iterdir())
    second = json.loads((tmp_path / "out" / "n-2.ipynb").read_text("utf-8"))
    assert "made 2\n" in outputs(second)
    assert {1, 2, 3} == {item.number for item in ended}
    runs, metrics = list_runs(settings, tag="grid")
    assert ({1, 2, 3}, {0, 1, 3}) == (
        {run.parameters["rows"] for run in runs},
        {found["total"] for found in metrics.values()},
    )


def test_bad_sets_are_refused_together(tmp_path: Path) -> None:
    """Every wrong set is named before anything runs."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    settings = settings_in(tmp_path / "home")
    with pytest.raises(SettingsError, match=r"(?s)rows=x.*rows=y.*2 of 3") as caught:
        batch_notebook(BatchRequest(path, tuple(grid_sets(["rows=x,1,y"]))), settings)
    assert 2 == caught.value.exit_code
    assert ([], {}) == list_runs(settings)


def test_a_failure_does_not_stop_the_others(tmp_path: Path) -> None:
    """The other sets run on; with fail-fast no further one is started."""
    path = write_notebook(tmp_path / "n.ipynb", *DIVIDE)
    settings = settings_in(tmp_path / "home")
    wanted = BatchRequest(path, tuple(grid_sets(["n=1,0,2"])))
    items = batch_notebook(wanted, settings)
    assert [State.SUCCEEDED, State.FAILED, State.SUCCEEDED] == [item.state for item in items]
    fast = batch_notebook(replace(wanted, fail_fast=True), settings)
    assert [State.SUCCEEDED, State.FAILED, State.SKIPPED] == [item.state for item in fast]


def test_cancelling(tmp_path: Path) -> None:
    """Runs that go on are cancelled, the others not started."""
    cells = (code("n = 1", "parameters"), code("import time\nwhile n > 1:\n    time.sleep(0.05)", "step:wait"))
    path = write_notebook(tmp_path / "n.ipynb", *cells)
    cancel = Cancel()
    items = batch_notebook(
        BatchRequest(path, tuple(grid_sets(["n=1,2,3"]))),
        settings_in(tmp_path / "home"),
        ended=lambda item: cancel.request("enough"),
        cancel=cancel,
    )
    assert [State.SUCCEEDED, State.SKIPPED, State.SKIPPED] == [item.state for item in items]


def test_runs_wait_for_their_turn(tmp_path: Path) -> None:
    """Runs whose turn has not come are queued in the store, and one that is cancelled there never begins."""
    settings = settings_in(tmp_path / "home")
    seen: list[State] = []

    def ended(item: BatchItem) -> None:
        if item.number == 1:
            runs = show_batch(settings, list_batches(settings, 1)[0].id).runs
            seen.extend(run.state for run in runs)
            assert cancel_run(settings, runs[2].id, user="ann")[1]

    wanted = BatchRequest(write_notebook(tmp_path / "n.ipynb", *DIVIDE), tuple(grid_sets(["n=1,2,3"])))
    items = batch_notebook(wanted, settings, ended=ended)
    assert [State.SUCCEEDED, State.QUEUED, State.QUEUED] == seen
    assert [State.SUCCEEDED, State.SUCCEEDED, State.CANCELLED] == [item.state for item in items]
    assert "cancelled by ann before it began" == items[2].problem
    [batch] = list_batches(settings, 5)
    assert (State.CANCELLED, [1, 2, 3], ("n",)) == (
        batch.state,
        [run.batch_number for run in batch.runs],
        batch.varied,
    )


def test_a_batch_whose_process_is_killed(tmp_path: Path) -> None:
    """None of its runs is said to wait or to go on, whoever looks."""
    settings = settings_in(tmp_path / "home")
    cells = (code("n = 1", "parameters"), code("import time\nwhile True:\n    time.sleep(0.05)", "step:wait"))
    path = write_notebook(tmp_path / "n.ipynb", *cells)
    runs = start_batch(BatchOrder(path, grid={"n": [1, 2]}, runs_at_a_time=1), settings)
    batch_id = runs[0].batch_id
    for _ in iter(lambda: show_batch(settings, batch_id).state is State.QUEUED, False):
        pass
    assert State.RUNNING is show_batch(settings, batch_id).state
    os.killpg(runs[0].pid, signal.SIGKILL)
    for thread in threading.enumerate():
        if thread.name == f"nb2pipe batch {batch_id}":
            thread.join(60)
    found = show_batch(settings, batch_id)
    assert all(run.state.is_final and run.message for run in found.runs), found
    assert {State.INTERRUPTED, State.FAILED} >= {run.state for run in found.runs}
