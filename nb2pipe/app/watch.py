"""What changes: runs, steps, cells, logs and schedules, found by looking at the store again and again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from nb2pipe.app.logs import own_file, read_part
from nb2pipe.errors import NotFoundError
from nb2pipe.model import CellRun, Run, State, StepRun
from nb2pipe.model.json import to_json
from nb2pipe.report.data import run_data, step_data
from nb2pipe.settings import Settings
from nb2pipe.store.store import Store

if TYPE_CHECKING:
    from nb2pipe.store.watch import Head

NEWEST = 100
LOG_BYTES = 65_536
LOG_PARTS = 16
HEAVY = ("cells", "observation", "artifacts", "inputs", "data")
"""Parts of a step run that change events leave out; the run's steps have them."""

Key = tuple[str, str, int]
"""Run, step and attempt."""


@dataclass(frozen=True)
class Change:
    """One thing that changed.

    Args:
        kind: ``run``, ``run-removed``, ``step``, ``cell``, ``log``, ``schedules``, ``image`` or ``image-log``.
        run_id: the run concerned; empty for schedules and image builds.
        data: JSON-ready: what it is now.
    """

    kind: str
    run_id: str
    data: Mapping[str, Any]


class Watcher:
    """Compares the store with how it was at the look before. It keeps what it has seen of the newest runs and of those
    that have not ended, and nothing else; it does not wait, and knows nobody who listens.

    Args:
        store: what is watched.
        settings: for home, below which logs are.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._heads: dict[str, Head] | None = None
        self._steps: dict[str, dict[Key, StepRun]] = {}
        self._offsets: dict[Key, int] = {}
        self._followed: frozenset[str] = frozenset()
        self._schedules: tuple[Any, ...] = ()

    def look(self, followed: Collection[str] = ()) -> list[Change]:
        """What has changed since the last look; the first one finds nothing, and is what later ones compare with.

        Args:
            followed: runs whose logs are wanted; of one that goes on already, from now on.

        Raises:
            StoreError: the database failed; the next look finds what this one missed.
        """
        from nb2pipe.store.watch import heads, schedules_mark

        found = {head.id: head for head in self._store.ask(partial(heads, newest=NEWEST))}
        mark = self._store.ask(schedules_mark)
        before = self._heads
        changes: list[Change] = []
        if before is not None:
            changes += self._removed(before, found)
            if mark != self._schedules:
                changes.append(Change("schedules", "", {}))
        for head in reversed(found.values()):
            changes += self._of_run(head, (before or {}).get(head.id), before is None)
        changes += self._logs(frozenset(followed))
        self._heads, self._schedules = found, mark
        self._forget(found)
        return changes if before is not None else []

    def _removed(self, before: Mapping[str, Head], found: Mapping[str, Head]) -> Iterator[Change]:
        oldest = min((head.created_at for head in found.values()), default=None)
        for run_id, head in before.items():
            slid_out = head.state.is_final and len(found) >= NEWEST and oldest is not None and head.created_at < oldest
            if run_id not in found and not slid_out:
                yield Change("run-removed", run_id, {"id": run_id})

    def _of_run(self, head: Head, last: Head | None, is_first: bool) -> Iterator[Change]:
        """A run that ended since the last look is read once more, so that nothing of its end is missed."""
        is_new = head != last
        went_on = last is not None and not last.state.is_final
        if head.state in (State.RUNNING, State.WAITING) or (is_new and (went_on or not is_first)):
            yield from self._of_steps(head.id)
        if is_new and not is_first:
            run = self._get(head.id)
            if run is not None:
                yield Change("run", run.id, run_change(run))

    def _of_steps(self, run_id: str) -> Iterator[Change]:
        old = self._steps.get(run_id, {})
        new = {(run_id, each.step, each.attempt): each for each in self._store.step_runs(run_id)}
        self._steps[run_id] = {**old, **new}
        for key, step in new.items():
            last = old.get(key)
            if last == step:
                continue
            yield from (_cell_change(step, cell) for cell in _changed_cells(last, step))
            if last is None or step_change(last) != step_change(step):
                yield Change("step", run_id, step_change(step))

    def _logs(self, followed: frozenset[str]) -> Iterator[Change]:
        for run_id in followed:
            for key, step in self._steps.get(run_id, {}).items():
                path = own_file(self._settings, step.log_path)
                if path is None:
                    continue
                if run_id not in self._followed:
                    self._offsets[key] = path.stat().st_size
                yield from self._log(key, step, partial(read_part, path))
        self._followed = followed

    def _log(self, key: Key, step: StepRun, read: Callable[[int, int, bool], Any]) -> Iterator[Change]:
        place = {"run_id": step.run_id, "step": step.step, "attempt": step.attempt}
        for _ in range(LOG_PARTS):
            offset = self._offsets.get(key, 0)
            try:
                part = read(offset, LOG_BYTES, step.state.is_final)
            except NotFoundError:  # pruned meanwhile
                return
            if part.next_offset <= offset:
                return
            self._offsets[key] = part.next_offset
            more = {"offset": part.offset, "next_offset": part.next_offset, "text": part.text}
            yield Change("log", step.run_id, place | more)

    def _get(self, run_id: str) -> Run | None:
        try:
            return self._store.run(run_id)
        except NotFoundError:  # gone since we asked; the next look says so
            return None

    def _forget(self, found: Mapping[str, Head]) -> None:
        kept = {run_id for run_id, head in found.items() if not head.state.is_final} | self._followed
        self._steps = {run_id: steps for run_id, steps in self._steps.items() if run_id in kept}
        self._offsets = {key: offset for key, offset in self._offsets.items() if key[0] in kept}


def run_change(run: Run) -> dict[str, Any]:
    """A run as events have it: without its notebook's text."""
    return run_data(replace(run, notebook_text=""))


def step_change(step: StepRun) -> dict[str, Any]:
    """A step run as events have it: without its cells, which have events of their own, and without what is long."""
    return {name: value for name, value in step_data(step).items() if name not in HEAVY}


def _changed_cells(last: StepRun | None, step: StepRun) -> Iterator[CellRun]:
    old = {cell.index: cell for cell in last.cells} if last is not None else {}
    return (cell for cell in step.cells if old.get(cell.index) != cell)


def _cell_change(step: StepRun, cell: CellRun) -> Change:
    place = {"run_id": step.run_id, "step": step.step, "attempt": step.attempt}
    return Change("cell", step.run_id, {**place, **to_json(cell)})
