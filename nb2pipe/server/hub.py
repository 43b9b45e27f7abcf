"""Hands changes to those who listen: one ring of events for all, a short queue for each."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nb2pipe.app.watch import Change
from nb2pipe.server.asking import to_text
from nb2pipe.server.codes import ServiceError

MOST_CLIENTS = 1000
MOST_EVENTS = 5000
MOST_BYTES = 16 * 2**20
MOST_QUEUED = 1000
RESET = "Not all changes were seen; load again what is shown."


@dataclass(frozen=True)
class Event:
    """An event as it goes over the wire.

    Args:
        number: one more than that of the event before.
        kind: of the change.
        run_id: the run concerned; empty for none.
        data: the bytes of the event.
    """

    number: int
    kind: str
    run_id: str
    data: bytes


class Client:
    """One who listens. What it does not take in time is not kept for it: it is dropped, and may come back.

    Args:
        runs: only events of these runs, and those of no run; empty for all.
        logs: whether it wants the logs of these runs.
        drop: called when it is too slow.
    """

    def __init__(self, runs: frozenset[str], logs: bool, drop: Callable[[], None]) -> None:
        self.runs = runs
        self.logs = logs and bool(runs)
        self.is_gone = False
        self.is_greeted = False
        self._drop = drop
        self._queue: deque[bytes] = deque()
        self._news = asyncio.Event()

    def offer(self, event: Event) -> None:
        """Queue an event that it wants."""
        if self.is_gone or not self.wants(event):
            return
        if len(self._queue) >= MOST_QUEUED:
            self.leave()
            self._drop()
            return
        self._queue.append(event.data)
        self._news.set()

    def wants(self, event: Event) -> bool:
        """Whether an event is for it."""
        if event.kind == "log" and not self.logs:
            return False
        return not self.runs or not event.run_id or event.run_id in self.runs

    def leave(self) -> None:
        """It listens no more; whoever waits for its events is told."""
        self.is_gone = True
        self._queue.clear()
        self._news.set()

    def clear(self) -> None:
        """Forget what has come so far: it is told otherwise."""
        self._queue.clear()

    async def take(self, timeout_s: float) -> bytes:
        """All that has come; nothing if nothing does within the time, or when it is gone."""
        if not self._queue and not self.is_gone:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), timeout_s)
            except TimeoutError:
                return b""
        data = b"".join(self._queue)
        self._queue.clear()
        return data


class Hub:
    """Keeps the latest events and the clients; used on the server's loop alone, but for ``followed`` and ``wanted``.

    Args:
        start: called when the first client comes, to have the store watched.
    """

    def __init__(self, start: Callable[[], None] = lambda: None) -> None:
        self.followed: frozenset[str] = frozenset()
        self.wanted = threading.Event()
        self.ready = asyncio.Event()
        self.start = start
        self._epoch = secrets.token_hex(4)
        self._number = 0
        self._ring: deque[Event] = deque()
        self._bytes = 0
        self._clients: set[Client] = set()

    def join(self, client: Client) -> None:
        """Let a client listen from now on.

        Raises:
            ServiceError: N2P855, there are too many.
        """
        if len(self._clients) >= MOST_CLIENTS:
            raise ServiceError("N2P855", 503)
        self._clients.add(client)
        self._count()
        self.start()

    def leave(self, client: Client) -> None:
        """Forget a client."""
        client.leave()
        self._clients.discard(client)
        self._count()

    def begin(self) -> None:
        """The store is watched from now on. What changed before was not seen: those who rely on it are to load anew."""
        if any(client.is_greeted for client in self._clients):
            self.publish([Change("reset", "", {"reason": RESET})])
        self.ready.set()

    def forget(self) -> None:
        """The store is not watched any more: ids given so far say nothing of what changes meanwhile."""
        self.ready.clear()
        self._epoch = secrets.token_hex(4)
        self._ring.clear()
        self._bytes = 0

    def publish(self, changes: Iterable[Change]) -> None:
        """Hand changes to all who want them, and keep them for those who come back."""
        for change in changes:
            self._number += 1
            data = self.encoded(change.kind, change.data)
            event = Event(self._number, change.kind, change.run_id, data)
            self._keep(event)
            for client in tuple(self._clients):
                client.offer(event)

    def since(self, last: str, client: Client) -> bytes | None:
        """What a client missed since the event of an id; None where that is not known any more."""
        epoch, _, number = last.partition("-")
        if epoch != self._epoch or not number.isdecimal() or len(number) > 18:
            return None
        first = self._ring[0].number if self._ring else self._number + 1
        if not first - 1 <= int(number) <= self._number:
            return None
        return b"".join(event.data for event in self._ring if event.number > int(number) and client.wants(event))

    def encoded(self, kind: str, data: object) -> bytes:
        """An event as bytes, with the id of the latest one."""
        return f"id: {self._epoch}-{self._number}\nevent: {kind}\ndata: {to_text(data)}\n\n".encode()

    def _keep(self, event: Event) -> None:
        self._ring.append(event)
        self._bytes += len(event.data)
        while len(self._ring) > MOST_EVENTS or self._bytes > MOST_BYTES:
            self._bytes -= len(self._ring.popleft().data)

    def _count(self) -> None:
        self.followed = frozenset().union(*(client.runs for client in self._clients if client.logs))
        if self._clients:
            self.wanted.set()
        else:
            self.wanted.clear()
