"""Server-sent events: what changes, as it changes."""

from __future__ import annotations

import asyncio
import contextlib

from tornado import web
from tornado.iostream import StreamClosedError

from nb2pipe import __version__
from nb2pipe.server.asking import read_query
from nb2pipe.server.codes import ServiceError
from nb2pipe.server.endpoint import Handler
from nb2pipe.server.hub import RESET, Client

PATIENCE_S = 60.0
READY_S = 10.0
RETRY_MS = 2000


class Stream(Handler):
    """Sends events until its client goes. A client that does not read is dropped, and keeps nobody waiting."""

    _track_activity = False  # a tab that is open is no reason to keep a server

    @web.authenticated
    async def get(self) -> None:
        """Listen."""
        route = await self.permitted("get")
        query = read_query(route, {name: self.get_query_arguments(name) for name in self.request.query_arguments})
        if query["logs"] and not query.get("run"):
            raise ServiceError("N2P851", 422, what="Logs are of runs, and none is named.", advice="Name runs: run=ID.")
        last = self.request.headers.get("Last-Event-ID", "") or query.get("last_event_id", "")
        self._client = Client(frozenset(query.get("run", ())), query["logs"], self._drop)
        self.service.hub.join(self._client)
        try:
            await self._send(last)
        except (StreamClosedError, TimeoutError):
            self._drop()
        finally:
            self.service.hub.leave(self._client)

    def on_connection_close(self) -> None:
        """The client has gone."""
        client = getattr(self, "_client", None)
        if client is not None:
            client.leave()
        super().on_connection_close()

    async def _send(self, last: str) -> None:
        hub, client = self.service.hub, self._client
        self.set_header("Content-Type", "text/event-stream; charset=utf-8")
        self.set_header("X-Accel-Buffering", "no")
        with contextlib.suppress(TimeoutError):  # a store out of reach: the client learns that by an event
            await asyncio.wait_for(hub.ready.wait(), READY_S)
        missed = hub.since(last, client) if last else b""
        client.clear()
        client.is_greeted = True
        self.write(f"retry: {RETRY_MS}\n")
        self.write(hub.encoded("hello", {"version": __version__}))
        self.write(hub.encoded("reset", {"reason": RESET}) if missed is None else missed)
        await asyncio.wait_for(self.flush(), PATIENCE_S)
        while not client.is_gone:
            data = await client.take(self.service.heartbeat_s)
            if not client.is_gone:
                self.write(data or b": alive\n\n")
                await asyncio.wait_for(self.flush(), PATIENCE_S)

    def _drop(self) -> None:
        """Close the connection, whatever is in it still."""
        connection = getattr(self.request, "connection", None)
        stream = getattr(connection, "stream", None)
        if stream is not None:
            stream.close()
