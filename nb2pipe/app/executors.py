"""Executors by name, started early so that they get ready while the notebook is read."""

from __future__ import annotations

from nb2pipe.execution.options import Executor
from nb2pipe.execution.process import ProcessExecutor
from nb2pipe.plugins import load_plugin


def start_executor(name: str) -> Executor:
    """Make the executor of this name.

    Raises:
        SettingsError: there is none of that name.
    """
    if name == "process":  # ours; spares the search for plug-ins, which reads the metadata of every distribution
        return ProcessExecutor()
    executor: Executor = load_plugin("executors", name)()
    return executor
