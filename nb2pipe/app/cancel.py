"""Asking a run to stop: by signal, by another process, by code."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Cancel:
    """Whether somebody asked to stop, and who; shared by threads.

    Args:
        parent: a wider one, of a batch for one of its runs; who stops that stops this, but not the other way round.
    """

    def __init__(self, parent: Cancel | None = None) -> None:
        self._event = threading.Event()
        self._parent = parent
        self._reason = ""

    def request(self, reason: str) -> None:
        """Ask to stop; the first reason stays."""
        if not self._event.is_set():
            self._reason = reason
        self._event.set()

    def is_requested(self) -> bool:
        """Whether to stop."""
        return self._event.is_set() or (self._parent is not None and self._parent.is_requested())

    @property
    def reason(self) -> str:
        """Who asked, in words; empty while nobody did."""
        return self._reason or (self._parent.reason if self._parent is not None else "")


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
