"""The one thread of a server that looks at the store for all who listen; it rests while nobody does."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from functools import partial
from logging import Logger

from nb2pipe.app.images.watch import BuildWatcher
from nb2pipe.app.watch import Change, Watcher
from nb2pipe.errors import Nb2pipeError
from nb2pipe.server.hub import Hub
from nb2pipe.settings import Settings
from nb2pipe.store import open_store

LOOK_EVERY_S = 0.5
LOST_EVERY = 4
PATIENCE_S = 5.0
GRACE_S = 60.0
"""Seconds for which the store is watched on after the last listener left, who may come back."""


class WatchThread:
    """Publishes what changes in the store while somebody listens.

    Args:
        hub: whom to tell.
        settings: the settings in force.
        shown: a change as clients see it.
        log: for what goes wrong.
    """

    def __init__(
        self, hub: Hub, settings: Callable[[], Settings], shown: Callable[[Change], Change], log: Logger
    ) -> None:
        self._hub = hub
        self._settings = settings
        self._shown = shown
        self._log = log
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Have the thread run; to be called on the server's loop."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            threading.Thread(target=self._work, name="nb2pipe watcher", daemon=True).start()

    def _work(self) -> None:
        while True:
            self._hub.wanted.wait()
            try:
                self._watch()
            except Exception as error:  # whatever a look meets, those who listen are told, and it is tried again
                message = error.message if isinstance(error, Nb2pipeError) else f"{type(error).__name__}: {error}"
                self._log.warning("nb2pipe: the store cannot be watched: %s", message, exc_info=True)
                self._call(
                    partial(self._hub.publish, [Change("store", "", {"is_reachable": False, "message": message})])
                )
                self._call(self._hub.ready.set)
                time.sleep(PATIENCE_S)

    def _watch(self) -> None:
        """Look again and again with one store, until nobody listens; every look after a pause compares anew."""
        settings = self._settings()
        with open_store(settings.store_url, settings.home) as store:
            watcher = Watcher(store, settings)
            store.mark_interrupted()
            builds = BuildWatcher(settings.home)
            watcher.look()
            builds.look()
            self._call(self._hub.begin)
            count, wanted_at = 0, time.monotonic()
            while time.monotonic() - wanted_at < GRACE_S:
                time.sleep(LOOK_EVERY_S)
                count += 1
                if count % LOST_EVERY == 0:
                    store.mark_interrupted()
                changes = [self._shown(change) for change in (*watcher.look(self._hub.followed), *builds.look())]
                if changes:
                    self._call(partial(self._hub.publish, changes))
                if self._hub.wanted.is_set():
                    wanted_at = time.monotonic()
        self._call(self._hub.forget)

    def _call(self, work: Callable[[], None]) -> None:
        assert self._loop is not None
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(work)
