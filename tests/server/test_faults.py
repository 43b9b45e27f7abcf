"""Clients that do not read, stores elsewhere, stores in use, servers that are told to stop."""

from __future__ import annotations

import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.app.history import show_run
from tests.app.samples import TWO_STEPS, settings_in, write_notebook
from tests.scheduling.conftest import postgresql
from tests.server.calling import API, DEADLINE_S, Api, run_server
from tests.server.conftest import PEOPLE
from tests.server.test_runs import run
from tests.store.server import Server as Database

__all__ = ["postgresql"]
ENOUGH_BYTES = 60 * 10**6
FLOOD = (
    "--ServerApp.jpserver_extensions=nb2pipe.server=False",
    "--ServerApp.jpserver_extensions=tests.server.flood=True",
)


def listen(api: Api) -> socket.socket:
    """A stream that is asked for, and not read."""
    found = socket.create_connection(("127.0.0.1", api.port), DEADLINE_S)
    head = f"GET {API}/events HTTP/1.1\r\nHost: 127.0.0.1:{api.port}\r\n"
    found.sendall(f"{head}Authorization: {api.headers['Authorization']}\r\n\r\n".encode())
    return found


def test_slow_clients_are_dropped(tmp_path: Path) -> None:
    """Clients that do not read what comes are dropped, while one that does gets all, and others are answered."""
    for server in run_server(tmp_path / "jupyter", *PEOPLE, *FLOOD):
        slow = [listen(server.api()) for _ in range(20)]
        with closing(listen(server.api())) as quick:
            got = 0
            while got < ENOUGH_BYTES:
                piece = len(quick.recv(2**20))
                assert piece, f"dropped after {got} bytes"
                got += piece
        assert [] == server.api().ok("GET", "/runs")["runs"]
        assert [True] * 20 == [ends(each) for each in slow]


def ends(stream: socket.socket) -> bool:
    """Whether a stream comes to an end; else its time limit raises."""
    with closing(stream):
        try:
            while stream.recv(2**20):
                pass
        except ConnectionResetError:
            pass
        return True


def test_on_postgresql(tmp_path: Path, postgresql: Database) -> None:
    """With a team's store the service is the same, and runs are of whoever asked for them."""
    url = postgresql.new_store()
    for server in run_server(tmp_path / "jupyter", *PEOPLE, env={"NB2PIPE_STORE_URL": url}):
        folder = server.root / "folder"
        folder.mkdir()
        write_notebook(folder / "n.ipynb", *TWO_STEPS)
        found = run(server.api("ann"), folder / "n.ipynb")["run"]
        assert ("succeeded", "ann") == (found["state"], found["user"])
        assert [found["id"]] == [each["id"] for each in server.api("bob").ok("GET", "/runs?user=ann")["runs"]]
        assert "N2P857" == server.api("bob").refused(403, "POST", f"/runs/{found['id']}/cancel")["code"]
        settings = settings_in(server.home, store_url=url)
        assert "ann" == show_run(settings, found["id"]).run.user


def test_a_store_that_is_none(tmp_path: Path) -> None:
    """A damaged store is said so, on the stream as well; what needs no store goes on."""
    for server in run_server(tmp_path / "jupyter", *PEOPLE):
        (server.home / "store.db").write_bytes(b"this is no database" * 100)
        problem = server.api().refused(503, "GET", "/runs")
        assert ("N2P859", True) == (problem["code"], bool(problem["hint"]))
        with server.api().events() as events:
            told = events.until(lambda event: event.kind == "store")[-1]
        assert (False, True) == (told.data["is_reachable"], bool(told.data["message"]))
        write_notebook(server.root / "n.ipynb", *TWO_STEPS)
        assert server.api().ok("POST", "/notebooks/check", {"path": "n.ipynb"})["pipeline"]


def test_a_store_in_use(tmp_path: Path) -> None:
    """While another program writes to the store, looking goes on; once it is done, writing does too."""
    for server in run_server(tmp_path / "jupyter", *PEOPLE):
        api = server.api()
        write_notebook(server.root / "n.ipynb", *TWO_STEPS)
        body: dict[str, Any] = {"path": "n.ipynb", "name": "n", "cron": "@daily", "zone": "UTC"}
        api.ok("POST", "/schedules", body)
        with closing(sqlite3.connect(server.home / "store.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert 1 == api.ok("GET", "/schedules")["total"]
            other.execute("ROLLBACK")
        assert "paused" == api.ok("POST", "/schedules/n/pause")["standing"]


@pytest.mark.parametrize("base", ["/user/ann/", "/"])
def test_stops_and_base_address(tmp_path: Path, base: str) -> None:
    """The service is below the server's own address, and an open stream keeps no server from stopping."""
    for server in run_server(tmp_path / "jupyter", *PEOPLE, f"--ServerApp.base_url={base}"):
        api = Api(server.port, server.api().headers, base.rstrip("/") + API)
        assert base.rstrip("/") + API == api.ok("GET", "/openapi.json")["servers"][0]["url"]
        with api.events() as events:
            next(iter(events))
            server.process.terminate()
            assert 0 == server.process.wait(DEADLINE_S)
            assert [] == [event.kind for event in events if event.kind != "schedules"]
