"""Results of use-cases as JSON-ready data for programs."""

from __future__ import annotations

from typing import Any

from nb2pipe.app.result import RunResult
from nb2pipe.report.data import run_data, step_data


def result_data(result: RunResult) -> dict[str, Any]:
    """A finished run with its steps, metrics and places."""
    return {
        "run": run_data(result.run),
        "steps": [step_data(step) for step in result.steps],
        "metrics": result.metrics,
        "notebook_path": result.notebook_path,
        "report_path": result.report_path,
        "problems": list(result.problems),
        "warnings": list(result.warnings),
    }
