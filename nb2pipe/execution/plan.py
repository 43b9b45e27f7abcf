"""From a step of the plan to a task for a worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from nb2pipe.execution.merge import (
    INJECTED,
    execution_counts,
    injected_position,
    injected_source,
    showing_steps,
)
from nb2pipe.execution.namespace import Namespace
from nb2pipe.execution.options import RunOptions
from nb2pipe.execution.task import Task, TaskCell
from nb2pipe.model import Pipeline, Role, Step


def make_task(
    pipeline: Pipeline,
    step: Step,
    parameters: Mapping[str, Any],
    namespace: Namespace,
    options: RunOptions,
    *,
    attempt: int,
    more: bool,
) -> Task:
    """The task that runs ``step`` from ``namespace``.

    Args:
        pipeline: the plan.
        step: the step.
        parameters: values of all parameters; the step sees those that it asks for.
        namespace: what its ancestors left.
        options: of the run.
        attempt: from 1.
        more: whether further steps will need a kernel.
    """
    cells = task_cells(pipeline, step, options.given)
    folder = attempt_folder(options, step.name, attempt)
    notebook = pipeline.notebook
    return Task(
        run_id=options.run_id,
        step=step.name,
        attempt=attempt,
        folder=str(folder),
        kernel_name=options.kernel_name or notebook.kernel_name,
        language=notebook.language,
        metadata=notebook.metadata,
        cells=cells,
        state=_state(pipeline, step, parameters, namespace, options, cells),
        settings=step.settings,
        timeout_s=step.settings.timeout_s if step.settings.timeout_s is not None else options.timeout_s,
        autosave_s=options.autosave_s,
        more=more,
    )


def attempt_folder(options: RunOptions, step: str, attempt: int) -> Path:
    """Folder of one attempt at a step."""
    return options.folder / (step if attempt == 1 else f"{step}.attempt{attempt}")


def task_cells(pipeline: Pipeline, step: Step, given: Mapping[str, Any]) -> tuple[TaskCell, ...]:
    """The cells to execute for a step, in order: setup cells first, its own with what stands between them."""
    shown = showing_steps(pipeline)
    counts = execution_counts(pipeline, injected=bool(given))
    first_own = min(step.cells)
    cells = []
    for index in sorted({*step.setup_cells, *step.cells}):
        cell = pipeline.notebook.cells[index]
        role = "setup" if index < first_own else "own"
        if cell.tag.role is Role.PARAMETERS:
            role = "parameters"
        count = counts.get(index) if shown[index] == step.name else None
        cells.append(TaskCell(index, cell.id, cell.source, cell.metadata, role, count))
    position = injected_position(pipeline)
    if given and shown.get(position - 1) == step.name:
        at = next(number for number, cell in enumerate(cells) if cell.index == position - 1) + 1
        metadata = {"tags": [INJECTED]}
        cells.insert(at, TaskCell(-1, INJECTED, injected_source(given), metadata, "injected", counts[-1]))
    if cells and cells[0].role == "injected":
        cells[0] = replace(cells[0], count=counts[-1])
    return tuple(cells)


def _state(
    pipeline: Pipeline,
    step: Step,
    parameters: Mapping[str, Any],
    namespace: Namespace,
    options: RunOptions,
    cells: tuple[TaskCell, ...],
) -> dict[str, Any]:
    notebook = pipeline.notebook
    shown = showing_steps(pipeline)
    cwd = options.cwd or notebook.folder
    if notebook.language != "python":
        return {"session": False, "cwd": cwd}
    staging = options.artifacts / "staging"
    return {
        "session": True,
        "store": str(options.artifacts),
        "staging": str(staging),
        "report": "",
        "run_folder": str(options.folder),
        "step": step.name,
        "cwd": cwd,
        "folder": notebook.folder,
        "env": dict(step.settings.env),
        "parameters": dict(parameters),
        "names": {name: asdict(carried) for name, carried in namespace.names.items()},
        "ambient": {key: asdict(carried) for key, carried in namespace.ambient.items()},
        "superseded": dict(namespace.superseded),
        "imported": sorted(namespace.imported),
        "others": {name: asdict(missing) for name, missing in namespace.others.items()},
        "eager": list(step.eager),
        "save": list(step.outputs),
        "required": list(step.required),
        "metrics": list(step.metrics),
        "execution_counts": [cell.count for cell in cells if cell.count is not None and cell.role != "injected"],
        "is_last": step.name == pipeline.steps[-1].name,
        "setup_counts": any(shown[index] == step.name for index in step.setup_cells),
    }
