"""The executed notebook: the cells of the source, same ids and order, with what the steps put out."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from nb2pipe.model import Pipeline, Role, StepRun

INJECTED = "injected-parameters"


def executed_notebook(
    pipeline: Pipeline, given: Mapping[str, Any], step_runs: Iterable[StepRun], info: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The source notebook with the outputs of the steps that ran, as papermill would leave it.

    Args:
        pipeline: the plan.
        given: parameter values that the user gave; shown in a cell tagged ``injected-parameters``.
        step_runs: last value of each step run.
        info: further fields for the notebook's ``papermill`` metadata (input path, duration ...).
    """
    document = copy.deepcopy(dict(pipeline.notebook.document))
    document["nbformat"], document["nbformat_minor"] = 4, max(5, int(document.get("nbformat_minor", 5)))
    for cell, source in zip(document["cells"], pipeline.notebook.cells, strict=True):
        cell["id"], cell["source"] = source.id, source.source
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    shown = showing_steps(pipeline)
    by_step = {run.step: run for run in step_runs}
    for name, run in by_step.items():
        executed = _cells_of(run.notebook_path)
        for index, step in shown.items():
            if step == name:
                _take(document["cells"][index], executed.get(pipeline.notebook.cells[index].id))
    _inject(document["cells"], pipeline, given)
    document["metadata"] = {**document.get("metadata", {}), "papermill": _summary(given, by_step.values(), info)}
    return document


def showing_steps(pipeline: Pipeline) -> dict[int, str]:
    """For each executed cell, the step whose execution of it is shown: its own, or for setup cells the first."""
    shown: dict[int, str] = {}
    for step in pipeline.steps:
        for index in (*step.setup_cells, *step.cells):
            shown.setdefault(index, step.name)
    return shown


def injected_source(given: Mapping[str, Any]) -> str:
    """Source text of the cell that shows given parameters."""
    return "\n".join(["# Parameters", *(f"{name} = {_literal(value)}" for name, value in given.items())])


def injected_position(pipeline: Pipeline) -> int:
    """Where the injected cell goes: behind the last parameters cell, else in front of all."""
    tagged = [cell.index for cell in pipeline.notebook.cells if cell.tag.role is Role.PARAMETERS]
    return tagged[-1] + 1 if tagged else 0


def execution_counts(pipeline: Pipeline, injected: bool) -> dict[int, int]:
    """``In [n]`` of every executed cell, as Run All would number them; -1 is the injected cell."""
    shown = showing_steps(pipeline)
    position = injected_position(pipeline) if injected else None
    counts: dict[int, int] = {}
    number = 0
    for cell in pipeline.notebook.cells:
        if cell.index == position:
            number += 1
            counts[-1] = number
        if cell.index in shown and cell.is_code:
            number += 1
            counts[cell.index] = number
    return counts


def _cells_of(path: str) -> dict[str, dict[str, Any]]:
    if not path or not Path(path).exists():
        return {}
    try:
        cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError):
        return {}
    return {cell["id"]: cell for cell in cells}


def _take(cell: dict[str, Any], executed: dict[str, Any] | None) -> None:
    if executed is None:
        return
    cell["outputs"] = executed["outputs"]
    cell["execution_count"] = executed["execution_count"]
    cell["metadata"] = {**cell.get("metadata", {}), "papermill": executed["metadata"].get("papermill", {})}


def _inject(cells: list[dict[str, Any]], pipeline: Pipeline, given: Mapping[str, Any]) -> None:
    if not given:
        return
    counts = execution_counts(pipeline, injected=True)
    cells.insert(
        injected_position(pipeline),
        {
            "cell_type": "code",
            "id": INJECTED,
            "metadata": {"tags": [INJECTED]},
            "source": injected_source(given),
            "execution_count": counts.get(-1),
            "outputs": [],
        },
    )


def _summary(given: Mapping[str, Any], runs: Iterable[StepRun], info: Mapping[str, Any] | None) -> dict[str, Any]:
    failed = any(run.failure is not None for run in runs)
    return {"parameters": dict(given), "exception": True if failed else None, **(info or {})}


def _literal(value: Any) -> str:
    """A JSON value as a Python literal, strings in double quotes as papermill writes them."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_literal, value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_literal(key)}: {_literal(item)}" for key, item in value.items()) + "}"
    return repr(value)
