"""Why a step ended at or near a cell, in words for the reader of the notebook."""

from __future__ import annotations

import errno
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nb2pipe.errors
from nb2pipe.errors import Nb2pipeError
from nb2pipe.execution.kernels import KernelExit
from nb2pipe.execution.task import TaskCell
from nb2pipe.model import CellFailure

RUNNING = "while this cell ran"
BEFORE = "before this cell ran"
AFTER = "after this cell"
SAVING = "after this cell, while what the step leaves was saved"
_ROOM = "make room (nb2pipe runs prune removes old runs) or set `home` to another disk, then run again"
_MEND = "look at the folder that the setting `home` names and at its disk, then run again"
_REFUSED = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EACCES: _MEND,
    errno.EROFS: _MEND,
    errno.EIO: _MEND,
    errno.ENOENT: _MEND,
    errno.EMFILE: "raise the limit of open files (ulimit -n), or run fewer steps at a time (--jobs)",
    errno.ENOMEM: "use less data or a machine with more memory",
}
_LATER = "later cells did not run"


@dataclass(frozen=True)
class Moment:
    """When something happened to the kernel: the nearest cell, None where there is none, and how it lies to it."""

    cell: TaskCell | None
    words: str = RUNNING

    @property
    def place(self) -> dict[str, Any]:
        """Where the reader of the notebook finds the cell; the cell of injected parameters is none of theirs."""
        if self.cell is None or self.cell.index < 0:
            return {}
        return {"cell_index": self.cell.index, "cell_id": self.cell.id}


def exception_failure(cell: TaskCell, name: str, message: str, traceback: str) -> CellFailure:
    """The cell raised."""
    return CellFailure("exception", name, message, traceback=traceback, **Moment(cell).place)


def cancelled_failure(moment: Moment) -> CellFailure:
    """Somebody stopped the step."""
    return CellFailure("cancelled", "Cancelled", f"stopped {moment.words}", **moment.place)


def timeout_failure(moment: Moment, timeout_s: float | None) -> CellFailure:
    """The step's time was over."""
    message = f"the step's time of {timeout_s or 0:g} s ended {moment.words}"
    what = "make the cell faster" if moment.words == RUNNING else "let the step leave less"
    hint = f"raise `timeout_s` in the step's settings, or {what}"
    return CellFailure("timeout", "Timeout", message, hint, **moment.place)


def memory_failure(moment: Moment, used_mib: float, limit_mib: int | None) -> CellFailure:
    """The step used more memory than it may."""
    message = f"the step used {used_mib:.0f} MiB of memory {moment.words}, more than its limit of {limit_mib} MiB"
    hint = f"raise `memory_mib` in the step's settings, or use less data; {_LATER}"
    return CellFailure("memory", "MemoryLimit", message, hint, **moment.place)


def death_failure(moment: Moment, how: KernelExit) -> CellFailure:
    """The kernel ended by itself, or something outside ended it."""
    memory = how.peak_memory_bytes
    used = f"; it had used {memory / 2**20:.0f} MiB of memory" if memory else ""
    if how.signal is None and how.code is None:
        name = "ended"
        message = f"the kernel ended {moment.words}, and the process that makes kernels with it"
        hint = "so the system may end processes when memory runs out: look at its log, then run again"
    elif how.signal is None:
        name = f"exit code {how.code}"
        message = f"the kernel ended by itself ({name}) {moment.words}{used}"
        hint = "the cell, or something it calls, ends the process (os._exit, exit in compiled code)"
    else:
        name = _signal_name(how.signal)
        message = f"the kernel was killed by {name} {moment.words}{used}"
        hint = "a crash in compiled code: look at what this cell calls"
        if name == "SIGKILL":
            hint = "so the system ends a process that runs out of memory: use less data or a machine with more"
    return CellFailure("kernel_died", name, message, f"{hint}; {_LATER}", **moment.place)


def refusal_failure(moment: Moment, reply: Mapping[str, Any]) -> CellFailure | None:
    """What the kernel raised when code of ours ran in it, where that is no fault of ours; None where it is.

    Args:
        moment: when.
        reply: content of the kernel's reply.
    """
    name, text = str(reply.get("ename", "")), str(reply.get("evalue", ""))
    if name == "MemoryError":
        message = f"there was no memory left {moment.words}"
        return CellFailure("memory", name, message, "use less data or a machine with more memory", **moment.place)
    known = getattr(nb2pipe.errors, name, None)
    if isinstance(known, type) and issubclass(known, Nb2pipeError):
        message, _, hint = text.partition("\n    ")
        return CellFailure("internal", name, message, hint, **moment.place)
    number = re.match(r"\[Errno (\d+)\]", text)
    if number and int(number[1]) in _REFUSED:
        return CellFailure("internal", name, f"{text} {moment.words}", _REFUSED[int(number[1])], **moment.place)
    return None


def machine_failure(step: str, error: Exception) -> CellFailure | None:
    """What the system refused the worker itself, such as room on the disk; None where it is no such thing."""
    if not isinstance(error, OSError) or error.errno not in _REFUSED:
        return None
    message = f"step {step!r} could not be run to its end: {error}"
    return CellFailure("internal", type(error).__name__, message, _REFUSED[error.errno])


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
