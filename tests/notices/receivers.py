"""Servers that take notices in, and answer as tests say."""

from __future__ import annotations

import http.server
import json
import queue
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PATIENCE_S = 60.0


@dataclass(frozen=True)
class Answer:
    """What a web server answers: with status 0 it hangs up, with status -1 it says nothing until the test ends, with
    -2 it sends a byte now and then and never ends."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True)
class Request:
    """What a web server got."""

    path: str
    headers: Mapping[str, str]
    data: dict[str, Any]


class Web:
    """A web server that answers each request with the next of ``answers``, and with 200 when there are no more."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.answers: list[Answer] = []
        self._scheme = "https" if context else "http"
        self._got: queue.Queue[Request] = queue.Queue()
        self._over = threading.Event()
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                data = json.loads(self.rfile.read(length))
                owner._got.put(Request(self.path, {k.lower(): v for k, v in self.headers.items()}, data))
                owner._answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def _answer(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        answer = self.answers.pop(0) if self.answers else Answer()
        if answer.status == -2:
            while not self._over.wait(0.05):
                try:
                    handler.wfile.write(b"H")
                except OSError:
                    return
        if answer.status == -1:
            self._over.wait(PATIENCE_S)
        if answer.status <= 0:
            return
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(answer.body.encode())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str = "/") -> str:
        """Where it is."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}{path}"

    def next(self) -> Request:
        """The next request, once it has come."""
        return self._got.get(timeout=PATIENCE_S)

    def rest(self) -> list[Request]:
        """All requests that have come and were not asked for."""
        found = []
        while not self._got.empty():
            found.append(self._got.get())
        return found


class Mailbox:
    """What a mail server does with mail: keeps it, or refuses it as a test says."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.logins: list[tuple[str, str]] = []
        self.refuse = ""
        self.unknown: set[str] = set()

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """Let in who knows the password."""
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"sesame", handled=False)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take an address that is known."""
        if address in self.unknown:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep it."""
        if self.refuse:
            return self.refuse
        self.mails.append(envelope)
        return "250 OK"


class MailServer(Controller):
    """A mail server on this machine, at a port that the system chooses."""

    def __init__(self, mailbox: Mailbox, **options: Any) -> None:
        super().__init__(mailbox, hostname="127.0.0.1", port=0, ready_timeout=PATIENCE_S, **options)

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def a_certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate of this machine's own address that nobody knows, and a server's side of it."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    command = ["openssl", *words.split(), "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return certificate, context


@contextmanager
def silent_server() -> Iterator[int]:
    """The port of a server that takes connections and never says a word, while inside."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        yield port
