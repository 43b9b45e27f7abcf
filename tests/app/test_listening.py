"""Calls over real HTTP: who may, what they get, and what is refused with which status."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.app.history import list_runs
from nb2pipe.app.schedules import requests
from nb2pipe.app.schedules.calls import call_schedule
from nb2pipe.app.schedules.keeping import add_schedule, edit_schedule, pause_schedule, show_schedule
from nb2pipe.app.schedules.listening import MOST_AT_ONCE, address_of, listening
from nb2pipe.app.schedules.triggers import TriggerWords
from nb2pipe.app.schedules.words import ScheduleWords
from nb2pipe.errors import SettingsError
from nb2pipe.model import Run, State
from nb2pipe.scheduling.triggers import When
from nb2pipe.settings import Settings
from nb2pipe.store import open_store
from nb2pipe.store.engine import make_engine
from tests.app.samples import TWO_STEPS, settings_in, write_notebook
from tests.scheduling.conftest import postgresql, store_url

__all__ = ["postgresql", "store_url"]
ON_CALL = TriggerWords(on_call=True)


class Caller:
    """Sends requests to a server that takes calls."""

    def __init__(self, settings: Settings, token: str) -> None:
        self.settings = settings
        self.token = token
        self.told: list[str] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        (port,) = (
            int(found[1]) for line in self.told if (found := re.search(r"takes calls at http://.*:(\d+)/", line))
        )
        return port

    def __call__(
        self,
        body: bytes | Any = b"",
        *,
        name: str = "sums",
        token: str | None = None,
        method: str = "POST",
        **headers: str,
    ) -> tuple[int, dict[str, Any]]:
        """Status and JSON of an answer."""
        token = self.token if token is None else token
        sent = {"Authorization": f"Bearer {token}"} if token else {}
        sent |= {key.replace("_", "-"): value for key, value in headers.items()}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, f"/nb2pipe/call/{name}", data, sent)
            answer = connection.getresponse()
            assert "application/json" == answer.headers["Content-Type"]
            return answer.status, json.loads(answer.read())

    def raw(self, sent: bytes) -> bytes:
        """All that comes back for some bytes, when no more are sent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(sent)
            return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture
def caller(tmp_path: Path, nb2pipe_home: Path, store_url: str) -> Iterator[Caller]:
    """A schedule that takes calls, and a server that takes them."""
    settings = settings_in(nb2pipe_home, store_url=store_url)
    path = write_notebook(tmp_path / "sums.ipynb", *TWO_STEPS)
    found = Caller(settings, add_schedule(ScheduleWords(path, triggers=ON_CALL), settings).token)
    with (
        open_store(settings.store_url, settings.home) as store,
        listening("127.0.0.1:0", settings, store, found.told.append),
    ):
        yield found


def runs(caller: Caller) -> list[Run]:
    """Runs, newest first."""
    return list_runs(caller.settings)[0]


def test_a_call(caller: Caller) -> None:
    """A call with the token gives a waiting run with its parameters; without any, with the schedule's."""
    status, answer = caller({"parameters": {"rows": 7}})
    assert (202, False) == (status, answer["is_repeated"])
    run = runs(caller)[0]
    assert (answer["run_id"], {"rows": 7}, State.QUEUED, "called") == (run.id, run.parameters, run.state, run.cause)
    assert 202 == caller()[0]
    assert {} == runs(caller)[0].parameters


def test_who_may(caller: Caller, store_url: str) -> None:
    """Without the token nobody may; only its digest is kept; a new one makes the old one void."""
    assert [401, 401] == [caller(token=token)[0] for token in ("", "nb2p_wrong")]
    assert (404, 404) == (caller(name="others")[0], caller(name="sum")[0])
    assert (401, "N2P810") == (caller(Authorization="Basic eA==")[0], caller(token="x")[1]["code"])
    engine = make_engine(store_url)
    with engine.connect() as connection:
        for table in ("call_tokens", "schedules", "watches", "firings"):
            assert caller.token not in str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
    engine.dispose()
    entry = edit_schedule("sums", ScheduleWords(triggers=TriggerWords(is_new_token=True)), caller.settings)
    assert (401, 202) == (caller()[0], caller(token=entry.token)[0])
    assert "" == show_schedule("sums", caller.settings).entry.token and entry.token not in repr(entry)
    words = ScheduleWords(when=When(cron="@daily"), triggers=TriggerWords(on_call=False))
    edit_schedule("sums", words, caller.settings)
    assert 404 == caller(token=entry.token)[0]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"[1", "not JSON"),
        (b"\xff\xfe\xfa", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        ([1], "no JSON object"),
        ({"parameter": {}}, "'parameter'"),
        ({"parameters": [1]}, "parameters are no JSON object"),
        ({"parameters": {"rowz": 1}}, "no parameter 'rowz'"),
        ({"parameters": {"rows": "many"}}, "must be a whole number"),
    ],
)
def test_wrong_content(caller: Caller, body: Any, message: str) -> None:
    """What is no call is refused before anything waits, with what is wrong and what to send."""
    status, answer = caller(body)
    assert (422, "N2P813", True) == (status, answer["code"], message in answer["message"]), answer
    assert answer["hint"] and [] == runs(caller)


def test_a_schedule_that_does_not_fire(caller: Caller) -> None:
    """Beyond the limit of the day, and while it is paused, a call is refused and nothing runs."""
    edit_schedule("sums", ScheduleWords(policy={"runs_per_day": 1}), caller.settings)
    assert 202 == caller(Idempotency_Key="first")[0]
    status, answer = caller()
    assert (409, "N2P812") == (status, answer["code"])
    assert "the limit of 1 run a day is reached - called" == show_schedule("sums", caller.settings).firings[0].reason
    pause_schedule("sums", caller.settings)
    status, answer = caller()
    assert (409, "N2P811", True) == (status, answer["code"], "paused by hand" in answer["message"])
    status, answer = caller(Idempotency_Key="first")
    assert (202, True) == (status, answer["is_repeated"])
    assert 1 == len(runs(caller))


def test_the_same_key(caller: Caller) -> None:
    """The same key gives the same run, however many send it at once; for something else it is refused."""
    body = {"parameters": {"rows": 7}}
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: caller(body, Idempotency_Key="k"), range(12)))
    assert {202} == {status for status, _ in answers}
    assert (1, 1) == (len({answer["run_id"] for _, answer in answers}), len(runs(caller)))
    status, answer = caller({"parameters": {"rows": 8}}, Idempotency_Key="k")
    assert (422, "N2P814") == (status, answer["code"])
    assert 422 == caller(body, Idempotency_Key="k" * 300)[0]


def test_what_is_no_call(caller: Caller) -> None:
    """Other paths, methods and sizes get their own status, as JSON too."""
    assert (405, 405) == (caller(method="GET")[0], caller(method="DELETE")[0])
    assert (404, 404) == (caller(name="")[0], caller(name="../x")[0])
    head = f"POST /nb2pipe/call/sums HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {caller.token}\r\n".encode()
    for sent, status in (
        (head + b"Content-Length: 2000000\r\n\r\n", 413),
        (head + b"Content-Length: -1\r\n\r\n", 400),
        (head + b"Content-Length: 1e3\r\n\r\n", 400),
        (head + b"Transfer-Encoding: chunked\r\n\r\n", 411),
        (head + b"X: " + b"x" * 40_000 + b"\r\n\r\n", 431),
        (b"POST /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", 431),
        (b"nonsense\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    ):
        assert f" {status} ".encode() in caller.raw(sent).split(b"\r\n")[0], sent[-60:]
    assert [] == runs(caller)
    assert 202 == caller()[0]


def test_slow_clients(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that sends too slowly is let go of, and many such keep nobody else out for long."""
    monkeypatch.setattr(requests, "LONGEST_S", 1.0)
    monkeypatch.setattr(requests, "LINGER_S", 0.2)
    head = f"POST /nb2pipe/call/sums HTTP/1.1\r\nAuthorization: Bearer {caller.token}\r\nContent-Length: 9\r\n".encode()
    assert b" 408 " in caller.raw(head + b"\r\n{").split(b"\r\n")[0]
    assert b" 408 " in caller.raw(head).split(b"\r\n")[0]
    with contextlib.ExitStack() as stack:
        for _ in range(2 * MOST_AT_ONCE):
            idle = stack.enter_context(socket.create_connection(("127.0.0.1", caller.port), timeout=60))
            idle.sendall(b"POST ")
        assert 202 == caller()[0]


def test_the_store_is_gone(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours is answered as such, without a word about where the store is."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("/secret/place")

    monkeypatch.setattr(requests, "call_schedule", broken)
    status, answer = caller()
    assert (500, False) == (status, "secret" in json.dumps(answer))
    assert any("/secret/place" in line for line in caller.told)


def test_by_the_application(caller: Caller) -> None:
    """The same use-case without HTTP."""
    called = call_schedule("sums", caller.token, {"rows": 2}, caller.settings, key="k")
    assert called.run_id == call_schedule("sums", caller.token, {"rows": 2}, caller.settings, key="k").run_id
    with pytest.raises(SettingsError, match="not that of schedule 'sums'"):
        call_schedule("sums", "nb2p_x", {}, caller.settings)


def test_addresses() -> None:
    """Addresses are a host and a port; what is none is refused."""
    assert [("127.0.0.1", 80), ("::1", 0)] == [address_of("127.0.0.1:80"), address_of(" [::1]:0 ")]
    for text in ("", "8765", "localhost", ":80", "::1:80", "localhost:99999", "localhost:x"):
        with pytest.raises(SettingsError, match="no address with a port"):
            address_of(text)


def test_who_can_reach_it(nb2pipe_home: Path) -> None:
    """An address that other machines reach is warned about; one that is taken is refused."""
    settings, told = settings_in(nb2pipe_home), list[str]()
    with open_store(settings.store_url, settings.home) as store, listening("0.0.0.0:0", settings, store, told.append):
        assert any("unencrypted" in line for line in told)
        port = re.search(r":(\d+)/", told[0])
        assert port is not None
        with (
            pytest.raises(SettingsError, match="in use"),
            listening(f"0.0.0.0:{port[1]}", settings, store, told.append),
        ):
            pass
