"""A container with a worker in it, at the other end of the pipes of the engine's command line."""

from __future__ import annotations

import contextlib
import select
import subprocess
import threading
from pathlib import Path
from typing import Any

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
        self._hangs = False
        self._patience = threading.Timer(engine.patience_s, self._give_up)
        self._patience.daemon = True
        self._patience.start()

    def read(self) -> tuple[list[dict[str, Any]], bool]:
        """Events that came, the first as soon as the container has started; and whether the worker still lives."""
        found = super().read()
        if self.has_spoken:
            self._patience.cancel()
        return found

    def release(self) -> None:
        """Its one task has ended: it ends as soon as it sees that no further one will come."""
        super().release()
        self.close_pipes()

    def lost(self, step: str, *, alive: bool) -> CellFailure:
        """Why a step has no outcome: the engine's words, the memory limit, or the worker's last words."""
        if alive:
            return super().lost(step, alive=alive)
        if self._hangs:
            self.close()
        code, words = self.process.wait(), self.last_words()
        if self._hangs:
            words = f"no answer within {self.engine.patience_s:g} s"
            code = ENGINE_FAILED[0]
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
        self._patience.cancel()
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

    def _give_up(self) -> None:
        """End the engine's command line when nothing came from the container by now."""
        assert self.process.stdout is not None
        with contextlib.suppress(OSError, ValueError):  # it was closed meanwhile
            if not self.has_spoken and not select.select([self.process.stdout], [], [], 0)[0]:
                self._hangs = True
                self.process.kill()
