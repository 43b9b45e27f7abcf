"""Looking at the data of schedules, in threads beside the scheduler's rounds."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from nb2pipe.errors import Nb2pipeError
from nb2pipe.scheduling.data.watcher import LONGEST_WAIT_S, Watcher
from nb2pipe.store.store import Store


@contextlib.contextmanager
def watching(store: Store, leads: Callable[[], bool], tell: Callable[[str], None]) -> Iterator[None]:
    """While inside, data is looked at, as long as this process is the one that sees to schedules.

    Args:
        store: an open one, which threads share.
        leads: whether this process sees to schedules now.
        tell: gets a line for each thing worth knowing.
    """
    ended = threading.Event()

    def say(line: str) -> None:
        if not ended.is_set():
            tell(line)

    watcher = Watcher(store.triggers, monotonic=time.monotonic, spawn=_spawn, tell=say)

    def work() -> None:
        wait_s = 0.0
        while not ended.wait(wait_s):
            try:
                wait_s = watcher.round() if leads() else LONGEST_WAIT_S / 4
            except Exception as error:  # whatever a round meets, those to come are not lost with it
                say(f"trying again: {error if isinstance(error, Nb2pipeError) else repr(error)}")
                wait_s = LONGEST_WAIT_S

    thread = threading.Thread(target=work, name="data", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=LONGEST_WAIT_S)


def _spawn(work: Callable[[], None]) -> None:
    """A thread that does not keep the process alive: a URL may never answer."""
    threading.Thread(target=work, name="look", daemon=True).start()
