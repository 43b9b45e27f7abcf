"""Ending processes with all that they started; light, for the process that kernels are forked from."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - nothing is made there, and what is removed bears the id of a process of ours
JOBLIB = ("joblib_memmapping_folder_{pid}_*", "sem.loky-{pid}-*")
"""Arrays lent to workers, and the semaphores of their queues; names as joblib 1.3 to 1.5 make them."""


def kill_group(pid: int) -> None:
    """Kill a process and its process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def sweep(pid: int) -> None:
    """Remove what joblib keeps in shared memory for a process that is gone, which its end would have removed.

    Args:
        pid: of a process that was killed, so that what it had asked for at its end never ran.
    """
    for pattern in JOBLIB:
        for path in SHARED_MEMORY.glob(pattern.format(pid=pid)):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with contextlib.suppress(OSError):
                    path.unlink()


def descendants(root: int) -> list[int]:
    """Process ids below ``root``, deepest last, read from /proc."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir() if Path("/proc").is_dir() else ():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found: list[int] = []
    todo = [root]
    while todo:
        for child in children.get(todo.pop(), ()):
            found.append(child)
            todo.append(child)
    return found
