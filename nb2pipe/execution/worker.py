"""The worker: runs one step, the same everywhere.

``python -m nb2pipe.execution.worker TASK.json`` runs one task and exits 0 when its outcome was written, whatever the
outcome is. ``python -m nb2pipe.execution.worker --serve`` reads tasks from standard input, one JSON object a line
(``listening`` has the words), runs them one after the other and ends when its input does. Events go to standard output,
one JSON object a line; the end of a task is ``{"event": "ended"}``. SIGTERM stops the running task as cancelled.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nb2pipe.errors import Nb2pipeError
from nb2pipe.execution.failures import machine_failure
from nb2pipe.execution.kernelspec import NATIVE_KERNEL, is_installed
from nb2pipe.execution.limits import limit_cpus
from nb2pipe.execution.listening import serve
from nb2pipe.execution.programs.door import Door
from nb2pipe.execution.secrets import resolve_secrets
from nb2pipe.execution.task import Outcome, Task, read_task, write_json
from nb2pipe.model import CellFailure, CellRun, State
from nb2pipe.model.json import to_json

SESSION = "__import__('nb2pipe.execution.session', fromlist=['session'])"


class Worker:
    """Runs tasks, one at a time, on kernels of one zygote.

    Args:
        events: descriptor for event lines.
        zygote_folder: folder of a zygote, or None to start kernels from their spec.
        in_container: whether this is a container for one step: it needs no second kernel, and its image, not the name
            of a kernel on the user's machine, says which Python runs.
    """

    def __init__(self, events: int, zygote_folder: str | None, *, in_container: bool = False) -> None:
        self._events = events
        self._zygote_folder = zygote_folder
        self._in_container = in_container
        self._stop: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._telling = threading.Lock()
        self._door: Door | None = None
        self.stop_wanted = False

    def tell(self, **event: Any) -> None:
        """Write an event line."""
        line = json.dumps(event).encode() + b"\n"
        with self._telling, contextlib.suppress(BrokenPipeError), open(self._events, "wb", closefd=False) as pipe:
            pipe.write(line)

    def hear(self, word: Mapping[str, Any]) -> None:
        """Pass on to the kernel what comes from a program in a container."""
        if self._door is not None:
            self._door.hear(word)

    def stop(self) -> None:
        """Stop the running task as cancelled; callable from a signal handler."""
        self.stop_wanted = True
        if self._stop is not None:
            loop, event = self._stop
            loop.call_soon_threadsafe(event.set)

    def run(self, path: str, secrets: Mapping[str, str] | None = None) -> None:
        """Run the task that stands at ``path`` and write its outcome.

        Args:
            path: of the task.
            secrets: values of the secrets that the task names; None to look them up here.
        """
        task = read_task(path)
        progress = _Progress(task, self)
        try:
            outcome = self._run(task, progress, resolve_secrets(task.settings.secrets) if secrets is None else secrets)
        except Nb2pipeError as error:
            outcome = _failed(CellFailure("internal", type(error).__name__, error.message, error.hint), progress)
        except Exception as error:  # foreign code anywhere below; it becomes the step's failure with its text
            outcome = _failed(machine_failure(task.step, error) or _internal(error, task), progress)
        try:
            write_json(task.outcome_path, outcome)
        except OSError as error:  # there is no room for it: what matters most goes through the pipe
            failure = outcome.failure or machine_failure(task.step, error) or _internal(error, task)
            self.tell(event="ended", failure=to_json(failure))
        else:
            self.tell(event="ended")

    def _run(self, task: Task, progress: _Progress, secrets: Mapping[str, str]) -> Outcome:
        from nb2pipe.execution.engine import StepExecution
        from nb2pipe.execution.guard import Guard
        from nb2pipe.execution.kernels import open_kernel

        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        deadline = None if task.timeout_s is None else time.monotonic() + task.timeout_s
        kernel = loop.run_until_complete(
            open_kernel(
                self._kernel_name(task),
                self._zygote_folder,
                cwd=task.state["cwd"],
                more=task.more and not self._in_container,
            )
        )
        with contextlib.suppress(ProcessLookupError):  # its end shows when it is asked
            limit_cpus(kernel.pid, task.settings.resources.cpus)
        stop = asyncio.Event()
        self._stop = (loop, stop)
        self._door = Door(self._zygote_folder, self.tell)
        if self.stop_wanted:
            stop.set()
        try:
            with Path(task.log_path).open("a", encoding="utf-8", errors="replace") as log:
                step = StepExecution(
                    guard=Guard(kernel, deadline, task.timeout_s, task.settings.resources.memory_mib, stop),
                    cells=task.cells,
                    log=log,
                    on_cell=progress.cell,
                    before=_before(task, self._zygote_folder, secrets, self._door.path),
                    between=f"{SESSION}.setup_done()" if task.state.get("session") else "",
                    behind_parameters=f"{SESSION}.parameters_done()" if task.state.get("session") else "",
                    after=f"{SESSION}.finish()" if task.state.get("session") else "",
                )
                _execute(task, step)
            return _outcome(task, step, progress)
        finally:
            self._stop = None
            self._door.close()
            loop.run_until_complete(kernel.close())
            asyncio.set_event_loop(None)
            loop.close()

    def _kernel_name(self, task: Task) -> str:
        if self._in_container and task.language == "python" and not is_installed(task.kernel_name):
            return NATIVE_KERNEL
        return task.kernel_name


class _Progress:
    """The states of a task's cells, told as they change."""

    def __init__(self, task: Task, worker: Worker) -> None:
        self._task = task
        self._worker = worker
        self.runs: dict[int, CellRun] = {}

    def cell(self, position: int, state: str) -> None:
        """A cell of the task started or ended."""
        cell = self._task.cells[position]
        if cell.index < 0:
            return
        now = datetime.now(UTC)
        before = self.runs.get(cell.index)
        self.runs[cell.index] = CellRun(
            cell.index,
            cell.id,
            State(state),
            before.started_at if before else now,
            None if state == "running" else now,
        )
        event = {"event": "cell", "index": cell.index, "state": state, "at": now.isoformat()}
        with contextlib.suppress(OSError), Path(self._task.events_path).open("a", encoding="utf-8") as kept:
            kept.write(json.dumps(event) + "\n")
        self._worker.tell(**event)


def _before(task: Task, zygote_folder: str | None, secrets: Mapping[str, str], door: str) -> tuple[str, ...]:
    """Code that prepares the kernel: where nb2pipe is (for another interpreter), secrets, the session."""
    if not task.state.get("session"):
        return ()
    lines = []
    if zygote_folder is None or task.state.get("foreign_kernel"):
        root = str(Path(__file__).resolve().parents[2])
        lines.append(f"__import__('sys').path.append({root!r})")
    if secrets:
        lines.append(_secrets_code(secrets, zygote_folder))
    state_path = str(Path(task.folder) / "state.json")
    write_json(state_path, {**task.state, "report": task.report_path, "door": door})
    lines.append(f"{SESSION}.begin({state_path!r})")
    return tuple(lines)


def _secrets_code(values: Mapping[str, str], folder: str | None) -> str:
    """Code that takes secrets from a file only we can read and removes the file; values are never in code or logs."""
    descriptor, path = tempfile.mkstemp(prefix="nb2p-", dir=folder)
    with os.fdopen(descriptor, "w") as file:
        json.dump(dict(values), file)
    return (
        f"__import__('os').environ.update(__import__('json').loads(open({path!r}).read())) "
        f"or __import__('os').unlink({path!r})"
    )


def _execute(task: Task, step: Any) -> None:
    from nbformat import from_dict

    from nb2pipe.execution.engine import Nb2pipeEngine

    cells = [_cell_node(cell) for cell in task.cells]
    metadata = {**task.metadata, "papermill": {}}
    notebook = from_dict({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
    Nb2pipeEngine.execute_notebook(
        notebook,
        task.kernel_name,
        output_path=task.notebook_path,
        progress_bar=False,
        autosave_cell_every=task.autosave_s,
        step=step,
    )


def _cell_node(cell: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": cell.id,
        "metadata": {**cell.metadata, "papermill": {}},
        "source": cell.source,
        "execution_count": None,
        "outputs": [],
    }


def _outcome(task: Task, step: Any, progress: _Progress) -> Outcome:
    report: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError):
        report = json.loads(Path(task.report_path).read_text(encoding="utf-8"))
    failure = step.failure
    error = report.get("error")
    if failure is not None and failure.kind == "exception" and error:
        failure = CellFailure(**{**vars(failure), "line": error.get("line")})
    if report.get("failure") and (failure is None or failure.kind == "exception"):  # the cause of what the cell raised
        failure = _placed(_in_cell(CellFailure(**report["failure"]), report.get("failure_count"), task), failure)
    state = State.SUCCEEDED
    if failure is not None:
        state = State.CANCELLED if failure.kind == "cancelled" else State.FAILED
    return Outcome(state, failure, tuple(progress.runs.values()), report, step.guard.kernel.peak_memory_bytes())


def _in_cell(failure: CellFailure, count: int | None, task: Task) -> CellFailure:
    """A failure at the cell with this ``In [n]``, if there is one."""
    cell = next((each for each in task.cells if count is not None and each.count == count), None)
    return failure if cell is None else replace(failure, cell_index=cell.index, cell_id=cell.id)


def _placed(found: CellFailure, raised: CellFailure | None) -> CellFailure:
    """What the session found, at the cell that raised because of it."""
    if raised is None or found.cell_index is not None:
        return found
    return replace(found, cell_index=raised.cell_index, cell_id=raised.cell_id, line=raised.line)


def _failed(failure: CellFailure, progress: _Progress) -> Outcome:
    return Outcome(State.FAILED, failure, tuple(progress.runs.values()))


def _internal(error: Exception, task: Task) -> CellFailure:
    return CellFailure(
        "internal",
        type(error).__name__,
        f"step {task.step!r} could not be run: {error}",
        hint="this is a fault of nb2pipe or of the environment, not of a cell; the traceback follows",
        traceback="".join(traceback.format_exception(error)),
    )


def main() -> None:
    """Run the tasks named on the command line, or serve."""
    events = os.dup(1)
    os.dup2(2, 1)
    worker = Worker(events, os.environ.get("NB2PIPE_ZYGOTE"))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    if sys.argv[1:] == ["--serve"]:
        source = os.dup(0)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        serve(worker, source)
    else:
        for path in sys.argv[1:]:
            worker.run(path)


if __name__ == "__main__":
    main()
