"""The papermill engine that runs a step: papermill's conventions, without its costs.

Registered under papermill's entry point ``papermill.engine`` as ``nb2pipe``. What differs from papermill's own engine:
the notebook is saved by time instead of twice a cell; a dead kernel leaves the running cell failed and later cells
pending, instead of all completed; what a cell printed before a signal is kept; nobody waits for a kernel's shutdown.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from nbclient.exceptions import CellExecutionError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine

from nb2pipe.execution.bookkeeping import TimedSaves
from nb2pipe.execution.failures import AFTER, BEFORE, SAVING, Moment, exception_failure, refusal_failure
from nb2pipe.execution.guard import Guard
from nb2pipe.execution.outputs import PARTS, output_of
from nb2pipe.execution.streams import coalesce
from nb2pipe.execution.task import TaskCell
from nb2pipe.model import CellFailure

AFTER_FAILURE_S = 60.0
PACKAGE = f"{Path(__file__).parents[1]}/"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class StepExecution:
    """What the engine needs beyond the notebook to run a step, and what it found.

    Args:
        guard: a kernel that answers, and what it may use.
        cells: the task's cells, one for each cell of the notebook.
        log: text stream that gets what the cells print, as they print it.
        on_cell: told (index of the cell in the task, state) as cells start and end.
        before: code for the kernel before the first cell; between: before the first cell of the step's own;
            behind_parameters: behind a parameters cell; after: behind the last cell. Empty texts are left out.
        failure: why it failed.
        failed_at: position of the failing cell in the task.
    """

    guard: Guard
    cells: tuple[TaskCell, ...]
    log: IO[str]
    on_cell: Callable[[int, str], None]
    before: tuple[str, ...] = ()
    between: str = ""
    behind_parameters: str = ""
    after: str = ""
    failure: CellFailure | None = None
    failed_at: int | None = None


class Nb2pipeEngine(NBClientEngine):  # type: ignore[misc]
    """Runs a step when given a ``StepExecution``; without one it is papermill's own engine with timed saves."""

    @classmethod
    def execute_notebook(
        cls,
        nb: Any,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool = True,
        log_output: bool = False,
        autosave_cell_every: float = 30,
        **kwargs: Any,
    ) -> Any:
        """Run ``nb`` under papermill's bookkeeping and return it executed."""
        manager = TimedSaves(
            nb,
            output_path=output_path,
            progress_bar=progress_bar,
            log_output=log_output,
            autosave_cell_every=0,
            least_s=autosave_cell_every,
        )
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, log_output=log_output, **kwargs)
        finally:
            manager.notebook_complete()
        return manager.nb

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, log_output: bool = False, step: StepExecution | None = None, **kwargs: Any
    ) -> Any:
        """Run the cells: those of a step when ``step`` is given, else as papermill does."""
        if step is None:
            return super().execute_managed_notebook(nb_man, kernel_name, log_output=log_output, **kwargs)
        client = StepClient(nb_man, step)
        return asyncio.get_event_loop().run_until_complete(client.run())


class StepClient(PapermillNotebookClient):  # type: ignore[misc]
    """Executes the cells of one step in a kernel that is already there."""

    def __init__(self, manager: TimedSaves, step: StepExecution) -> None:
        super().__init__(manager, km=_NoManager(), coalesce_streams=False, store_widget_state=True)
        self.clear_before_next_output = False
        self.kc = step.guard.kernel.client
        self.kc.allow_stdin = False
        self._step = step

    async def run(self) -> None:
        """Run all cells, up to the first failure, and let the kernel save what they left."""
        self.reset_execution_trackers()
        with contextlib.suppress(_EndedError):
            await self._run_cells()
        if self._step.guard.is_gone:
            return
        if self._step.failure is not None:
            self._step.guard.relax(AFTER_FAILURE_S)
        with contextlib.suppress(_EndedError):
            await self._ask(self._step.after, self._last(SAVING))
        self.set_widgets_metadata()

    async def _run_cells(self) -> None:
        cells = self._step.cells
        first = Moment(next((cell for cell in cells if cell.index >= 0), None), BEFORE)
        for code in self._step.before:
            await self._ask(code, first)
        laid_over = False
        for position, task_cell in enumerate(cells):
            if task_cell.role not in ("setup", "parameters", "injected") and not laid_over:
                laid_over = True
                await self._ask(self._step.between, Moment(task_cell, BEFORE))
            await self._run_cell(position, task_cell)
            if task_cell.role == "parameters":
                await self._ask(self._step.behind_parameters, Moment(task_cell, AFTER))
        if not laid_over:
            await self._ask(self._step.between, self._last(AFTER))

    def _last(self, words: str) -> Moment:
        """A moment behind the last cell that ran, or the one that failed."""
        ran = self._step.cells if self._step.failed_at is None else self._step.cells[: self._step.failed_at + 1]
        return Moment(next((cell for cell in reversed(ran) if cell.index >= 0), None), words)

    async def _run_cell(self, position: int, task_cell: TaskCell) -> None:
        """Run one cell.

        Raises:
            _EndedError: it failed.
        """
        cell = self.nb.cells[position]
        self.nb_man.cell_start(cell, position)
        self._step.on_cell(position, "running")
        if task_cell.role == "injected":
            cell.execution_count = task_cell.count
        else:
            self._step.failure = await self._execute(position, cell, task_cell)
            cell.outputs = coalesce(cell.outputs)
        good = self._step.failure is None
        if not good:
            self._step.failed_at = position
            self.nb_man.cell_exception(cell, cell_index=position)
        self.nb_man.cell_complete(cell, cell_index=position)
        self._step.on_cell(position, "succeeded" if good else "failed")
        if not good:
            raise _EndedError

    async def _execute(self, position: int, cell: Any, task_cell: TaskCell) -> CellFailure | None:
        running = asyncio.ensure_future(
            self.async_execute_cell(cell, position, store_history=task_cell.count is not None)
        )
        failure = await self._step.guard.wait(running, Moment(task_cell))
        if failure is not None:
            return failure
        try:
            running.result()
        except CellExecutionError as error:
            raised: dict[str, Any] = next(
                (each for each in reversed(cell.outputs) if each.output_type == "error"), {"traceback": []}
            )
            raised["traceback"] = [part for part in raised["traceback"] if not _is_ours(part)]
            return exception_failure(task_cell, error.ename, error.evalue, "\n".join(raised["traceback"]))
        return None

    async def _ask(self, code: str, moment: Moment) -> None:
        """Run code of ours silently in the kernel and wait for its end.

        Raises:
            _EndedError: the kernel ended, or had to be ended; the step's first failure says why.
            RuntimeError: the code failed; the text is the kernel's traceback.
        """
        if not code:
            return
        reply = asyncio.ensure_future(self._answer(code))
        failure = await self._step.guard.wait(reply, moment)
        content = {"status": "ok"} if failure is not None else reply.result()
        if content["status"] != "ok":
            failure = refusal_failure(moment, content)
            if failure is None:
                raise RuntimeError("\n".join(content.get("traceback", ["unknown error in the kernel"])))
        if failure is not None:
            self._step.failure = self._step.failure or failure
            raise _EndedError

    async def _answer(self, code: str) -> Any:
        """The content of the kernel's reply to code of ours."""
        client: Any = self.kc
        wanted = client.execute(code, silent=True, store_history=False)
        while True:
            message = await client.get_shell_msg(timeout=None)
            if message["parent_header"].get("msg_id") == wanted:
                return message["content"]

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Keep an output in the cell, and its text in the log at once."""
        output = super().process_message(msg, cell, cell_index)
        kind = msg["msg_type"]
        if kind == "stream":
            self._write(msg["content"]["text"])
        elif kind in ("execute_result", "display_data"):
            self._write(msg["content"]["data"].get("text/plain", "") + "\n")
        elif kind == "error":
            self._write(ANSI.sub("", "\n".join(msg["content"]["traceback"])) + "\n")
        return output

    def output(self, outs: list[Any], msg: Any, display_id: str | None, cell_index: int) -> Any:
        """Add an output to a cell's, unless a widget takes it: as nbclient does, with outputs of our own making."""
        if self.output_hook_stack[msg["parent_header"].get("msg_id")] or msg["msg_type"] not in PARTS:
            return super().output(outs, msg, display_id, cell_index)
        output = output_of(msg)
        if self.clear_before_next_output:
            outs.clear()
            self.clear_display_id_mapping(cell_index)
            self.clear_before_next_output = False
        if display_id:
            self._display_id_map.setdefault(display_id, {}).setdefault(cell_index, []).append(len(outs))
        outs.append(output)
        return output

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError):  # a full disk: said when the log is closed, and the cell goes on
            self._step.log.write(text)
            self._step.log.flush()


def _is_ours(part: str) -> bool:
    """Whether a part of IPython's traceback is a frame of nb2pipe's, as where a cell reads a value that is damaged."""
    place = ANSI.sub("", part).lstrip().removeprefix("File ")
    return place.startswith((PACKAGE, PACKAGE.replace(str(Path.home()), "~", 1)))


class _EndedError(Exception):
    """Nothing more is to be asked of the kernel; the step's failure says why."""


class _NoManager:
    """Stands where nbclient wants a kernel manager: the kernel is there, and is not nbclient's to end."""

    has_kernel = True
