"""Processes for scheduled runs, which outlive the scheduler that started them."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from nb2pipe.settings import Settings

_SAID_BYTES = 2000


class Children:
    """Starts the processes of runs and sees when they end. It neither stops them nor knows how their runs went.

    Args:
        settings: for home and store.
        wake_fd: readable when :meth:`wait` is to return at once; None for nothing of the kind.
    """

    def __init__(self, settings: Settings, wake_fd: int | None = None) -> None:
        self._runs = settings.home / "runs"
        self._places = json.dumps({"home": str(settings.home), "store_url": settings.store_url}).encode()
        self._wake_fd = wake_fd
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._watched: dict[int, str] = {}

    def start(self, run_id: str) -> None:
        """Start the process of a waiting run, in a session of its own so that no signal to us reaches it.

        Raises:
            OSError: the system has no room for it.
        """
        folder = self._runs / run_id
        folder.mkdir(parents=True, exist_ok=True)
        with self._log(run_id).open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "nb2pipe.cli.scheduled", run_id],
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError), process.stdin:  # it died already, which is seen later
            process.stdin.write(self._places)  # a URL may hold a password: not for the environment or command line
        self._processes[run_id] = process
        self._watched[os.pidfd_open(process.pid)] = run_id

    def running(self) -> frozenset[str]:
        """Runs whose process has not been seen to end."""
        return frozenset(self._processes)

    def ended(self) -> Mapping[str, str]:
        """Runs whose process has ended since the last question, each with what it said at the end."""
        done = {run_id: process for run_id, process in self._processes.items() if process.poll() is not None}
        for fd in [fd for fd, run_id in self._watched.items() if run_id in done]:
            del self._watched[fd]
            os.close(fd)
        return {run_id: self._said(run_id, self._processes.pop(run_id).returncode) for run_id in done}

    def wait(self, seconds: float) -> None:
        """Wait, until a process ends or somebody wakes us at the latest."""
        poll = select.poll()
        for fd in (*self._watched, *(() if self._wake_fd is None else (self._wake_fd,))):
            poll.register(fd, select.POLLIN)
        poll.poll(max(seconds, 0.0) * 1000)

    def _log(self, run_id: str) -> Path:
        return self._runs / run_id / "process.log"

    def _said(self, run_id: str, code: int) -> str:
        """The last of what a process said."""
        try:
            text = self._log(run_id).read_bytes()[-_SAID_BYTES:].decode("utf-8", "replace").strip()
        except OSError:
            text = ""
        return f"It ended with code {code}: {text}" if text else f"It ended with code {code}."
