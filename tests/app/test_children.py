"""Processes for scheduled runs: ready ahead, told their run by a pipe, seen to end."""

from __future__ import annotations

import os
from pathlib import Path

from nb2pipe.app.history import show_run
from nb2pipe.app.schedules.children import Children
from nb2pipe.app.schedules.keeping import add_schedule, trigger_schedule
from nb2pipe.app.schedules.words import ScheduleWords
from nb2pipe.model import State
from nb2pipe.scheduling.triggers import When
from tests.app.samples import TWO_STEPS, settings_in, write_notebook


def ended(children: Children) -> dict[str, str]:
    """The next that end."""
    while not (found := dict(children.ended())):
        children.wait(60)
    return found


def test_a_process_that_is_ready_runs_a_run(tmp_path: Path) -> None:
    """A process that was ready gets its run; its end is seen at once, and nothing is left open."""
    settings = settings_in(tmp_path)
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    add_schedule(ScheduleWords(path, when=When(cron="@daily")), settings)
    run_id, _ = trigger_schedule("n", settings)
    before = len(list(Path("/proc/self/fd").iterdir()))
    children = Children(settings)
    children.prepare()
    children.prepare()
    children.start(run_id)
    assert frozenset({run_id}) == children.running()
    assert {run_id: "It ended with code 0"} == ended(children)
    assert State.SUCCEEDED is show_run(settings, run_id).run.state
    children.prepare()
    children.close()
    assert (frozenset(), before) == (children.running(), len(list(Path("/proc/self/fd").iterdir())))


def test_last_words(tmp_path: Path) -> None:
    """What a process that failed said at the end is known, here of a run that is not in the store."""
    children = Children(settings_in(tmp_path))
    children.start("20260101-000000-0000000")
    (said,) = ended(children).values()
    assert "code 2" in said and "There is no run" in said


def test_woken(tmp_path: Path) -> None:
    """Whoever writes to the descriptor ends the waiting."""
    reads, writes = os.pipe()
    os.write(writes, b"x")
    Children(settings_in(tmp_path), reads).wait(60)
    os.close(reads)
    os.close(writes)
