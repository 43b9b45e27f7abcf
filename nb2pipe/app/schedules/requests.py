"""One request to set off a schedule: read within limits of size and time, answered in JSON."""

from __future__ import annotations

import contextlib
import io
import json
import socket
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote, urlsplit

from nb2pipe.app.schedules.calls import call_schedule
from nb2pipe.errors import Nb2pipeError, RefusedError, SettingsError, StoreError
from nb2pipe.scheduling.codes import refusal

PATH = "/nb2pipe/call/"
MOST_BODY_BYTES = 1 << 20
MOST_HEAD_BYTES = 1 << 15
LONGEST_S = 10.0
"""Seconds in which a whole request must have come."""
LINGER_S = 2.0
"""Seconds in which a client must have taken its answer."""
STATUSES = {
    "N2P809": HTTPStatus.NOT_FOUND,
    "N2P810": HTTPStatus.UNAUTHORIZED,
    "N2P811": HTTPStatus.CONFLICT,
    "N2P812": HTTPStatus.CONFLICT,
    "N2P806": HTTPStatus.CONFLICT,
}
_CODE = "N2P816"


class _Late(OSError):
    """The client took too long."""


class _Long(OSError):
    """The client sent too much."""


class _Bounded(io.RawIOBase):
    """What a client sends, up to a number of bytes and a moment."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._until = time.monotonic() + LONGEST_S
        self.left = MOST_HEAD_BYTES

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """As much as has come."""
        seconds = self._until - time.monotonic()
        if seconds <= 0:
            raise _Late
        if self.left <= 0:
            raise _Long
        self._connection.settimeout(seconds)
        try:
            count = self._connection.recv_into(memoryview(buffer)[: self.left])
        except TimeoutError as error:
            raise _Late from error
        self.left -= count
        return count


class CallRequest(BaseHTTPRequestHandler):
    """Answers one request, and closes the connection. Its server has ``settings``, ``store`` and ``tell``."""

    protocol_version = "HTTP/1.1"
    server_version = "nb2pipe"
    sys_version = ""

    def setup(self) -> None:
        """Read within limits."""
        super().setup()
        self._bounded = _Bounded(self.connection)
        self.rfile = io.BufferedReader(self._bounded, 1 << 14)
        self.command, self.requestline, self.request_version = "", "", self.protocol_version  # until they are read

    def finish(self) -> None:
        """Close once the client has had its answer: with something unread left, the system would throw that away."""
        super().finish()
        until = time.monotonic() + LINGER_S
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            while (seconds := until - time.monotonic()) > 0:
                self.connection.settimeout(seconds)
                if not self.connection.recv(1 << 16):
                    break

    def handle_one_request(self) -> None:
        """As the base does; a client that sends too much or too slowly is told so, if it still listens."""
        try:
            super().handle_one_request()
        except _Late:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, f"The request had not come whole within {LONGEST_S:g} s.")
        except _Long:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The head of the request is too long.")
        self.close_connection = True

    def do_POST(self) -> None:
        """A call."""
        self.close_connection = True
        parts = urlsplit(self.path)
        name = unquote(parts.path.removeprefix(PATH))
        if not parts.path.startswith(PATH) or not name:
            self._refuse(HTTPStatus.NOT_FOUND, "There is nothing at this path.")
            return
        scheme, _, token = (self.headers["Authorization"] or "").partition(" ")
        try:
            if scheme.lower() != "bearer" or not token.strip():
                raise refusal("N2P810", what="The call has no token.")
            asked = self._body()
            if asked is None:
                return
            server: Any = self.server
            key = self.headers["Idempotency-Key"] or ""
            called = call_schedule(name, token.strip(), asked, server.settings, key=key, store=server.store)
        except Nb2pipeError as error:
            self._refuse_error(error)
            return
        except OSError:  # the client's, seen to further out
            raise
        except Exception as error:  # whatever a call meets, its caller is answered
            self.log_call(f"a call failed: {error!r}")
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "The call failed here.")
            return
        self.log_call(f"{name}: called, run {called.run_id}" + (" again" if called.is_repeated else ""))
        self._answer(HTTPStatus.ACCEPTED, {"run_id": called.run_id, "is_repeated": called.is_repeated})

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base finds wrong, in JSON: methods that there are not, heads that are none."""
        self.close_connection = True
        status = HTTPStatus(code)
        if status is HTTPStatus.NOT_IMPLEMENTED:
            status, message = HTTPStatus.METHOD_NOT_ALLOWED, f"There is no {self.command} here."
        self._refuse(status, message or status.phrase)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are told of when they are answered."""

    def log_call(self, line: str) -> None:
        """Tell of a call."""
        server: Any = self.server
        server.tell(line)

    def _body(self) -> dict[str, Any] | None:
        """The parameters that the request asks for; None where it has been answered already."""
        if self.headers["Transfer-Encoding"]:
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "The request has no Content-Length.")
            return None
        length = self.headers["Content-Length"] or "0"
        if not (length.isascii() and length.isdigit()):
            self._refuse(HTTPStatus.BAD_REQUEST, f"Content-Length is {length[:40]!r}.")
            return None
        if len(length) > 12 or int(length) > MOST_BODY_BYTES:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body is larger than {MOST_BODY_BYTES} bytes.")
            return None
        self._bounded.left = int(length)
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self._refuse(HTTPStatus.BAD_REQUEST, "The request broke off.")
            return None
        return _parameters(body)

    def _refuse_error(self, error: Nb2pipeError) -> None:
        found = error.diagnostics[0] if isinstance(error, RefusedError) and error.diagnostics else None
        code = found.code if found else ""
        status = STATUSES.get(code, HTTPStatus.UNPROCESSABLE_ENTITY)
        message, hint = error.message, error.hint
        if isinstance(error, StoreError):  # its words name places that are nobody's business out there
            status, message, hint = HTTPStatus.SERVICE_UNAVAILABLE, "The store does not answer.", "Try again later."
            self.log_call(f"a call failed: {error.message}")
        self._answer(status, {"code": code, "message": message, "hint": hint})

    def _refuse(self, status: HTTPStatus, what: str) -> None:
        error = refusal(_CODE, what=what)
        self._answer(status, {"code": _CODE, "message": error.message, "hint": error.hint})

    def _answer(self, status: HTTPStatus, data: dict[str, Any]) -> None:
        body = json.dumps(data).encode() + b"\n"
        self.request_version = self.protocol_version  # whatever the client claims to speak, it gets a head
        try:
            self.connection.settimeout(LONGEST_S)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            if status is HTTPStatus.UNAUTHORIZED:
                self.send_header("WWW-Authenticate", "Bearer")
            if status is HTTPStatus.METHOD_NOT_ALLOWED:
                self.send_header("Allow", "POST")
            self.end_headers()
            self.wfile.write(body if self.command != "HEAD" else b"")
        except OSError:
            self.close_connection = True  # nobody listens any more


def _parameters(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError) as error:
        raise _wrong(f"The body is not JSON: {str(error)[:200]}.") from error
    if not isinstance(said, dict):
        raise _wrong("The body is no JSON object.")
    if others := sorted(set(said) - {"parameters"}):
        raise _wrong(f"The body has {others[0][:80]!r}, which means nothing here.")
    parameters = said.get("parameters", {})
    if not isinstance(parameters, dict):
        raise _wrong("The parameters are no JSON object.")
    return parameters


def _wrong(what: str) -> SettingsError:
    return refusal("N2P813", what=what, advice='Send a body such as {"parameters": {"rows": 10}}.')
