"""A container with a worker in it, at the other end of the pipes of the engine's command line."""

from __future__ import annotations

import contextlib
import subprocess
from pathlib import Path

from nb2pipe.containers.engine import Engine
from nb2pipe.containers.faults import fault_of
from nb2pipe.execution.containers.spec import Spec
from nb2pipe.execution.serving import Served
from nb2pipe.model import CellFailure

ENGINE_FAILED = (125, 126, 127)
KILLED = 137
PATIENCE_S = 2.0


class Container(Served):
    """A container that serves one task.

    Args:
        engine: who runs it.
        arguments: words for the engine that start it.
        spec: what it is made of.
        name: of the container.
        folder: of the executor, for the log.
    """

    def __init__(self, engine: Engine, arguments: list[str], spec: Spec, name: str, folder: Path) -> None:
        log_path = folder / f"{name}.log"
        with log_path.open("ab") as log:
            process = subprocess.Popen(
                engine.command(*arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=folder,  # podman leaves an empty file "oom" there when a container takes too much memory
                start_new_session=True,
            )
        super().__init__(process, log_path)
        self.engine = engine
        self.spec = spec
        self.name = name
        self.is_gone = False

    def release(self) -> None:
        """Its one task has ended: it ends as soon as it sees that no further one will come."""
        super().release()
        self.close_pipes()

    def lost(self, step: str, *, alive: bool) -> CellFailure:
        """Why a step has no outcome: the engine's words, the memory limit, or the worker's last words."""
        if alive:
            return super().lost(step, alive=alive)
        code, words = self.process.wait(), self.last_words()
        if code in ENGINE_FAILED:
            what = "keep up" if self.has_spoken else "start"
            fault = fault_of(self.engine.name, code, words, f"{what} the container of step {step!r}")
            return CellFailure("internal", "EngineError", fault.message, fault.hint)
        if code == KILLED and self.spec.memory_mib is not None:
            message = f"the container of step {step!r} was killed: it used more than its limit of memory"
            return CellFailure(
                "memory",
                "MemoryLimit",
                message,
                f"raise `memory_mib` ({self.spec.memory_mib} MiB) in the step's settings, or use less data",
            )
        what = "was killed from outside" if code == KILLED else f"ended with exit code {code}"
        return CellFailure(
            "internal",
            "ContainerLost",
            f"the container of step {step!r} {what} before the step was done",
            hint="the traceback shows what its worker printed last" if words else "run it again",
            traceback=words,
        )

    def close(self) -> None:
        """End it, whatever it does, and wait for its end."""
        if self.is_gone:
            return
        self.close_pipes()
        try:
            self.is_gone = self.process.wait(PATIENCE_S) not in ENGINE_FAILED
        except subprocess.TimeoutExpired:
            self.is_gone = False
        if not self.is_gone:
            self.is_gone = self.engine.remove(self.name)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(PATIENCE_S)
            self.process.kill()
            self.process.wait()
