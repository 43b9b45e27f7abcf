"""Workers that serve tasks through pipes, and the tasks that they have."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nb2pipe.errors import Nb2pipeError
from nb2pipe.execution.options import CellEvent
from nb2pipe.execution.programs.served import StepPrograms
from nb2pipe.execution.task import Outcome, Task, read_outcome
from nb2pipe.model import CellFailure, State
from nb2pipe.model.json import from_json


class Served:
    """A worker at the other end of two pipes: tasks go in, events come out, a JSON object a line each.

    Args:
        process: what holds the pipes: the worker itself, or the engine's command line that its container hangs on.
        log: file that gets the worker's own messages.
    """

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        self.process = process
        self.log = log
        self.buffer = b""
        self._telling = threading.Lock()
        self.busy = False
        self.has_spoken = False

    def give(self, task_path: str, secrets: Mapping[str, str]) -> None:
        """Give it a task, and the values of the secrets that the task names."""
        self.busy = True
        self.tell({"task": task_path, "secrets": dict(secrets)})

    def tell(self, wish: Mapping[str, Any]) -> None:
        """Send a line."""
        assert self.process.stdin is not None
        with self._telling, contextlib.suppress(BrokenPipeError, ValueError):  # its end shows when its events are read
            self.process.stdin.write(json.dumps(wish).encode() + b"\n")
            self.process.stdin.flush()

    def read(self) -> tuple[list[dict[str, Any]], bool]:
        """Events that came, and whether the worker still lives."""
        assert self.process.stdout is not None
        alive = True
        while True:
            try:
                piece = os.read(self.process.stdout.fileno(), 65536)
            except BlockingIOError:
                break
            if not piece:
                alive = False
                break
            self.buffer += piece
            self.has_spoken = True
        *lines, self.buffer = self.buffer.split(b"\n")
        return [json.loads(line) for line in lines], alive

    def release(self) -> None:
        """Its task has ended; it is free for another one."""
        self.busy = False

    def last_words(self) -> str:
        """The end of what it printed."""
        with contextlib.suppress(OSError):
            return self.log.read_text(errors="replace")[-4000:]
        return ""

    def lost(self, step: str, *, alive: bool) -> CellFailure:
        """Why a step has no outcome."""
        what = "left no outcome" if alive else f"ended with {ending(self.process.wait())}"
        return CellFailure(
            "internal",
            "WorkerLost",
            f"the worker of step {step!r} {what}",
            hint="run again; if it stays, the traceback says what the worker printed last",
            traceback=self.last_words(),
        )

    def close(self) -> None:
        """End it and wait for its end."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.close_pipes()
        self.process.wait()

    def close_pipes(self) -> None:
        """Close both pipes."""
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()


class ServedHandle:
    """A task that a worker has.

    Args:
        worker: runs it.
        task: what runs.
        programs: runs what its container cells ask for.
    """

    def __init__(self, worker: Served, task: Task, programs: StepPrograms) -> None:
        self._worker = worker
        self._task = task
        self._programs = programs
        self._ended = False
        self._alive = True
        self._cell_events = 0
        self._failure: CellFailure | None = None

    def fileno(self) -> int:
        """The worker's event pipe."""
        assert self._worker.process.stdout is not None
        return self._worker.process.stdout.fileno()

    @property
    def worker_pid(self) -> int:
        """Process id of what holds the worker's pipes."""
        return self._worker.process.pid

    def events(self) -> list[CellEvent]:
        """Cell events since the last call."""
        raw, self._alive = self._worker.read()
        found = []
        for event in raw:
            if event["event"] == "ended":
                self._ended = True
                self._worker.release()
                if "failure" in event:
                    self._failure = from_json(CellFailure, event["failure"])
            elif event["event"] == "program":
                self._programs.start(event, self._worker.tell)
            elif event["event"] == "program_left":
                self._programs.leave(event)
            elif event["event"] == "cell":
                found.append(_cell_event(event))
        self._cell_events += len(found)
        if not self._alive and not self._ended:
            found.extend(self._lost_on_the_way())
        return found

    def _lost_on_the_way(self) -> list[CellEvent]:
        """Cell events that the worker kept, but whose pipe broke before they came through."""
        lines: list[str] = []
        with contextlib.suppress(OSError):
            lines = Path(self._task.events_path).read_text(encoding="utf-8").splitlines(keepends=True)
        lost = [line for line in lines[self._cell_events :] if line.endswith("\n")]
        self._cell_events += len(lost)
        return [_cell_event(json.loads(line)) for line in lost]

    def outcome(self) -> Outcome | None:
        """The outcome, None while the task runs."""
        if self._failure is not None:
            return Outcome(State.FAILED, self._failure)
        if not self._ended and self._alive:
            return None
        self._programs.close()
        found = read_outcome(self._task.outcome_path) if self._ended else None
        if found is not None:
            return self._programs.recorded(found)
        return Outcome(State.FAILED, self._worker.lost(self._task.step, alive=self._ended))

    def cancel(self) -> None:
        """Ask the worker to stop the task."""
        self._worker.tell({"cancel": True})

    def kill(self) -> None:
        """End the worker, and with it its kernel and its programs."""
        self._worker.close()
        self._programs.close()
        self._alive = False


class RefusedHandle:
    """A task that could not even be started."""

    def __init__(self, error: Nb2pipeError, kind: str = "internal") -> None:
        self._failure = CellFailure(kind, type(error).__name__, error.message, error.hint)
        self._ready, other = os.pipe()
        os.close(other)  # so that the first end reads as ready

    def fileno(self) -> int:
        """Readable from the start."""
        return self._ready

    def events(self) -> list[CellEvent]:
        """None ever."""
        return []

    def outcome(self) -> Outcome:
        """The failure."""
        self.kill()
        return Outcome(State.FAILED, self._failure)

    def cancel(self) -> None:
        """Nothing runs."""

    def kill(self) -> None:
        """Close the descriptor."""
        if self._ready >= 0:
            os.close(self._ready)
            self._ready = -1


def _cell_event(event: Mapping[str, Any]) -> CellEvent:
    return CellEvent(int(event["index"]), str(event["state"]), str(event["at"]))


def ending(code: int) -> str:
    """``signal SIGKILL``, ``exit code 3``."""
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
