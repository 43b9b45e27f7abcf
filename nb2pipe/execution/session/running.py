"""What code of the notebook still runs when its step ends: threads, timers, tasks of asyncio.

Under Run All it runs on beside the cells that follow, which may see what it does. Here it ends with the step's kernel.
Threads of libraries are let be: they wait for work, or do what they do in every kernel.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Left:
    """Something that still runs: what it is in words, and the ``In [n]`` of the cell that began it, where known."""

    what: str
    count: int | None


class Running:
    """Follows what the cells of a step begin.

    Args:
        is_own: told a code object, whether it is of the notebook or of a module beside it.
    """

    def __init__(self, is_own: Callable[[types.CodeType], bool]) -> None:
        self._is_own = is_own
        self._before: set[Any] = set()
        self._begun: dict[Any, int | None] = {}

    def begin(self) -> None:
        """What runs now is none of the notebook's."""
        self._before = {*threading.enumerate(), *_tasks()}

    def after_cell(self, count: int | None) -> None:
        """Note what runs since this cell."""
        for each in (*threading.enumerate(), *_tasks()):
            if each not in self._before:
                self._begun.setdefault(each, count)

    def left(self) -> Left | None:
        """The first thing that still runs code of the notebook, or None."""
        told: list[tuple[Any, str]] = [(each, self._thread(each)) for each in threading.enumerate()]
        told += [(each, self._task(each)) for each in _tasks()]
        own = ((each, what) for each, what in told if what and each not in self._before)
        return next((Left(what, self._begun.get(each)) for each, what in own), None)

    def _thread(self, thread: threading.Thread) -> str:
        if thread is threading.current_thread() or not thread.is_alive():
            return ""
        if isinstance(thread, threading.Timer):
            return "" if thread.finished.is_set() else f"a timer of {thread.interval:g} s"
        own = next((code for code in _stack(thread) if self._is_own(code)), None)
        return "" if own is None else f"a thread in `{own.co_name}`"

    def _task(self, task: asyncio.Task[Any]) -> str:
        code: Any = getattr(task.get_coro(), "cr_code", None)
        return "" if task.done() or code is None or not self._is_own(code) else f"a task in `{code.co_name}`"


def _stack(thread: threading.Thread) -> Iterator[types.CodeType]:
    """The code that a thread is in, outermost last."""
    frame = sys._current_frames().get(thread.ident or 0)
    while frame is not None:
        yield frame.f_code
        frame = frame.f_back


def _tasks() -> set[asyncio.Task[Any]]:
    try:
        return asyncio.all_tasks()
    except RuntimeError:  # no loop runs here
        return set()
