"""Who runs a run, and whether that process is still there."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from nb2pipe.model import Run

_PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process, told from a later one with the same number.

    Args:
        host: name of its machine.
        machine: boot and process namespace in which ``pid`` means this process.
        pid: its number.
        started_at: clock ticks from boot to its start; 0 where the system does not say.
    """

    host: str
    machine: str
    pid: int
    started_at: int


def this_process() -> Process:
    """The process that asks."""
    return process_here(os.getpid())


def process_here(pid: int) -> Process:
    """A process of this machine."""
    return Process(host=socket.gethostname(), machine=this_machine(), pid=pid, started_at=_start_of(pid) or 0)


def with_process(run: Run, process: Process | None = None) -> Run:
    """The run with a process as the one that runs it; None for this one."""
    process = process or this_process()
    return replace(
        run,
        host=process.host,
        machine=process.machine,
        pid=process.pid,
        process_started_at=process.started_at,
    )


@cache
def this_machine() -> str:
    """The running boot and process namespace; host name where the system tells neither."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{(_PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return socket.gethostname()


def is_alive(pid: int, started_at: int) -> bool:
    """Whether this machine still has that very process.

    Args:
        pid: number of the process.
        started_at: clock ticks from boot to its start; 0 if not known, then the number alone counts.
    """
    if _PROC.joinpath("self/stat").exists():
        found = _start_of(pid)
        return found is not None and started_at in (0, found)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # there, and someone else's
    return True


def _start_of(pid: int) -> int | None:
    """Start in clock ticks since boot; None when there is no such process, or only its corpse (proc(5), stat)."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # the name before it may hold spaces and parentheses
    return None if fields[0] in "ZX" else int(fields[19])
