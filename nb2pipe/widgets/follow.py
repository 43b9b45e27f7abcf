"""A run that goes on in another process, told to whoever shows it."""

from __future__ import annotations

import time
from collections.abc import Callable

from nb2pipe.app.history import looking
from nb2pipe.app.watch import Watcher
from nb2pipe.errors import Nb2pipeError, NotFoundError
from nb2pipe.model import Run, StepRun
from nb2pipe.settings import Settings
from nb2pipe.store.store import Store

LOOK_EVERY_S = 0.3
LOST_EVERY = 7
PATIENCE = 20
"""Looks that may fail one after the other, such as while a database is restarted."""

Show = Callable[[Run, tuple[StepRun, ...]], None]


def follow(settings: Settings, run_id: str, show: Show) -> Run | None:
    """Look at a run again and again until it has ended; to be called in a thread of its own.

    Args:
        settings: the settings in force.
        run_id: of the run.
        show: gets the run and its steps at first, and at every look while it goes on.

    Returns:
        The run as it ended; None where somebody removed it.

    Raises:
        StoreError: the store could not be read for long.
    """
    with looking(settings) as store:
        watcher = Watcher(store, settings)
        watcher.look()
        run, steps = store.run(run_id), tuple(store.step_runs(run_id))
        show(run, steps)
        count = failed = 0
        while not run.state.is_final:
            time.sleep(LOOK_EVERY_S)
            count += 1
            try:
                run, steps = _look(store, watcher, run, steps, lost=count % LOST_EVERY == 0)
                failed = 0
            except NotFoundError:  # removed by somebody
                return None
            except Nb2pipeError:  # the next look finds what this one missed
                failed += 1
                if failed > PATIENCE:
                    raise
            show(run, steps)
        return run


def _look(
    store: Store, watcher: Watcher, run: Run, steps: tuple[StepRun, ...], *, lost: bool
) -> tuple[Run, tuple[StepRun, ...]]:
    if lost:
        store.mark_interrupted()
    kinds = {change.kind for change in watcher.look() if change.run_id == run.id}
    if kinds & {"run", "run-removed"}:
        run = store.run(run.id)
    if kinds & {"run", "step", "cell"}:
        steps = tuple(store.step_runs(run.id))
    return run, steps
