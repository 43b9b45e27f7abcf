"""The handler of all operations but streams: who may, what is asked, the work on a thread, the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import APIHandler
from tornado import web

from nb2pipe.app.users import user_name
from nb2pipe.errors import Nb2pipeError
from nb2pipe.server.asking import Asked, Raw, Route, read_body, read_query, read_words, to_text
from nb2pipe.server.codes import ServiceError
from nb2pipe.server.problems import problem_of
from nb2pipe.server.service import Service

_ANONYMOUS = re.compile(r"[0-9a-f]{32}")


class Handler(APIHandler):
    """What all handlers of the service share: rights, and errors as JSON."""

    auth_resource = "nb2pipe"

    def initialize(self, service: Service, routes: Mapping[str, Route]) -> None:
        """Called by Tornado for each request.

        Args:
            service: what all requests share.
            routes: the operations of this address, by method.
        """
        self.service = service
        self.routes = routes

    async def permitted(self, method: str) -> Route:
        """The operation that is asked for, once it is known that whoever asks may do it.

        Raises:
            ServiceError: N2P857, there is no right to do it.
            HTTPError: this address has no such operation.
        """
        route = self.routes.get(method)
        if route is None:
            known = ", ".join(name.upper() for name in self.routes) or "none"
            raise web.HTTPError(405, f"There is no {method.upper()} here; there is: {known}.")
        for action, resource in route.rights:
            if not await ensure_async(self.authorizer.is_authorized(self, self.current_user, action, resource)):
                raise ServiceError("N2P857", 403, what=f"You have no right to {action} {resource}.")
        return route

    @web.authenticated
    async def head(self, *words: str) -> None:
        """Nothing: answers are as of now, and a size that is so no more helps nobody."""
        await self.permitted("head")

    @web.authenticated
    async def post(self, *words: str) -> None:
        """Nothing, unless a handler has it."""
        await self.permitted("post")

    @web.authenticated
    async def put(self, *words: str) -> None:
        """Nothing, unless a handler has it."""
        await self.permitted("put")

    @web.authenticated
    async def patch(self, *words: str) -> None:
        """Nothing, unless a handler has it."""
        await self.permitted("patch")

    @web.authenticated
    async def delete(self, *words: str) -> None:
        """Nothing, unless a handler has it."""
        await self.permitted("delete")

    def user(self) -> str:
        """The name to record of who asks: Jupyter's, but for the names that Jupyter makes up where it knows nobody.

        Who has the token of a server of one person is that person, whose name is that of the process.
        """
        user = self.current_user
        made_up = _ANONYMOUS.fullmatch(user.username) and str(user.name).startswith("Anonymous ")
        return user_name() if made_up else str(user.username)

    def write_error(self, status_code: int, **more: Any) -> None:
        """The JSON of an error, whatever raised it; no traceback leaves the server."""
        error = more.get("exc_info", (None, None, None))[1] or web.HTTPError(status_code)
        status, data = problem_of(error)
        self.set_status(status)
        if status == 405:
            self.set_header("Allow", ", ".join(name.upper() for name in self.routes))
        self.finish(to_text(data))

    def log_exception(self, kind: Any, error: Any, trace: Any) -> None:
        """Refusals are no news to the server's log; faults are."""
        if not isinstance(error, Nb2pipeError):
            super().log_exception(kind, error, trace)

    def set_default_headers(self) -> None:
        """Answers are as of now: nothing keeps them."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")


@web.stream_request_body
class Endpoint(Handler):
    """Answers one operation. The body is taken piece by piece, and what is too big is read past without being kept, so
    that its sender gets an answer.
    """

    async def prepare(self, **more: Any) -> None:
        """Before the body comes."""
        self._body = bytearray()
        self._size = 0
        route = self.routes.get(str(self.request.method).lower())
        self._most = route.most_bytes if route is not None else 0
        await super().prepare()

    def data_received(self, chunk: bytes) -> None:
        """A piece of the body."""
        self._size += len(chunk)
        if self._size <= self._most and self.current_user is not None:
            self._body += chunk
        else:
            self._body.clear()

    @web.authenticated
    async def get(self, *words: str) -> None:
        """Look."""
        await self._answer("get", words)

    @web.authenticated
    async def post(self, *words: str) -> None:
        """Do something, or ask with a body."""
        await self._answer("post", words)

    @web.authenticated
    async def patch(self, *words: str) -> None:
        """Change something."""
        await self._answer("patch", words)

    @web.authenticated
    async def delete(self, *words: str) -> None:
        """Remove something."""
        await self._answer("delete", words)

    async def _answer(self, method: str, words: tuple[str, ...]) -> None:
        route = await self.permitted(method)
        if self._size > self._most:
            raise ServiceError("N2P852", 413, size=self._size, most=self._most)
        found = await self.service.pool.run(self._work, route, words)
        self.set_status(route.status)
        if found.policy:
            self.set_header("Content-Security-Policy", found.policy)
        await self.finish(found.data, set_content_type=found.type)

    def _work(self, route: Route, words: tuple[str, ...]) -> Raw:
        """All that takes time, on a thread: it reads the request, and writes nothing of the answer."""
        query = {name: self.get_query_arguments(name, strip=False) for name in self.request.query_arguments}
        asked = Asked(
            self.user(),
            read_words(route, words),
            read_query(route, query),
            read_body(route, bytes(self._body), self.request.headers.get("Content-Type", "")),
        )
        found = route.use(self.service, asked)
        return found if isinstance(found, Raw) else Raw(to_text(found).encode())


class Nothing(Handler):
    """Answers addresses below the service's that it does not have."""

    async def prepare(self, **more: Any) -> None:
        """Nothing is here, for those who may ask."""
        await super().prepare()
        if self.current_user is None:
            raise web.HTTPError(403)
        raise web.HTTPError(404, "There is nothing at this address; openapi.json lists what there is.")
