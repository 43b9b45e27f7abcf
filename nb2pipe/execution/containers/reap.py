"""Containers whose nb2pipe is gone are removed by the next one that looks.

Each executor that starts containers holds a lock on a file, which the system lets go when the process ends, however it
ends. A file that is not locked is what a dead one left behind.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from pathlib import Path

from nb2pipe.containers.engine import PATIENCE_S, Engine
from nb2pipe.execution.containers.spec import OWNER_LABEL

SUFFIX = ".owner"


_KEPT = ("name", "program", "patience_s")
"""Of the engine, in a mark: whoever removes the containers grants it the time that its user did."""


class Owner:
    """The mark of a living executor.

    Args:
        folder: where marks are.
        owner: its id, which all its containers bear as a label.
        engine: who runs them.
    """

    def __init__(self, folder: Path, owner: str, engine: Engine) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{owner}{SUFFIX}"
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        os.write(self._descriptor, json.dumps({name: getattr(engine, name) for name in _KEPT}).encode())

    def close(self, *, all_gone: bool = True) -> None:
        """Let the mark go.

        Args:
            all_gone: whether its containers have ended, so that nobody need look for them.
        """
        if all_gone:
            self._path.unlink(missing_ok=True)
        self.abandon()

    def abandon(self) -> None:
        """Let the mark go without removing it, as the end of the process does."""
        os.close(self._descriptor)


def reap(folder: Path) -> int:
    """Remove the containers and shared folders of executors that are gone.

    Args:
        folder: where marks are.

    Returns:
        How many containers were removed; those that an engine does not let go now are left for the next look.
    """
    removed = 0
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        with contextlib.suppress(OSError):  # another nb2pipe may be at it
            removed += _reap_one(path)
    return removed


def _reap_one(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        owner = path.name.removesuffix(SUFFIX)
        found = _remove_containers(os.read(descriptor, 4096), owner)
        if found is None:
            return 0
        shutil.rmtree(path.parent / owner, ignore_errors=True)
        path.unlink(missing_ok=True)
        return found
    finally:
        os.close(descriptor)


def _remove_containers(mark: bytes, owner: str) -> int | None:
    """How many were removed; None when the engine does not work."""
    try:
        data = json.loads(mark)
        engine = Engine(data["name"], data["program"], "", float(data.get("patience_s", PATIENCE_S)))
    except (ValueError, KeyError, TypeError):
        return 0  # it died before it started any
    listed = engine.run(
        "ps", "--all", "--quiet", "--filter", f"label={OWNER_LABEL}={owner}", patience_s=engine.patience_s
    )
    if listed.returncode:
        return None
    ids = listed.stdout.split()
    if not engine.remove(*ids):
        return None
    return len(ids)
