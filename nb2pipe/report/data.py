"""A pipeline, a run and their parts as JSON-ready data for programs."""

from __future__ import annotations

from typing import Any

from nb2pipe.errors import Diagnostic
from nb2pipe.model import Pipeline, Run, StepRun
from nb2pipe.model.json import to_json
from nb2pipe.report.graph import side_by_side


def pipeline_data(pipeline: Pipeline) -> dict[str, Any]:
    """A pipeline without the text of its notebook."""
    notebook = pipeline.notebook
    return {
        "name": pipeline.name,
        "notebook": {"path": notebook.path, "digest": notebook.digest, "cells": len(notebook.cells)},
        "kernel_name": notebook.kernel_name,
        "language": notebook.language,
        "parameters": to_json(pipeline.parameters),
        "steps": to_json(pipeline.steps),
        "edges": to_json(pipeline.edges),
        "side_by_side": side_by_side(pipeline),
        "diagnostics": [diagnostic_data(diagnostic) for diagnostic in pipeline.diagnostics],
    }


def diagnostic_data(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic with its location in words added."""
    data: dict[str, Any] = to_json(diagnostic)
    return data | {"location": diagnostic.location}


def run_data(run: Run) -> dict[str, Any]:
    """A run without the text of its notebook, with its duration in seconds (None before the end)."""
    data: dict[str, Any] = to_json(run)
    del data["notebook_text"]
    took = run.ended_at - run.started_at if run.started_at and run.ended_at else None
    data["duration_s"] = took.total_seconds() if took is not None else None
    return data


def step_data(step: StepRun) -> dict[str, Any]:
    """A step run with its duration in seconds (None before the end)."""
    data: dict[str, Any] = to_json(step)
    return data | {"duration_s": step.duration_s}
