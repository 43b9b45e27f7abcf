"""Calls by HTTP: ``POST /nb2pipe/call/NAME``, with a bearer token, by Python's own server."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from typing import Any

from nb2pipe.app.schedules.requests import CallRequest
from nb2pipe.scheduling.codes import refusal
from nb2pipe.settings import Settings
from nb2pipe.store.store import Store

MOST_AT_ONCE = 32
"""Requests at once; further ones wait in the system's queue."""
_ADDRESS = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<host>[^:\[\]]+)):(?P<port>\d{1,5})")


class CallServer(ThreadingHTTPServer):
    """Takes calls, each in a thread of its own.

    Args:
        address: host and port.
        settings: the settings in force.
        store: an open one, which threads share.
        tell: gets a line for each call that was answered.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], settings: Settings, store: Store, tell: Callable[[str], None]) -> None:
        self.settings = settings
        self.store = store
        self.tell = tell
        self._places = threading.Semaphore(MOST_AT_ONCE)
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, CallRequest)

    def server_bind(self) -> None:
        """As the base does, without asking a name server for our own name."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a request, as soon as there is a place for it."""
        self._places.acquire()
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._places.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer a request, and make its place free."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


def address_of(text: str) -> tuple[str, int]:
    """Host and port of ``127.0.0.1:8765``, ``localhost:8765`` or ``[::1]:8765``; port 0 means any that is free.

    Raises:
        SettingsError: N2P815, it is none of these.
    """
    found = _ADDRESS.fullmatch(text.strip())
    if found is None or int(found["port"]) > 65535:
        raise refusal("N2P815", address=text, what="that is no address with a port")
    return (found["six"] or found["host"], int(found["port"]))


@contextlib.contextmanager
def listening(address: str | None, settings: Settings, store: Store, tell: Callable[[str], None]) -> Iterator[None]:
    """While inside, calls are taken.

    Args:
        address: host and port; None to take none.
        settings: the settings in force.
        store: an open one.
        tell: gets a line for each thing worth knowing.

    Raises:
        SettingsError: N2P815, the address is wrong or taken.
    """
    if address is None:
        yield
        return
    host, port = address_of(address)
    try:
        server = CallServer((host, port), settings, store, tell)
    except OSError as error:
        raise refusal("N2P815", address=address, what=(error.strerror or str(error)).lower()) from error
    shown = f"[{host}]" if ":" in host else host
    tell(f"takes calls at http://{shown}:{server.server_port}/nb2pipe/call/NAME")
    if not _is_loopback(str(server.server_address[0])):
        tell("warning: other machines can reach this address, and tokens cross the network unencrypted:")
        tell("    put a server with TLS before it, or listen at 127.0.0.1")
    thread = threading.Thread(target=server.serve_forever, name="calls", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def _is_loopback(host: str) -> bool:
    return ipaddress.ip_address(host.partition("%")[0]).is_loopback
