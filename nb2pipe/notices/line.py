"""A connection that is cut when its time is over, however slowly the other side goes on."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self


class Line:
    """Cuts the sockets that it was told of once the time is over; while inside, and not before.

    Time-outs of sockets limit each single read, so that a server that sends a byte now and then would keep us for ever.

    Args:
        seconds: from entering on.
    """

    def __init__(self, seconds: float) -> None:
        self.is_cut = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()
        with self._lock:
            for each in self._sockets:
                each.close()
            self._sockets.clear()

    def add(self, connected: socket.socket) -> None:
        """Mind a socket; by a copy, since encryption puts another object in its place."""
        with self._lock:
            self._sockets.append(connected.dup())
            late = self.is_cut
        if late:
            self._cut()

    def _cut(self) -> None:
        self.is_cut = True
        with self._lock:
            for each in self._sockets:
                with contextlib.suppress(OSError):  # the other side was faster
                    each.shutdown(socket.SHUT_RDWR)
