"""Pipelines and runs to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from nb2pipe.errors import Diagnostic
from nb2pipe.model import (
    Artifact,
    Cell,
    CellFailure,
    Edge,
    Link,
    Metric,
    Notebook,
    Parameter,
    Pipeline,
    Role,
    Run,
    State,
    Step,
    StepRun,
    Tag,
)

T0 = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
Spec = Mapping[str, Mapping[str, Sequence[str]]]
"""Step to the names that it reads, by parent; a name with ``@`` is ambient, one with ``:`` a tag."""

DIAMOND: Spec = {
    "load": {},
    "left": {"load": ["df"]},
    "right": {"load": ["df", "config"]},
    "merge": {"left": ["a"], "right": ["b"]},
}


def seconds(value: float) -> datetime:
    """So long after the start of all samples."""
    return T0 + timedelta(seconds=value)


def notebook_of(sources: Sequence[tuple[str, str, Role | None, str | None]]) -> Notebook:
    """A notebook from kind, source, role and step of each cell; without outputs."""
    cells = tuple(
        Cell(i, f"c{i}", kind, text, tag=Tag(role, step)) for i, (kind, text, role, step) in enumerate(sources)
    )
    document: dict[str, Any] = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"language_info": {"name": "python"}},
        "cells": [_cell(cell) for cell in cells],
    }
    return Notebook("sample.ipynb", "/nowhere", cells, {}, "python3", "python", "0" * 64, "", document)


def _cell(cell: Cell) -> dict[str, Any]:
    node: dict[str, Any] = {"cell_type": cell.kind, "id": cell.id, "metadata": {}, "source": cell.source}
    return node | {"outputs": [], "execution_count": None} if cell.kind == "code" else node


def pipeline_of(
    spec: Spec, parameters: tuple[Parameter, ...] = (), diagnostics: tuple[Diagnostic, ...] = ()
) -> Pipeline:
    """A pipeline with one code cell a step."""
    notebook = notebook_of([("code", f"# {name}", Role.STEP, name) for name in spec])
    steps = tuple(Step(name, (index,)) for index, name in enumerate(spec))
    edges = tuple(
        Edge(parent, name, tuple(_link(word) for word in words))
        for name, parents in spec.items()
        for parent, words in parents.items()
    )
    return Pipeline("sample", notebook, parameters, steps, edges, diagnostics)


def _link(word: str) -> Link:
    if word.startswith("@"):
        return Link("ambient", word.removeprefix("@"), f"{word} is used")
    if ":" in word:
        return Link("declared", word.partition(":")[2], "a tag says so")
    return Link("variable", word, f"{word} is read")


def chain(length: int) -> Spec:
    """Steps one after the other, the first also read by every fifth."""
    spec: dict[str, dict[str, list[str]]] = {"step0": {}}
    for number in range(1, length):
        spec[f"step{number}"] = {f"step{number - 1}": [f"x{number}"]}
        if number % 5 == 0 and number > 1:
            spec[f"step{number}"]["step0"] = ["config"]
    return spec


def run_of(pipeline: Pipeline, state: State = State.SUCCEEDED, **changes: Any) -> Run:
    """A record of a run that took nine seconds."""
    values: dict[str, Any] = {
        "id": "20261124-090000-f3k7q2m",
        "pipeline": pipeline.name,
        "notebook_path": pipeline.notebook.path,
        "notebook_digest": "0" * 64,
        "notebook_text": "",
        "parameters": {parameter.name: parameter.default for parameter in pipeline.parameters},
        "state": state,
        "created_at": T0,
        "started_at": T0,
        "ended_at": seconds(9),
        "user": "ada",
        "host": "lab",
    }
    return Run(**{**values, **changes})


def step_runs_of(pipeline: Pipeline) -> tuple[StepRun, ...]:
    """A good run of each step, one second each, with an artifact and a metric."""
    return tuple(
        StepRun(
            "20261124-090000-f3k7q2m",
            step.name,
            State.SUCCEEDED,
            started_at=seconds(number),
            ended_at=seconds(number + 1),
            cells_total=len(step.cells),
            artifacts=(Artifact(f"value_{number}", "d", 0, 1500, "pandas.DataFrame", "3 rows"),),
            metrics=(Metric(f"metric_{number}", number),),
        )
        for number, step in enumerate(pipeline.steps)
    )


def failure_at(index: int, message: str = "division by zero") -> CellFailure:
    """A cell that divided by zero."""
    traceback = f"\x1b[31mZeroDivisionError\x1b[39m: {message}"
    return CellFailure("exception", "ZeroDivisionError", message, "", traceback, index, f"c{index}", 2)
