"""Asking a run to stop: by signal, by another process, by code."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Cancel:
    """Whether somebody asked to stop, and who; shared by the threads of one run or batch."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self.reason = ""

    def request(self, reason: str) -> None:
        """Ask to stop; the first reason stays."""
        if not self._event.is_set():
            self.reason = reason
        self._event.set()

    def is_requested(self) -> bool:
        """Whether to stop."""
        return self._event.is_set()


@contextlib.contextmanager
def cancel_on_signals(cancel: Cancel) -> Iterator[None]:
    """While inside, Ctrl-C and the signals to end ask for a stop; a second one interrupts at once.

    Does nothing outside the main thread, where Python takes no signals, and leaves ignored signals ignored (``nohup``).
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, frame: FrameType | None) -> None:
        if cancel.is_requested():
            raise KeyboardInterrupt
        cancel.request(f"cancelled by {signal.Signals(number).name}")

    before = {number: signal.getsignal(number) for number in SIGNALS}
    kept = {number: old for number, old in before.items() if old is not signal.SIG_IGN and old is not None}
    for number in kept:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, old in kept.items():
            signal.signal(number, old)
