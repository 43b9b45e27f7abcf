"""Runs notebooks written as lists of cells through the real analysis, workers and kernels."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nb2pipe.conversion import build_pipeline, refuse_errors
from nb2pipe.execution import RunOptions, run_pipeline
from nb2pipe.execution.merge import executed_notebook
from nb2pipe.execution.options import Executor
from nb2pipe.model import Edge, Link, Pipeline, StepRun
from nb2pipe.notebook import read_notebook

Cells = Sequence[tuple[str, str]]


def plan(folder: Path, cells: Cells) -> Pipeline:
    """The plan of a notebook in ``folder`` with (tags separated by blanks, source) for each code cell."""
    document = {
        "cells": [
            {
                "cell_type": "code",
                "id": f"c{number}",
                "metadata": {"tags": tags.split()},
                "source": source,
                "outputs": [],
                "execution_count": None,
            }
            for number, (tags, source) in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = folder / "made.ipynb"
    path.write_text(json.dumps(document))
    pipeline = build_pipeline(read_notebook(str(path)))
    refuse_errors(pipeline)
    return pipeline


def run(
    pipeline: Pipeline,
    home: Path,
    executor: Executor | None = None,
    parameters: Mapping[str, Any] | None = None,
    watch: Callable[[StepRun], None] = lambda step_run: None,
    **options: Any,
) -> dict[str, StepRun]:
    """Run a plan; the last value of each step."""
    values = {**{each.name: each.default for each in pipeline.parameters}, **(parameters or {})}
    chosen = RunOptions(
        run_id=uuid.uuid4().hex[:12], home=home, executor=executor, given=dict(parameters or {}), **options
    )
    latest: dict[str, StepRun] = {}
    for step_run in run_pipeline(pipeline, values, chosen):
        latest[step_run.step] = step_run
        watch(step_run)
    return latest


def with_gap(pipeline: Pipeline, source: str, target: str) -> Pipeline:
    """The plan without the order between two steps; orders that only held through ``source`` stay."""
    edges = tuple(edge for edge in pipeline.edges if (edge.source, edge.target) != (source, target))
    assert len(edges) == len(pipeline.edges) - 1, "the plan never had that edge"
    direct = {edge.source for edge in edges if edge.target == target}
    link = Link("declared", "after", "kept by the test")
    kept = [Edge(parent, target, (link,)) for parent in pipeline.parents(source) if parent not in direct]
    return replace(pipeline, edges=(*edges, *kept))


def printed(pipeline: Pipeline, runs: Mapping[str, StepRun]) -> list[str]:
    """What each cell printed, by cell."""
    cells = executed_notebook(pipeline, {}, runs.values())["cells"]
    return ["".join(each.get("text", "") for each in cell["outputs"]) for cell in cells]
