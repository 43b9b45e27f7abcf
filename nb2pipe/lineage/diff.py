"""What differs between two runs: code by cell, parameters, data, environment, images, metrics."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from nb2pipe.lineage.graph import CodeCell, RunRecord
from nb2pipe.model import StepRun


@dataclass(frozen=True)
class Change:
    """A value of the one run and of the other; None where it has none.

    Args:
        name: what it is of.
        before: in the first run.
        after: in the second run.
    """

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class CellChange:
    """A cell that is not the same.

    Args:
        id: cell id.
        step: step that it belongs to, in the second run if it is there.
        before: position in the first run's notebook from 0, None where it has no such cell.
        after: the same for the second run.
        diff: lines of a unified diff without its head.
    """

    id: str
    step: str
    before: int | None
    after: int | None
    diff: tuple[str, ...]


@dataclass(frozen=True)
class RunDiff:
    """What differs; all empty where nothing does.

    Args:
        notebook: name of its file.
        cells: code by cell, in the order of the second notebook, cells that are gone last.
        steps: state of each step, where one run has it and the other has not, or it ended otherwise.
        parameters: by name.
        data: digest of what was read, by path.
        written: digest of what was written, by path.
        python: of all steps together.
        distributions: versions by distribution.
        images: by step.
        executor: where the steps ran.
        metrics: by name.
    """

    notebook: tuple[Change, ...]
    cells: tuple[CellChange, ...]
    steps: tuple[Change, ...]
    parameters: tuple[Change, ...]
    data: tuple[Change, ...]
    written: tuple[Change, ...]
    python: tuple[Change, ...]
    distributions: tuple[Change, ...]
    images: tuple[Change, ...]
    executor: tuple[Change, ...]
    metrics: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not any(vars(self).values())


def diff_runs(first: RunRecord, second: RunRecord) -> RunDiff:
    """Compare two runs by what was recorded of them."""

    def differing(what: Callable[[RunRecord], Mapping[str, Any]]) -> tuple[Change, ...]:
        return changes(what(first), what(second))

    return RunDiff(
        notebook=differing(lambda record: {"notebook": PurePath(record.run.notebook_path).name}),
        cells=tuple(_cells(first, second)),
        steps=differing(lambda record: {step.step: _ending(step) for step in record.steps}),
        parameters=differing(lambda record: record.run.parameters),
        data=differing(lambda record: _data(record.steps, "read")),
        written=differing(lambda record: _data(record.steps, "written")),
        python=differing(lambda record: _python(record.steps)),
        distributions=differing(lambda record: _distributions(record.steps)),
        images=differing(lambda record: {step.step: step.observation.image for step in record.steps}),
        executor=differing(lambda record: {"executor": record.run.executor}),
        metrics=differing(lambda record: {item.name: item.value for step in record.steps for item in step.metrics}),
    )


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What is not the same in two mappings; values of unlike types differ."""
    return tuple(
        Change(name, before.get(name), after.get(name))
        for name in dict.fromkeys((*before, *after))
        if name not in before or name not in after or not _same(before[name], after[name])
    )


def _same(one: Any, other: Any) -> bool:
    is_nan = one != one and other != other
    return type(one) is type(other) and (is_nan or one == other)


def _ending(step: StepRun) -> str:
    """How a step ended; whether its result was taken from the cache is no difference."""
    return "succeeded" if step.state.is_good else step.state.value


def _data(steps: Iterable[StepRun], use: str) -> dict[str, str]:
    """Path to digest; of several versions the first that was read, and the last that was written."""
    found: dict[str, str] = {}
    for step in steps:
        for item in step.data:
            if item.use == use and (use == "written" or item.path not in found):
                found[item.path] = item.digest
    own = {item.path for step in steps for item in step.data if item.use == "written"} if use == "read" else set()
    return {path: digest for path, digest in found.items() if path not in own}


def _python(steps: Iterable[StepRun]) -> dict[str, str]:
    found = dict.fromkeys(step.observation.python for step in steps if step.observation.python)
    return {"python": ", ".join(found)} if found else {}


def _distributions(steps: Iterable[StepRun]) -> dict[str, str]:
    return {name: version for step in steps for name, version in sorted(step.observation.distributions.items())}


Placed = tuple[str, CodeCell]
"""The step that first runs a cell, and the cell."""


def _cells(first: RunRecord, second: RunRecord) -> Iterable[CellChange]:
    """Cells are the same by their text in the order of the notebook, then by their id, which old notebooks lack."""
    before, after = _code(first), _code(second)
    gone, new = _unmatched(before, after)
    by_id = {cell.id: (step, cell) for step, cell in gone}
    for step, cell in new:
        old = by_id.pop(cell.id, None)
        if old is None or old[1].source != cell.source:
            yield _change(old, (step, cell))
    for left in by_id.values():
        yield _change(left, None)


def _unmatched(before: Sequence[Placed], after: Sequence[Placed]) -> tuple[list[Placed], list[Placed]]:
    """The cells of each side that have no equal, in its order, on the other."""
    old, new = ([cell.source for _, cell in side] for side in (before, after))
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    same_before = {block.a + place for block in blocks for place in range(block.size)}
    same_after = {block.b + place for block in blocks for place in range(block.size)}
    return (
        [item for place, item in enumerate(before) if place not in same_before],
        [item for place, item in enumerate(after) if place not in same_after],
    )


def _change(old: Placed | None, new: Placed | None) -> CellChange:
    step, cell = new or old or ("", CodeCell(0, "", ""))
    lines = difflib.unified_diff(_lines(old), _lines(new), lineterm="", n=2)
    return CellChange(
        cell.id,
        step,
        old[1].index if old else None,
        new[1].index if new else None,
        tuple(lines)[2:],
    )


def _lines(cell: Placed | None) -> list[str]:
    return cell[1].source.splitlines() if cell is not None else []


def _code(record: RunRecord) -> list[Placed]:
    """Every cell that a step runs, once, in the order of the notebook."""
    found: dict[int, Placed] = {}
    for step, cells in record.cells.items():
        for cell in cells:
            found.setdefault(cell.index, (step, cell))
    return [found[index] for index in sorted(found)]
