"""The cells of a step as the kernel runs them: their numbers, and where the last failure was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Cells:
    """Follows the cells that a shell runs.

    Args:
        shell: IPython's shell.
        counts: ``In [n]`` of the recorded cells in turn.
        before: told the source of each cell before it runs.
        after: told the source of each cell after it ran, and its ``In [n]`` if it has one.
    """

    def __init__(
        self,
        shell: Any,
        counts: tuple[int, ...],
        before: Callable[[str], None],
        after: Callable[[str, int | None], None],
    ) -> None:
        self.error: dict[str, Any] | None = None
        self._shell = shell
        self._counts = list(counts)
        self._before = before
        self._after = after

    def watch(self) -> None:
        """Begin to follow."""
        self._shell.events.register("pre_run_cell", self._pre)
        self._shell.events.register("post_run_cell", self._post)
        self._number_next()

    def unwatch(self) -> None:
        """Stop following."""
        self._shell.events.unregister("pre_run_cell", self._pre)
        self._shell.events.unregister("post_run_cell", self._post)

    def _number_next(self) -> None:
        if self._counts:
            self._shell.execution_count = count = self._counts.pop(0)
            history = self._shell.history_manager
            for kept in (history.input_hist_parsed, history.input_hist_raw):
                kept.extend([""] * (count - len(kept)))

    def _pre(self, info: Any) -> None:
        self._before(info.raw_cell or "")

    def _post(self, result: Any) -> None:
        error = result.error_before_exec or result.error_in_exec
        source = result.info.raw_cell or ""
        if error is not None:
            self.error = self._describe(error, source, result.execution_count)
        self._after(source, result.execution_count)
        if result.info.store_history:
            self._number_next()

    def _describe(self, error: BaseException, source: str, count: int | None) -> dict[str, Any]:
        filename = self._shell.compile.get_code_name(source, source, count or 0)
        line = None
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == filename:
                line = trace.tb_lineno
            trace = trace.tb_next
        if line is None and isinstance(error, SyntaxError):
            line = error.lineno
        return {"ename": type(error).__name__, "evalue": str(error), "line": line, "cell_number": count}
