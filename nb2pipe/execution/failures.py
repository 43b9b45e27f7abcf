"""Why a cell ended its step, in words for the reader of the notebook."""

from __future__ import annotations

import signal
from typing import Any

from nb2pipe.execution.kernels import KernelExit
from nb2pipe.execution.task import TaskCell
from nb2pipe.model import CellFailure


def exception_failure(cell: TaskCell, name: str, message: str, traceback: str) -> CellFailure:
    """The cell raised."""
    return CellFailure("exception", name, message, traceback=traceback, **_place(cell))


def cancelled_failure(cell: TaskCell) -> CellFailure:
    """Somebody stopped the step."""
    return CellFailure("cancelled", "Cancelled", "stopped while this cell ran", **_place(cell))


def timeout_failure(cell: TaskCell, timeout_s: float | None) -> CellFailure:
    """The step's time was over."""
    message = f"the step's time of {timeout_s or 0:g} s ended in this cell"
    hint = "raise `timeout_s` in the step's settings, or make the cell faster"
    return CellFailure("timeout", "Timeout", message, hint, **_place(cell))


def memory_failure(cell: TaskCell, used_mib: float, limit_mib: int | None) -> CellFailure:
    """The step used more memory than it may."""
    message = f"the step used {used_mib:.0f} MiB of memory, more than its limit of {limit_mib} MiB"
    hint = "raise `memory_mib` in the step's settings, or use less data; later cells did not run"
    return CellFailure("memory", "MemoryLimit", message, hint, **_place(cell))


def death_failure(cell: TaskCell, how: KernelExit) -> CellFailure:
    """The kernel ended while the cell ran."""
    memory = how.peak_memory_bytes
    used = f"; it had used {memory / 2**20:.0f} MiB of memory" if memory else ""
    if how.signal is None:
        name = f"exit code {how.code}" if how.code is not None else "ended"
        message = f"the kernel ended by itself ({name}) while this cell ran{used}"
        hint = "the cell, or something it calls, ends the process (os._exit, exit in compiled code)"
    else:
        name = _signal_name(how.signal)
        message = f"the kernel was killed by {name} while this cell ran{used}"
        hint = "a crash in compiled code: look at what this cell calls"
        if name == "SIGKILL":
            hint = "so the system ends a process that runs out of memory: use less data or a machine with more"
    return CellFailure("kernel_died", name, message, f"{hint}; later cells did not run", **_place(cell))


def _place(cell: TaskCell) -> dict[str, Any]:
    return {"cell_index": cell.index, "cell_id": cell.id}


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
