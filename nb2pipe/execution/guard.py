"""Waiting for the kernel while it may end, use too much, take too long, or be stopped from outside."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from nbclient.exceptions import DeadKernelError

from nb2pipe.execution.failures import Moment, cancelled_failure, death_failure, memory_failure, timeout_failure
from nb2pipe.execution.kernels import Kernel
from nb2pipe.execution.limits import memory_mib
from nb2pipe.model import CellFailure

GRACE_S = 3.0
INTERRUPT_AGAIN_S = 0.5
MEMORY_LOOK_S = 0.1


@dataclass
class Guard:
    """The one place where the worker waits for the kernel, so that no end of it goes unnoticed.

    Args:
        kernel: the kernel.
        deadline: ``time.monotonic()`` value after which the step is stopped, or None.
        timeout_s: the step's time, for the message.
        memory_limit_mib: memory the kernel may use, or None.
        stop: set from outside to stop the step.
        is_gone: whether the kernel was seen to have ended, or was ended here.
    """

    kernel: Kernel
    deadline: float | None = None
    timeout_s: float | None = None
    memory_limit_mib: int | None = None
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    is_gone: bool = False

    def relax(self, most_s: float) -> None:
        """Look no longer for a wish to stop, and leave the kernel ``most_s`` seconds: the step has failed already."""
        self.stop = asyncio.Event()
        self.deadline = time.monotonic() + most_s

    async def wait(self, doing: asyncio.Future[Any], moment: Moment) -> CellFailure | None:
        """Wait for an answer of the kernel.

        Args:
            doing: done when the kernel has answered; cancelled here if it will not be any more.
            moment: what the kernel does meanwhile.

        Returns:
            Why the kernel was stopped or ended without an answer; None once ``doing`` is done.
        """
        death = asyncio.ensure_future(self.kernel.died())
        stop = asyncio.ensure_future(self.stop.wait())
        greed = asyncio.ensure_future(self._greed())
        left = None if self.deadline is None else max(0.0, self.deadline - time.monotonic())
        try:
            await asyncio.wait({doing, death, stop, greed}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if doing.done() and isinstance(doing.exception(), DeadKernelError):
                await death  # nbclient may see it an instant before we do
            if doing.done() and not death.done():
                return self._last_look(moment) if doing.exception() is None else None
            if death.done():
                return await self._dead(moment)
            if greed.done():
                return self._too_much(moment, greed.result())
            await self._interrupt(doing, death)
            return cancelled_failure(moment) if stop.done() else timeout_failure(moment, self.timeout_s)
        finally:
            for task in (doing, death, stop, greed):
                task.cancel()
            await asyncio.gather(doing, death, stop, greed, return_exceptions=True)

    def _last_look(self, moment: Moment) -> CellFailure | None:
        """What is too much although the kernel has answered: a cell may be quicker than our looks."""
        used = self._used_mib()
        limit = self.memory_limit_mib
        return self._too_much(moment, used) if limit is not None and used > limit else None

    async def _dead(self, moment: Moment) -> CellFailure:
        self.is_gone = True
        return death_failure(moment, await asyncio.to_thread(self.kernel.exit))

    def _too_much(self, moment: Moment, used_mib: float) -> CellFailure:
        self._kill()
        return memory_failure(moment, used_mib, self.memory_limit_mib)

    async def _interrupt(self, doing: asyncio.Future[Any], death: asyncio.Future[Any]) -> None:
        for pause_s in (INTERRUPT_AGAIN_S, GRACE_S):  # a kernel that has not begun the cell yet ignores the first
            self.kernel.interrupt()
            await asyncio.wait({doing, death}, timeout=pause_s, return_when=asyncio.FIRST_COMPLETED)
            if doing.done() or death.done():
                break
        if not doing.done():
            self._kill()
            await asyncio.wait({death}, timeout=GRACE_S)

    def _kill(self) -> None:
        self.is_gone = True
        self.kernel.kill()

    def _used_mib(self) -> float:
        return 0.0 if self.memory_limit_mib is None else memory_mib(self.kernel.pid)

    async def _greed(self) -> float:
        """Return the memory in use, in MiB, as soon as it is more than the step may use."""
        while True:
            await asyncio.sleep(MEMORY_LOOK_S)
            used = self._used_mib()
            if self.memory_limit_mib is not None and used > self.memory_limit_mib:
                return used
