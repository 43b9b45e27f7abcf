"""Processes that stand ready for a run before it is asked for, so that its first step starts at once."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

from nb2pipe.app.executors import AUTO, PROCESS
from nb2pipe.app.home import check_home
from nb2pipe.app.spawning import places, spawn
from nb2pipe.errors import Nb2pipeError
from nb2pipe.execution.process import ReadyKernels
from nb2pipe.settings import Settings
from nb2pipe.store import open_store

READY = "--ready"
LIFE_S = 180.0
"""Seconds that a process stands ready; then it ends by itself."""
MARGIN_S = 10.0
"""One that will end within so many seconds is not taken any more."""
LOG = "spare.log"


class Spares:
    """At most one process that stands ready, for a home and store.

    Args:
        life_s: seconds that one stands ready.
    """

    def __init__(self, life_s: float = LIFE_S) -> None:
        self._life_s = life_s
        self._lock = threading.Lock()
        self._spare: tuple[subprocess.Popen[bytes], dict[str, str], float] | None = None

    def ready(self, settings: Settings) -> bool:
        """Have a process that stands ready.

        Args:
            settings: for home and store, and for whether steps run as processes.

        Returns:
            Whether one was started; there was one already otherwise.

        Raises:
            ExecutionError: the system has no room for it, or home cannot be written to.
        """
        with self._lock:
            found = self._usable(settings, self._life_s / 2)
            if found is not None:
                return False
            self._end()
            check_home(settings.home)
            process = spawn(settings.home, settings.home / LOG, words=(READY,))
            has_kernels = settings.executor == PROCESS or (settings.executor == AUTO and not settings.image)
            first = {"settings": places(settings), "kernels": has_kernels, "life_s": self._life_s}
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError):  # it died already: it will not be taken
                process.stdin.write(json.dumps(first).encode() + b"\n")
                process.stdin.flush()
            self._spare = process, places(settings), time.monotonic()
        threading.Thread(target=process.wait, name="nb2pipe spare", daemon=True).start()
        return True

    def take(self, settings: Settings, log: Path) -> subprocess.Popen[bytes] | None:
        """The process that stands ready, which is to be told what to run; None if there is none.

        Args:
            settings: for home and store.
            log: file that what it says from now on is added to; made here.
        """
        with self._lock:
            process = self._usable(settings, MARGIN_S)
            if process is not None:
                log.parent.mkdir(parents=True, exist_ok=True)
                log.touch()
                self._spare = None
            return process

    def close(self) -> None:
        """Let the process end that stands ready."""
        with self._lock:
            self._end()

    def _usable(self, settings: Settings, left_s: float) -> subprocess.Popen[bytes] | None:
        if self._spare is None:
            return None
        process, where, since = self._spare
        is_young = time.monotonic() - since < self._life_s - left_s
        return process if is_young and where == places(settings) and process.poll() is None else None

    def _end(self) -> None:
        if self._spare is not None and self._spare[0].stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._spare[0].stdin.close()
        self._spare = None


def await_order(source: BinaryIO) -> tuple[dict[str, Any], ReadyKernels | None]:
    """What the process that stands ready is to do, once it is told; called in that process.

    Args:
        source: standard input, unbuffered.

    Returns:
        The order, empty if none came in time or whoever would give one is gone; and the kernels made ready for it.
    """
    first = json.loads(source.readline() or b"{}")
    if not first:
        return {}, None
    kernels = ReadyKernels(Path(first["settings"]["home"])) if first["kernels"] else None
    order: dict[str, Any] = {}
    try:
        with contextlib.suppress(Nb2pipeError):  # the run itself will say what is wrong with the store
            open_store(first["settings"]["store_url"], Path(first["settings"]["home"])).close()
        if select.select([source], [], [], first["life_s"])[0]:
            order = json.loads(source.read() or b"{}")
    finally:
        if not order and kernels is not None:
            kernels.close()
    return order, kernels


def say_into(log: str) -> None:
    """Add what this process and those that it starts say from now on to another file."""
    sys.stdout.flush()
    sys.stderr.flush()
    with Path(log).open("ab") as said:
        for number in (1, 2):
            os.dup2(said.fileno(), number)
