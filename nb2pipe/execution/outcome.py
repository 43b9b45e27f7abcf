"""From what a worker answers to the values that the rest of nb2pipe speaks in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nb2pipe.execution.namespace import Namespace
from nb2pipe.execution.options import CellEvent
from nb2pipe.execution.task import Outcome, TaskCell, write_notebook
from nb2pipe.execution.usage import data_of, inputs_of
from nb2pipe.execution.verify import unavailable
from nb2pipe.model import Artifact, CellFailure, CellRun, Metric, Observation, Pipeline, State, Step, StepRun
from nb2pipe.model.json import from_json

if TYPE_CHECKING:  # it brings the analysis of notebooks, which a pod that runs one step has no use for
    from nb2pipe.execution.cache import Entry


def with_event(run: StepRun, event: CellEvent, pipeline: Pipeline) -> StepRun:
    """``run`` after a cell started or ended."""
    at = datetime.fromisoformat(event.at)
    cell = next((each for each in run.cells if each.index == event.index), None)
    if cell is None:
        fresh = CellRun(event.index, pipeline.notebook.cells[event.index].id, State(event.state), at)
        return replace(run, cells=(*run.cells, fresh))
    ended = replace(cell, state=State(event.state), ended_at=at)
    return replace(run, cells=tuple(ended if each is cell else each for each in run.cells))


def finished_run(
    pipeline: Pipeline,
    run: StepRun,
    outcome: Outcome,
    namespace: Namespace,
    parameters: Mapping[str, Any],
    step: Step,
) -> StepRun:
    """``run`` at its end, with a look-up of something unplanned named as such."""
    report = outcome.report
    seen = from_json(Observation, report["observation"]) if report.get("observation") else Observation()
    read = report.get("parameters_read", ())
    used = [name for name in parameters if name in read or name in step.parameters]
    ended = replace(
        run,
        state=outcome.state,
        ended_at=datetime.now(UTC),
        cells=outcome.cells or _ended(run.cells),
        failure=None if outcome.failure is None else _placed(outcome.failure, outcome.cells or run.cells),
        artifacts=tuple(from_json(Artifact, each) for each in report.get("artifacts", ())),
        metrics=tuple(from_json(Metric, each) for each in report.get("metrics", ())),
        observation=seen,
        parameters={name: parameters[name] for name in used},
        peak_memory_bytes=outcome.peak_memory_bytes,
        inputs=inputs_of(seen, namespace),
        data=data_of(seen, step),
    )
    if outcome.failure is not None and outcome.failure.kind == "exception":
        others = {name: (missing.step, missing.reason) for name, missing in namespace.others.items()}
        fault = unavailable(pipeline, ended, others)
        if fault is not None:
            return replace(ended, failure=fault)
    return ended


def _placed(failure: CellFailure, cells: Sequence[CellRun]) -> CellFailure:
    """The failure at the cell that ran when the worker was lost, unless it names one itself."""
    running = next((cell for cell in reversed(cells) if cell.state is State.RUNNING), None)
    if failure.cell_index is not None or running is None:
        return failure
    return replace(failure, cell_index=running.index, cell_id=running.id)


def _ended(cells: Sequence[CellRun]) -> tuple[CellRun, ...]:
    """Cells of a worker that was lost: none runs any more."""
    now = datetime.now(UTC)
    return tuple(
        replace(cell, state=State.FAILED, ended_at=now) if cell.state is State.RUNNING else cell for cell in cells
    )


def cached_run(
    run: StepRun, entry: Entry, folder: Path, cells: Sequence[TaskCell], namespace: Namespace, step: Step
) -> StepRun:
    """``run`` taken from an earlier one, its executed cells laid into ``folder`` under today's ids and numbers.

    Args:
        run: the step run to be.
        entry: what the earlier one left.
        folder: of this attempt.
        cells: what the step would execute; as many as the entry has.
        namespace: what the step would have started from.
        step: the step.
    """
    folder.mkdir(parents=True, exist_ok=True)
    notebook_path = folder / "step.ipynb"
    executed = [_renumbered(old, cell) for old, cell in zip(entry.notebook["cells"], cells, strict=True)]
    write_notebook(notebook_path, {**entry.notebook, "cells": executed})
    now = datetime.now(UTC)
    return replace(
        run,
        state=State.CACHED,
        started_at=now,
        ended_at=now,
        reason=f"unchanged since run {entry.run_id}",
        cached_from=entry.run_id,
        artifacts=entry.artifacts,
        metrics=entry.metrics,
        observation=entry.observation,
        parameters=entry.parameters,
        notebook_path=str(notebook_path),
        inputs=inputs_of(entry.observation, namespace),
        data=data_of(entry.observation, step),
    )


def fits(entry: Entry, cells: Sequence[TaskCell]) -> bool:
    """Whether the entry has an executed cell for each cell that the step would execute."""
    return len(entry.notebook.get("cells", ())) == len(cells)


def _renumbered(old: Mapping[str, Any], cell: TaskCell) -> dict[str, Any]:
    outputs = [
        {**each, "execution_count": cell.count} if each.get("output_type") == "execute_result" else each
        for each in old["outputs"]
    ]
    return {**old, "id": cell.id, "source": cell.source, "execution_count": cell.count, "outputs": outputs}
