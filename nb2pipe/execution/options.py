"""How a run is to be executed, and the seam behind which executors stand."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from nb2pipe.errors import Diagnostic
from nb2pipe.execution.approval.asking import Approvals, NobodyToAsk
from nb2pipe.execution.task import Outcome, Task
from nb2pipe.model import Pipeline, Step


@dataclass(frozen=True)
class CellEvent:
    """A cell of a running task changed: index from 0, ``running``, ``succeeded`` or ``failed``, time in ISO 8601."""

    index: int
    state: str
    at: str


class Handle(Protocol):
    """A task that was started."""

    def fileno(self) -> int:
        """A descriptor that becomes readable when there are events or the task ended."""

    def events(self) -> list[CellEvent]:
        """Events since the last call; never blocks."""

    def outcome(self) -> Outcome | None:
        """How it ended, None while it runs; an end without an outcome file is a failure, never success."""

    def cancel(self) -> None:
        """Ask the task to stop; it ends soon with a cancelled outcome."""

    def kill(self) -> None:
        """End it now, with all that it started."""


@dataclass(frozen=True)
class Surroundings:
    """What a step finds where it runs, as far as an earlier result may only be taken where that is the same.

    Args:
        identity: interpreter and packages; equal texts mean the same ones.
        version: version of an installed distribution there, empty if it is not; None where ``identity`` says it all.
        here: the path on this machine of a path there; None for what is part of ``identity``.
    """

    identity: str
    version: Callable[[str], str | None]
    here: Callable[[str], str | None]


class Executor(Protocol):
    """Where steps run. Making one costs nothing; what it needs it starts when it is warmed, or has to run a step."""

    name: str

    def findings(self, pipeline: Pipeline) -> tuple[Diagnostic, ...]:
        """What it makes of the settings of a pipeline's steps, without touching anything."""

    def make_ready(self, pipeline: Pipeline, kernel_name: str) -> tuple[Diagnostic, ...]:
        """See to all that a pipeline needs before its first step, and what is missing of it.

        Raises:
            RefusedError: it cannot run here.
        """

    def pinned(self, pipeline: Pipeline) -> Mapping[str, str]:
        """Step to a name of its image that goes on meaning the one that is meant now; steps without one are left out.

        Raises:
            Nb2pipeError: an image is not here and cannot be fetched.
        """

    def surroundings(self, step: Step) -> Surroundings:
        """What a step finds where it runs."""

    def warm(self) -> None:
        """Start what takes time and is needed in any case."""

    def begin(self, steps: Sequence[Step], folder: Path, cwd: str) -> None:
        """Be ready for the first steps of a run that is about to begin.

        Args:
            steps: that may soon be started, in this order.
            folder: the run's.
            cwd: their working directory.
        """

    def expect(self, steps: Sequence[Step]) -> None:
        """Be ready for these steps, which will be started soon, in this order."""

    def prepare(self, modules: Sequence[str], cwd: str) -> None:
        """Load modules ahead for steps to come, which will run in ``cwd``, where that is possible."""

    def rest(self) -> None:
        """Let go of kernels and containers that stand ready: nothing runs, and nothing will be started for long."""

    def start(self, task: Task, task_path: str) -> Handle:
        """Start a task whose JSON stands at ``task_path``."""

    def close(self) -> None:
        """End everything that is left of it."""


@dataclass(frozen=True)
class RunOptions:
    """How to execute one run.

    Args:
        run_id: id of the run; its folder is ``home/runs/<run_id>``.
        home: folder of runs, artifacts and cache.
        jobs: steps that may run at a time.
        executor: an executor that is already there, or None for the process executor.
        use_cache: whether results of earlier runs may be taken.
        anew: steps that are run whatever earlier runs have of them.
        cwd: working directory of the steps; None for the notebook's folder.
        kernel_name: kernel spec; None for the notebook's own.
        given: parameter values that the user gave (shown in an injected cell, as papermill does).
        should_cancel: asked often; True ends the run as cancelled.
        timeout_s: seconds for each step that sets none itself.
        autosave_s: least seconds between two saves of a step's executed notebook.
        approvals: asked before a step that a person has to approve.
    """

    run_id: str
    home: Path
    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)
    executor: Executor | None = None
    use_cache: bool = True
    anew: frozenset[str] = frozenset()
    cwd: str | None = None
    kernel_name: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    should_cancel: Callable[[], bool] = lambda: False
    timeout_s: float | None = None
    autosave_s: float = 10.0
    approvals: Approvals = field(default_factory=NobodyToAsk)

    @property
    def folder(self) -> Path:
        """Folder of this run."""
        return self.home / "runs" / self.run_id

    @property
    def artifacts(self) -> Path:
        """Folder of the artifacts of all runs."""
        return self.home / "artifacts"
