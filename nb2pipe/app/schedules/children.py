"""Processes for scheduled runs, which outlive the scheduler that started them."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from nb2pipe.settings import Settings

_SAID_BYTES = 2000


@dataclass(frozen=True)
class _Child:
    """A process, a descriptor that is readable once it has ended, and the file that it writes to."""

    process: subprocess.Popen[bytes]
    fd: int
    said: IO[bytes]


class Children:
    """Starts the processes of runs and sees when they end. It neither stops them nor knows how their runs went.

    Args:
        settings: for home and store.
        wake_fd: readable when :meth:`wait` is to return at once; None for nothing of the kind.
    """

    def __init__(self, settings: Settings, wake_fd: int | None = None) -> None:
        self._folder = settings.home
        self._places = {"home": str(settings.home), "store_url": settings.store_url}
        self._wake_fd = wake_fd
        self._children: dict[str, _Child] = {}
        self._spare: _Child | None = None

    def prepare(self) -> None:
        """Have a process ready that only needs to be told its run; it goes away with us.

        Raises:
            OSError: the system has no room for it.
        """
        if self._spare is None or self._spare.process.poll() is not None:
            self._drop_spare()
            self._spare = self._new()

    def start(self, run_id: str) -> None:
        """Start the process of a waiting run, in a session of its own so that no signal to us reaches it.

        Raises:
            OSError: the system has no room for it.
        """
        self.prepare()
        assert self._spare is not None
        child, self._spare = self._spare, None
        self._children[run_id] = child
        assert child.process.stdin is not None
        # A URL may hold a password: not for the environment or a command line.
        order = json.dumps({"run_id": run_id, "settings": self._places}).encode()
        with contextlib.suppress(BrokenPipeError), child.process.stdin:  # it died already, which is seen later
            child.process.stdin.write(order)

    def running(self) -> frozenset[str]:
        """Runs whose process has not been seen to end."""
        return frozenset(self._children)

    def ended(self) -> Mapping[str, str]:
        """Runs whose process has ended since the last question, each with what it said at the end."""
        done = [run_id for run_id, child in self._children.items() if child.process.poll() is not None]
        return {run_id: _last_words(self._children.pop(run_id)) for run_id in done}

    def wait(self, seconds: float) -> None:
        """Wait, until a process ends or somebody wakes us at the latest."""
        poll = select.poll()
        for child in self._children.values():
            poll.register(child.fd, select.POLLIN)
        if self._wake_fd is not None:
            poll.register(self._wake_fd, select.POLLIN)
        poll.poll(max(seconds, 0.0) * 1000)

    def close(self) -> None:
        """Let go of the process that waits for a run; those that have one go on."""
        self._drop_spare()

    def _new(self) -> _Child:
        self._folder.mkdir(parents=True, exist_ok=True)
        said = tempfile.TemporaryFile()  # noqa: SIM115 - closed once its process has ended
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "nb2pipe.cli.scheduled"],
                cwd=self._folder,
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        except OSError:
            said.close()
            raise
        return _Child(process, os.pidfd_open(process.pid), said)

    def _drop_spare(self) -> None:
        if self._spare is None:
            return
        child, self._spare = self._spare, None
        assert child.process.stdin is not None
        child.process.stdin.close()  # it ends by itself
        child.process.wait()
        _last_words(child)


def _last_words(child: _Child) -> str:
    """How a process ended and the last that it said; its files are closed."""
    with child.said as said:
        said.seek(max(said.seek(0, os.SEEK_END) - _SAID_BYTES, 0))
        text = said.read().decode("utf-8", "replace").strip()
    os.close(child.fd)
    return f"It ended with code {child.process.returncode}: {text}".removesuffix(": ")
