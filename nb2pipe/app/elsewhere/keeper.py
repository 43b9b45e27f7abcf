"""Keeping runs elsewhere up to date while a service or a scheduler is there."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Collection
from types import TracebackType
from typing import Self

from nb2pipe.app.elsewhere.fired import keep_schedules
from nb2pipe.app.elsewhere.keep import SHOW_S, keep, open_runs
from nb2pipe.app.elsewhere.look import Wish
from nb2pipe.errors import Nb2pipeError
from nb2pipe.model import Run
from nb2pipe.settings import Settings
from nb2pipe.store import open_store
from nb2pipe.store.store import Store

EVERY_S = 5.0


class Keeper:
    """Asks after runs elsewhere, on a thread of its own as long as there are any. It raises nothing.

    Args:
        settings: the settings in force, read anew each time.
        tell: gets a line for each new thing worth knowing.
        every_s: seconds between two looks, and between two starts.
        followed: ids of the runs whose logs somebody reads as they grow.
    """

    def __init__(
        self,
        settings: Callable[[], Settings],
        tell: Callable[[str], None] = lambda line: None,
        every_s: float = EVERY_S,
        followed: Callable[[], Collection[str]] = frozenset,
    ) -> None:
        self._settings, self._tell, self._every_s = settings, tell, every_s
        self._followed = followed
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._looked_at = -math.inf
        self._is_asked = False
        self._stopped = threading.Event()
        self._told = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def nudge(self) -> None:
        """Have somebody look, soon: at once, or as soon as the last look is a few seconds ago."""
        with self._lock:
            self._is_asked = True
            if self._stopped.is_set() or (self._thread is not None and self._thread.is_alive()):
                return
            self._thread = threading.Thread(target=self._work, name="nb2pipe runs elsewhere", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def _work(self) -> None:
        has_more = True
        while has_more or self._is_wanted():
            self._stopped.wait(max(0.0, self._looked_at + self._every_s - time.monotonic()))
            if self._stopped.is_set():
                return
            self._looked_at, self._is_asked = time.monotonic(), False
            try:
                settings = self._settings()
                with open_store(settings.store_url, settings.home) as store:
                    has_more = self._look(store, settings)
            except Nb2pipeError as error:
                self._say(error.message)
                has_more = False

    def _is_wanted(self) -> bool:
        """Whether somebody asked meanwhile; where nobody did, the next who asks starts a thread anew."""
        with self._lock:
            if not self._is_asked:
                self._thread = None
            return self._is_asked

    def _look(self, store: Store, settings: Settings) -> bool:
        """Whether there is more to look at later."""
        problems = keep_schedules(store, settings.home, budget_s=SHOW_S)
        runs = open_runs(store)
        followed = self._followed()
        read, others = [run for run in runs if run.id in followed], [run for run in runs if run.id not in followed]
        stale = keep(store, settings, others, Wish(logs=True), budget_s=SHOW_S) if others else []
        for run in read:
            stale += keep(store, settings, [run], Wish(logs=True, steps=_growing(run)), budget_s=SHOW_S)
        self._say(next((each.problem for each in stale if not each.is_late), problems[0] if problems else ""))
        return bool(runs)

    def _say(self, line: str) -> None:
        if line and line != self._told:
            self._tell(f"runs elsewhere: {line}")
        self._told = line


def _growing(run: Run) -> tuple[str, ...]:
    """Steps whose logs are not there to their ends."""
    if run.elsewhere is None:
        return ()
    return tuple(each.step for each in run.elsewhere.steps if each.tasks[-1] not in run.elsewhere.fetched)
