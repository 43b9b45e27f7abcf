"""Looking at batches, and stopping one: a batch is what its runs are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from nb2pipe.app.history import looking
from nb2pipe.app.users import user_name
from nb2pipe.errors import NotFoundError
from nb2pipe.model import Run, State
from nb2pipe.settings import Settings
from nb2pipe.store.batches import latest_batches, runs_of
from nb2pipe.store.store import Store

_WORST = (State.FAILED, State.INTERRUPTED, State.CANCELLED, State.SKIPPED)


@dataclass(frozen=True)
class Batch:
    """The runs of a batch.

    Args:
        id: of the batch.
        runs: in the order of their sets, without their notebooks' texts.
        metrics: run id to name to value.
    """

    id: str
    runs: tuple[Run, ...]
    metrics: dict[str, dict[str, Any]]

    @property
    def state(self) -> State:
        """``queued`` until a run begins, ``running`` until all have ended, then the worst of their states.

        It is ``waiting`` where nothing goes on before a person has decided.
        """
        states = {run.state for run in self.runs}
        still = [state for state in states if not state.is_final]
        if not still:
            return next((state for state in _WORST if state in states), State.SUCCEEDED)
        if State.RUNNING in states:
            return State.RUNNING
        if State.WAITING in states:
            return State.WAITING
        return State.QUEUED if len(states) == 1 else State.RUNNING

    @property
    def varied(self) -> tuple[str, ...]:
        """Names of the parameters that are not the same in all runs."""
        first = self.runs[0].parameters
        return tuple(name for name in first if any(run.parameters.get(name) != first[name] for run in self.runs))


def show_batch(settings: Settings, batch_id: str) -> Batch:
    """A batch with all its runs.

    Raises:
        NotFoundError: there is none of this id.
    """
    with looking(settings) as store:
        return _batch(store, batch_id)


def list_batches(settings: Settings, limit: int) -> list[Batch]:
    """The latest batches, newest first.

    Args:
        settings: the settings in force.
        limit: at most so many.
    """
    with looking(settings) as store:
        return [_batch(store, each) for each in store.ask(partial(latest_batches, limit=limit))]


def cancel_batch(settings: Settings, batch_id: str, *, user: str = "") -> tuple[Batch, bool]:
    """Ask all runs of a batch to stop; those that have not begun never do.

    Args:
        settings: the settings in force.
        batch_id: of the batch.
        user: who asks; empty for whoever runs this process.

    Returns:
        The batch as it is now, and whether there was anything to stop.

    Raises:
        NotFoundError: there is none of this id.
    """
    with looking(settings) as store:
        before = _batch(store, batch_id)
        # The last first: a run that is stopped makes room for the next.
        asked = [store.request_cancel(run.id, user or user_name()) for run in reversed(before.runs)]
        return _batch(store, batch_id), any(asked)


def _batch(store: Store, batch_id: str) -> Batch:
    runs = store.ask(partial(runs_of, batch_id=batch_id)) if batch_id else ()
    if not runs:
        raise NotFoundError(f"There is no batch {batch_id!r}.", hint="The list of batches has their ids.")
    return Batch(batch_id, tuple(runs), store.metrics([run.id for run in runs]))
