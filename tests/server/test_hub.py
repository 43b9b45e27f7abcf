"""Changes handed to those who listen, without a network: who gets what, who is dropped, who may come back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

import pytest

from nb2pipe.app.watch import Change
from nb2pipe.server import hub as limits
from nb2pipe.server.codes import ServiceError
from nb2pipe.server.hub import Client, Hub

Test = Callable[..., Coroutine[Any, Any, None]]


def on_a_loop(test: Test) -> Callable[..., None]:
    """A test that runs on a loop of its own."""

    @wraps(test)
    def run(*args: Any, **more: Any) -> None:
        asyncio.run(test(*args, **more))

    return run


def change(number: int, run_id: str = "a", kind: str = "step") -> Change:
    """A change that can be told from others."""
    return Change(kind, run_id, {"number": number})


def numbers(data: bytes) -> list[int]:
    """The changes in what a client got."""
    return [json.loads(line[6:])["number"] for line in data.decode().splitlines() if line.startswith("data: ")]


def joined(hub: Hub, runs: tuple[str, ...] = (), logs: bool = False) -> tuple[Client, list[bool]]:
    """A client, and whether it was dropped."""
    dropped: list[bool] = []
    client = Client(frozenset(runs), logs, lambda: dropped.append(True))
    hub.join(client)
    return client, dropped


@on_a_loop
async def test_who_gets_what() -> None:
    """All events, or those of some runs and of none in particular; logs only where they were asked for."""
    hub = Hub()
    every, one, with_logs = joined(hub)[0], joined(hub, ("a",))[0], joined(hub, ("a",), True)[0]
    assert frozenset({"a"}) == hub.followed
    hub.publish([change(1), change(2, "b"), change(3, "", "schedules"), change(4, "a", "log")])
    got = [numbers(await client.take(1)) for client in (every, one, with_logs)]
    assert [[1, 2, 3], [1, 3], [1, 3, 4]] == got
    for client in (every, one, with_logs):
        hub.leave(client)
    assert (frozenset(), False) == (hub.followed, hub.wanted.is_set())


@on_a_loop
async def test_the_slow_are_dropped() -> None:
    """Who does not take events in time is dropped, and the others get all; memory stays within limits."""
    hub = Hub()
    slow, dropped = joined(hub)
    quick, _ = joined(hub)
    seen = []
    for number in range(limits.MOST_EVENTS + limits.MOST_QUEUED):
        hub.publish([change(number)])
        if number % 100 == 99:
            seen += numbers(await quick.take(1))
    assert (list(range(limits.MOST_EVENTS + limits.MOST_QUEUED)), [True]) == (seen, dropped)
    assert (True, b"") == (slow.is_gone, await slow.take(1))
    assert limits.MOST_EVENTS == len(hub._ring)
    hub.publish([Change("log", "a", {"text": "x" * limits.MOST_BYTES})])
    assert 0 == len(hub._ring)


@on_a_loop
async def test_who_comes_back() -> None:
    """What was missed is given while it is kept; else, or when nobody watched meanwhile, it is said to be unknown."""
    hub = Hub()
    client, _ = joined(hub)
    start = hub.encoded("hello", {}).split()[1].decode()
    hub.publish([change(number) for number in range(5)])
    last = (await client.take(1)).decode().split("\n\n")[2].split()[1]
    assert ([0, 1, 2, 3, 4], [3, 4]) == tuple(numbers(hub.since(each, client) or b"") for each in (start, last))
    assert b"" == hub.since(hub.encoded("hello", {}).split()[1].decode(), client)
    hub.publish([change(number) for number in range(limits.MOST_EVENTS)])
    assert [None] * 4 == [hub.since(each, client) for each in (start, last, "nosuch-1", "-")]
    current = hub.encoded("hello", {}).split()[1].decode()
    hub.forget()
    assert None is hub.since(current, client)


@on_a_loop
async def test_watching_anew() -> None:
    """Who was greeted before the watch began anew is told to load anew; who comes then is not."""
    hub = Hub()
    old, _ = joined(hub)
    old.is_greeted = True
    new, _ = joined(hub)
    hub.begin()
    assert (b"event: reset" in await old.take(1), hub.ready.is_set()) == (True, True)
    new.clear()
    assert b"" == await new.take(0.001)


@on_a_loop
async def test_not_more_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """More listeners than the limit are refused, and one that leaves makes room."""
    monkeypatch.setattr(limits, "MOST_CLIENTS", 2)
    hub = Hub()
    first, _ = joined(hub)
    joined(hub)
    with pytest.raises(ServiceError):
        joined(hub)
    hub.leave(first)
    joined(hub)
