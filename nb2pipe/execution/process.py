"""The process executor: workers and kernels as processes on this machine, ready before they are needed."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from nb2pipe.errors import Diagnostic
from nb2pipe.execution.limits import process_findings
from nb2pipe.execution.options import CellEvent
from nb2pipe.execution.task import Outcome, Task, read_outcome
from nb2pipe.model import CellFailure, Pipeline, State
from nb2pipe.model.json import from_json


class WorkerProcess:
    """A worker that serves tasks one after the other.

    Args:
        folder: folder of the zygote, where the worker's own messages go too.
        number: for the name of its log.
    """

    def __init__(self, folder: Path, number: int) -> None:
        environment = {**os.environ, "NB2PIPE_ZYGOTE": str(folder)}
        with (folder / f"worker-{number}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "nb2pipe.execution.worker", "--serve"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                start_new_session=True,
            )
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self.folder = folder
        self.log = folder / f"worker-{number}.log"
        self.buffer = b""
        self.busy = False

    def give(self, task_path: str) -> None:
        """Give it a task."""
        assert self.process.stdin is not None
        self.busy = True
        with contextlib.suppress(BrokenPipeError):  # its end shows when its events are read
            self.process.stdin.write(task_path.encode() + b"\n")
            self.process.stdin.flush()

    def read(self) -> tuple[list[dict[str, object]], bool]:
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
        *lines, self.buffer = self.buffer.split(b"\n")
        return [json.loads(line) for line in lines], alive

    def close(self) -> None:
        """End it and wait for its end."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self.process.wait()


class ProcessHandle:
    """A task running in a worker."""

    def __init__(self, worker: WorkerProcess, task: Task) -> None:
        self._worker = worker
        self._task = task
        self._ended = False
        self._alive = True
        self._failure: CellFailure | None = None

    def fileno(self) -> int:
        """The worker's event pipe."""
        assert self._worker.process.stdout is not None
        return self._worker.process.stdout.fileno()

    @property
    def worker_pid(self) -> int:
        """Process id of the worker that has the task."""
        return self._worker.process.pid

    def events(self) -> list[CellEvent]:
        """Cell events since the last call."""
        raw, self._alive = self._worker.read()
        found = []
        for event in raw:
            if event["event"] == "ended":
                self._ended = True
                self._worker.busy = False
                if "failure" in event:
                    self._failure = from_json(CellFailure, event["failure"])
            elif event["event"] == "cell":
                found.append(CellEvent(int(str(event["index"])), str(event["state"]), str(event["at"])))
        return found

    def outcome(self) -> Outcome | None:
        """The outcome, None while the task runs."""
        if self._failure is not None:
            return Outcome(State.FAILED, self._failure)
        if self._ended:
            return read_outcome(self._task.outcome_path) or self._lost("left no outcome")
        if not self._alive:
            return self._lost(f"ended with {_ending(self._worker.process.wait())}")
        return None

    def _lost(self, what: str) -> Outcome:
        text = ""
        with contextlib.suppress(OSError):
            text = self._worker.log.read_text(errors="replace")[-4000:]
        failure = CellFailure(
            "internal",
            "WorkerLost",
            f"the worker of step {self._task.step!r} {what}",
            hint="run again; if it stays, the traceback says what the worker printed last",
            traceback=text,
        )
        return Outcome(State.FAILED, failure)

    def cancel(self) -> None:
        """Ask the worker to stop the task."""
        with contextlib.suppress(ProcessLookupError):
            self._worker.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the worker; the zygote ends its kernel."""
        self._worker.close()
        self._alive = False


class ProcessExecutor:
    """Runs tasks in worker processes on this machine.

    Making one starts a zygote and a first worker at once, so that both load while the caller still reads the notebook.
    """

    name = "process"

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="nb2p-"))
        self._left: list[Path] = []
        self._zygote = self._start_zygote()
        self._workers = [WorkerProcess(self._folder, 1)]
        self._count = 1

    def _start_zygote(self) -> subprocess.Popen[bytes]:
        # one hash seed for all kernels of a run: sets keep their order from step to step
        environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
        with (self._folder / "zygote.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "nb2pipe.execution.zygote", str(self._folder)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=environment,
                start_new_session=True,
            )

    @staticmethod
    def findings(pipeline: Pipeline) -> tuple[Diagnostic, ...]:
        """What processes on this machine make of the settings of a pipeline's steps."""
        return process_findings(pipeline)

    def start(self, task: Task, task_path: str) -> ProcessHandle:
        """Give the task to a free worker, or to a new one."""
        if self._zygote.poll() is not None:
            self._begin_anew()
        worker = next((each for each in self._workers if self._is_free(each)), None)
        if worker is None:
            self._count += 1
            worker = WorkerProcess(self._folder, self._count)
            self._workers.append(worker)
        worker.give(task_path)
        return ProcessHandle(worker, task)

    def _is_free(self, worker: WorkerProcess) -> bool:
        return not worker.busy and worker.process.poll() is None and worker.folder == self._folder

    def _begin_anew(self) -> None:
        """Start another zygote after one was killed, its kernels with it, for the steps that are still to run."""
        _close_input(self._zygote)
        self._left.append(self._folder)
        self._folder = Path(tempfile.mkdtemp(prefix="nb2p-"))
        self._zygote = self._start_zygote()

    def prepare(self, modules: Sequence[str], cwd: str) -> None:
        """Load modules for kernels to come."""
        assert self._zygote.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # its end shows when the next kernel is asked for
            self._zygote.stdin.write(json.dumps({"modules": list(modules), "cwd": cwd}).encode() + b"\n")
            self._zygote.stdin.flush()

    def close(self) -> None:
        """End workers, kernels and whatever their cells left running."""
        for worker in self._workers:
            worker.close()
        _close_input(self._zygote)
        try:
            self._zygote.wait(5)
        except subprocess.TimeoutExpired:
            self._zygote.kill()
            self._zygote.wait()
        for folder in (*self._left, self._folder):
            shutil.rmtree(folder, ignore_errors=True)


def _close_input(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # what was still to be written finds nobody
        process.stdin.close()


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
