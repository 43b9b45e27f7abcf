"""How steps run: the orchestrator, the worker, the papermill engine and the process executor.

This package is imported inside every worker and kernel, so this file loads nothing until it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nb2pipe.execution.options import RunOptions
    from nb2pipe.execution.orchestrator import run_pipeline

__all__ = ["RunOptions", "run_pipeline"]


def __getattr__(name: str) -> Any:
    if name == "run_pipeline":
        from nb2pipe.execution.orchestrator import run_pipeline

        return run_pipeline
    if name == "RunOptions":
        from nb2pipe.execution.options import RunOptions

        return RunOptions
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
