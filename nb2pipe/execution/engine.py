"""The papermill engine that runs a step: papermill's conventions, without its costs.

Registered under papermill's entry point ``papermill.engine`` as ``nb2pipe``. What differs from papermill's own engine:
the notebook is saved by time instead of twice a cell; a dead kernel leaves the running cell failed and later cells
pending, instead of all completed; what a cell printed before a signal is kept; nobody waits for a kernel's shutdown.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

from nbclient.exceptions import CellExecutionError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine

from nb2pipe.execution.bookkeeping import TimedSaves
from nb2pipe.execution.failures import (
    cancelled_failure,
    death_failure,
    exception_failure,
    memory_failure,
    timeout_failure,
)
from nb2pipe.execution.kernels import Kernel
from nb2pipe.execution.limits import memory_mib
from nb2pipe.execution.streams import coalesce
from nb2pipe.execution.task import TaskCell
from nb2pipe.model import CellFailure

GRACE_S = 3.0
INTERRUPT_AGAIN_S = 0.5
MEMORY_LOOK_S = 0.1
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class StepExecution:
    """What the engine needs beyond the notebook to run a step, and what it found.

    Args:
        kernel: a kernel that answers.
        cells: the task's cells, one for each cell of the notebook.
        log: text stream that gets what the cells print, as they print it.
        on_cell: told (index of the cell in the task, state) as cells start and end.
        before: code for the kernel before the first cell; between: before the first cell of the step's own;
            behind_parameters: behind a parameters cell; after: behind the last cell. Empty texts are left out.
        deadline: ``time.monotonic()`` value after which the step is stopped, or None.
        memory_mib: memory the kernel may use, or None.
        stop: set from outside to stop the step.
        failure: why it failed.
        failed_at: position of the failing cell in the task.
    """

    kernel: Kernel
    cells: tuple[TaskCell, ...]
    log: IO[str]
    on_cell: Callable[[int, str], None]
    before: tuple[str, ...] = ()
    between: str = ""
    behind_parameters: str = ""
    after: str = ""
    deadline: float | None = None
    timeout_s: float | None = None
    memory_mib: int | None = None
    stop: asyncio.Event = field(default_factory=asyncio.Event)
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
        self.kc = step.kernel.client
        self.kc.allow_stdin = False
        self._step = step

    async def run(self) -> None:
        """Run all cells, up to the first failure."""
        self.reset_execution_trackers()
        for code in self._step.before:
            await self._ask(code)
        laid_over = False
        for position, task_cell in enumerate(self._step.cells):
            if task_cell.role not in ("setup", "parameters", "injected") and not laid_over:
                laid_over = True
                await self._ask(self._step.between)
            if not await self._run_cell(position, task_cell):
                break
            if task_cell.role == "parameters":
                await self._ask(self._step.behind_parameters)
        else:
            if not laid_over:
                await self._ask(self._step.between)
        if self._step.kernel.alive():
            await self._ask(self._step.after)
            self.set_widgets_metadata()

    async def _run_cell(self, position: int, task_cell: TaskCell) -> bool:
        cell = self.nb.cells[position]
        self.nb_man.cell_start(cell, position)
        self._step.on_cell(position, "running")
        if task_cell.role == "injected":
            cell.execution_count = task_cell.count
            good = True
        else:
            good = await self._watch(position, cell, task_cell)
            cell.outputs = coalesce(cell.outputs)
        if not good:
            self._step.failed_at = position
            self.nb_man.cell_exception(cell, cell_index=position)
        self.nb_man.cell_complete(cell, cell_index=position)
        self._step.on_cell(position, "succeeded" if good else "failed")
        return good

    async def _watch(self, position: int, cell: Any, task_cell: TaskCell) -> bool:
        """Execute a cell while looking for the kernel's death, the step's time and a wish to stop."""
        step = self._step
        running = asyncio.ensure_future(
            self.async_execute_cell(cell, position, store_history=task_cell.count is not None)
        )
        death = asyncio.ensure_future(step.kernel.died())
        stop = asyncio.ensure_future(step.stop.wait())
        greed = asyncio.ensure_future(self._too_much_memory())
        left = None if step.deadline is None else max(0.0, step.deadline - time.monotonic())
        await asyncio.wait({running, death, stop, greed}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        try:
            if running.done() and not death.done():
                return self._judge(running, cell, task_cell)
            if death.done():
                step.failure = death_failure(task_cell, await asyncio.to_thread(step.kernel.exit))
                return False
            if greed.done():
                step.kernel.kill()
                step.failure = memory_failure(task_cell, greed.result(), step.memory_mib)
                return False
            await self._stop(running, death, task_cell, stopped=stop.done())
            return False
        finally:
            for task in (running, death, stop, greed):
                task.cancel()
            await asyncio.gather(running, death, stop, greed, return_exceptions=True)

    def _judge(self, running: asyncio.Future[Any], cell: Any, task_cell: TaskCell) -> bool:
        try:
            running.result()
        except CellExecutionError as error:
            lines: list[str] = next(
                (each["traceback"] for each in reversed(cell.outputs) if each.output_type == "error"), []
            )
            text = "\n".join(lines)
            self._step.failure = exception_failure(task_cell, error.ename, error.evalue, text)
            return False
        return True

    async def _stop(
        self, running: asyncio.Future[Any], death: asyncio.Future[Any], task_cell: TaskCell, *, stopped: bool
    ) -> None:
        step = self._step
        for pause_s in (INTERRUPT_AGAIN_S, GRACE_S):  # a kernel that has not begun the cell yet ignores the first
            step.kernel.interrupt()
            await asyncio.wait({running, death}, timeout=pause_s, return_when=asyncio.FIRST_COMPLETED)
            if running.done() or death.done():
                break
        if not running.done() and not death.done():
            step.kernel.kill()
            await asyncio.wait({death}, timeout=GRACE_S)
        if stopped:
            step.failure = cancelled_failure(task_cell)
        else:
            step.failure = timeout_failure(task_cell, step.timeout_s)

    async def _too_much_memory(self) -> float:
        """Return the memory in use, in MiB, as soon as it is more than the step may use."""
        limit = self._step.memory_mib
        while True:
            await asyncio.sleep(MEMORY_LOOK_S)
            used = memory_mib(self._step.kernel.pid) if limit is not None else 0.0
            if limit is not None and used > limit:
                return used

    async def _ask(self, code: str) -> None:
        """Run code of ours silently in the kernel and wait for its end.

        Raises:
            RuntimeError: the code failed; the text is the kernel's traceback.
        """
        if not code:
            return
        client: Any = self.kc
        wanted = client.execute(code, silent=True, store_history=False)
        death = asyncio.ensure_future(self._step.kernel.died())
        try:
            while True:
                reply = asyncio.ensure_future(client.get_shell_msg(timeout=None))
                await asyncio.wait({reply, death}, return_when=asyncio.FIRST_COMPLETED)
                if not reply.done():
                    reply.cancel()
                    raise RuntimeError("the kernel ended while state was carried")
                message = reply.result()
                if message["parent_header"].get("msg_id") == wanted:
                    break
        finally:
            death.cancel()
        if message["content"]["status"] != "ok":
            raise RuntimeError("\n".join(message["content"].get("traceback", ["unknown error in the kernel"])))

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

    def _write(self, text: str) -> None:
        self._step.log.write(text)
        self._step.log.flush()


class _NoManager:
    """Stands where nbclient wants a kernel manager: the kernel is there, and is not nbclient's to end."""

    has_kernel = True
