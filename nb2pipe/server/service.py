"""What all requests share: settings, the folder served, threads, and who listens to changes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from nb2pipe.app.elsewhere.keeper import Keeper
from nb2pipe.app.spares import Spares
from nb2pipe.server.codes import ServiceError
from nb2pipe.server.contents import Contents
from nb2pipe.server.hub import Hub
from nb2pipe.settings import Settings, load_settings

P = ParamSpec("P")
T = TypeVar("T")
THREADS = 8
MOST_WAITING = 200
HEARTBEAT_S = 15.0
"""Seconds of silence on a stream after which a sign of life is sent: proxies cut connections that are silent."""


class Pool:
    """Threads for work that would block the server's loop, and a limit on what waits for them.

    Args:
        threads: how many work at once.
        most: how many pieces of work may be there, at work or waiting.
    """

    def __init__(self, threads: int = THREADS, most: int = MOST_WAITING) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="nb2pipe service")
        self._most = most
        self._open = 0

    async def run(self, work: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
        """The work's result.

        Raises:
            ServiceError: N2P855, too much waits already.
        """
        if self._open >= self._most:
            raise ServiceError("N2P855", 503)
        self._open += 1
        waiting = asyncio.get_running_loop().run_in_executor(self._threads, lambda: work(*args, **more))
        waiting.add_done_callback(self._done)
        return await waiting

    def _done(self, _: object) -> None:
        self._open -= 1

    def close(self) -> None:
        """Take no more work; what is at work is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


@dataclass
class Service:
    """The service of one server.

    Args:
        settings: the settings in force, read anew at each request so that a changed file counts.
        contents: the folder that Jupyter serves, as it is now.
        pool: threads for blocking work.
        hub: hands changes to those who listen.
        root: path of the service's address, without a slash at its end.
        heartbeat_s: seconds of silence on a stream of events after which a sign of life is sent.
        starting: held while a scheduler is started, so that two requests start one.
        spares: processes that stand ready for a run.
        keeper: keeps runs elsewhere up to date.
    """

    settings: Callable[[], Settings]
    contents: Callable[[], Contents]
    pool: Pool
    hub: Hub
    root: str
    heartbeat_s: float = HEARTBEAT_S
    starting: threading.Lock = field(default_factory=threading.Lock)
    spares: Spares = field(default_factory=Spares)
    keeper: Keeper = field(init=False)

    def __post_init__(self) -> None:
        self.keeper = Keeper(self.settings, followed=lambda: self.hub.followed)

    def settings_with(self, flags: Mapping[str, Any]) -> Settings:
        """The settings in force, with some that a client gives.

        Args:
            flags: by key.

        Raises:
            SettingsError: one of them is wrong.
        """
        own = self.settings()
        places = {"home": str(own.home), "store_url": own.store_url}
        return load_settings({**flags, **places}, cwd=self.contents().root)
