"""Executors by name, started early so that they get ready while the notebook is read."""

from __future__ import annotations

from nb2pipe.errors import Diagnostic
from nb2pipe.execution.options import Executor
from nb2pipe.execution.process import ProcessExecutor
from nb2pipe.model import Pipeline
from nb2pipe.plugins import load_plugin


def start_executor(name: str) -> Executor:
    """Make the executor of this name.

    Raises:
        SettingsError: there is none of that name.
    """
    return _executor_class(name)()


def executor_findings(name: str, pipeline: Pipeline) -> tuple[Diagnostic, ...]:
    """What the executor of this name makes of the settings of a pipeline's steps.

    Raises:
        SettingsError: there is none of that name.
    """
    return _executor_class(name).findings(pipeline)


def _executor_class(name: str) -> type[Executor]:
    if name == "process":  # ours; spares the search for plug-ins, which reads the metadata of every distribution
        return ProcessExecutor
    executor: type[Executor] = load_plugin("executors", name)
    return executor
