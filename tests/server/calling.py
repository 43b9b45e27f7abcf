"""A real Jupyter server with the service, and those who call it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.house.source import ROOT

DEADLINE_S = 120.0
API = "/nb2pipe/api"
ALONE = ("--allow-root", "--no-browser", "--ip=127.0.0.1")


@dataclass
class Server:
    """A server that runs.

    Args:
        root: folder that it serves.
        home: of nb2pipe.
        process: the server.
        port: of its address on this machine.
        log: lines that it wrote so far.
    """

    root: Path
    home: Path
    process: subprocess.Popen[str]
    port: int = 0
    log: list[str] = field(default_factory=list)

    def api(self, name: str = "ann") -> Api:
        """Somebody who calls the service."""
        return Api(self.port, {"Authorization": f"token token-{name}"})


@dataclass
class Answer:
    """What the service answered."""

    status: int
    headers: dict[str, str]
    data: bytes

    @property
    def json(self) -> Any:
        """Its JSON, as strict readers take it."""
        return json.loads(self.data, parse_constant=_refuse)


@dataclass
class Api:
    """Calls the service.

    Args:
        port: of the server.
        headers: sent with every request.
        root: of the service's addresses.
    """

    port: int
    headers: dict[str, str]
    root: str = API

    def __call__(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Answer:
        """One request; ``path`` goes as it stands."""
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        own = {"Content-Type": "application/json"} if data is not None else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE_S)) as connection:
            connection.request(method, self.root + path, data, {**self.headers, **own, **named})
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())

    def ok(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of a request that must succeed."""
        answer = self(method, path, body)
        assert answer.status < 300, answer.data
        return answer.json

    def refused(self, status: int, method: str, path: str, body: Any = None) -> Any:
        """The JSON of a request that must be refused, which has all that a problem has."""
        answer = self(method, path, body)
        assert status == answer.status, answer.data
        problem = answer.json
        assert re.fullmatch(r"N2P\d{3}", problem["code"]) and problem["message"], problem
        assert "Traceback" not in answer.data.decode()
        return problem

    def events(self, query: str = "", **headers: str) -> Events:
        """Listen from now on."""
        return Events(self, query, {name.replace("_", "-"): value for name, value in headers.items()})


@dataclass(frozen=True)
class Event:
    """One server-sent event."""

    id: str
    kind: str
    data: Any


class Events:
    """An event stream that is read as it comes."""

    def __init__(self, api: Api, query: str, headers: dict[str, str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=DEADLINE_S)
        self._connection.request("GET", f"{api.root}/events{query}", headers={**api.headers, **headers})
        self.answer = self._connection.getresponse()
        self.status = self.answer.status

    def __enter__(self) -> Events:
        return self

    def __exit__(self, *error: object) -> None:
        self.answer.close()
        self._connection.close()

    def __iter__(self) -> Iterator[Event]:
        found: dict[str, str] = {}
        for line in self.answer:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name:
                found[name] = value
            elif "event" in found:
                yield Event(found["id"], found["event"], json.loads(found["data"]))
                found = {}

    def until(self, fits: Callable[[Event], bool]) -> list[Event]:
        """All events up to the first that fits."""
        seen = []
        for event in self:
            seen.append(event)
            if fits(event):
                return seen
        raise AssertionError(f"the stream ended after {seen}")


def run_server(
    folder: Path,
    *options: str,
    env: dict[str, str] | None = None,
    module: str = "jupyter_server",
    patience_s: float | None = None,
    port: int = 0,
) -> Iterator[Server]:
    """A server with folders of its own, on a free port, until the end of the test.

    Args:
        port: that an earlier server in the same folder had, which this one takes the place of; 0 for a free one.
    """
    root, home = folder / "root", folder / "home"
    for each in (root, home):
        each.mkdir(parents=True, exist_ok=port != 0)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NB2PIPE_", "JUPYTER"))}
    places = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    own = {**kept, **places, "NB2PIPE_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **(env or {})}
    process = subprocess.Popen(
        [sys.executable, "-m", module, *ALONE, f"--port={port}", f"--ServerApp.root_dir={root}", *options],
        cwd=folder,
        env=own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    server = Server(root, home, process)
    is_up = threading.Event()
    reader = threading.Thread(target=_read, args=(server, is_up))
    reader.start()
    try:
        assert is_up.wait(DEADLINE_S) and server.port, server.log
        _reach(server)
        yield server
    finally:
        process.terminate()
        _await_end(process, patience_s)
        reader.join(DEADLINE_S)


def _await_end(process: subprocess.Popen[str], patience_s: float | None) -> None:
    """Wait for the end; where that may take long, only so long."""
    try:
        process.wait(patience_s or DEADLINE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(DEADLINE_S)
        if patience_s is None:
            raise


def _reach(server: Server) -> None:
    """Wait until it listens: Jupyter says so a moment before it does."""
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline and server.process.poll() is None:
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port)).close()
            return
    raise AssertionError(server.log)


def _read(server: Server, is_up: threading.Event) -> None:
    assert server.process.stdout is not None
    with server.process.stdout as lines:
        for line in lines:
            server.log.append(line)
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            if found:
                server.port = int(found[1])
                is_up.set()
    is_up.set()


def _refuse(name: str) -> Any:
    raise AssertionError(f"{name} is no JSON")
