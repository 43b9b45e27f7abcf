"""Following a run that goes on in another process."""

from __future__ import annotations

from pathlib import Path

from nb2pipe.app.detached import RunOrder, start_run
from nb2pipe.app.history import cancel_run, prune_runs
from nb2pipe.model import Run, State, StepRun
from nb2pipe.widgets.follow import follow
from tests.app.samples import ENDLESS, TWO_STEPS, settings_in, write_notebook

DEADLINE_S = 120.0


def test_to_the_end(tmp_path: Path, nb2pipe_home: Path) -> None:
    """Every state is shown in turn, the last one with all steps; what has ended already is shown once."""
    settings = settings_in(nb2pipe_home)
    run = start_run(RunOrder(write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)), settings)
    seen: list[tuple[State, int]] = []

    def show(now: Run, steps: tuple[StepRun, ...]) -> None:
        seen.append((now.state, sum(step.state.is_final for step in steps)))

    ended = follow(settings, run.id, show)
    assert ended is not None and State.SUCCEEDED is ended.state
    assert (State.SUCCEEDED, 2) == seen[-1] and State.SUCCEEDED is not seen[0][0]
    seen.clear()
    follow(settings, run.id, show)
    assert [(State.SUCCEEDED, 2)] == seen


def test_a_run_that_is_removed(tmp_path: Path, nb2pipe_home: Path) -> None:
    """A run that somebody cancels and removes meanwhile is no error: there is nothing to show any more."""
    settings = settings_in(nb2pipe_home)
    run = start_run(RunOrder(write_notebook(tmp_path / "n.ipynb", *ENDLESS)), settings)
    removed: list[str] = []

    def show(now: Run, steps: tuple[StepRun, ...]) -> None:
        if not removed:
            cancel_run(settings, now.id, wait_s=DEADLINE_S)
            removed.extend(prune_runs(settings, ids=[now.id]).run_ids)

    assert None is follow(settings, run.id, show)
    assert [run.id] == removed
