"""Sending beside a scheduler: nothing holds up anything else, and nothing that goes wrong ends it."""

from __future__ import annotations

import queue
import threading
from pathlib import Path

import pytest

from nb2pipe.app.schedules.dispatch import Dispatcher, who_is_told
from nb2pipe.errors import StoreError
from nb2pipe.model import ALL_EVENTS, Notice, Notify
from nb2pipe.notices.courier import Courier
from nb2pipe.notices.outcome import Outcome
from nb2pipe.settings import Channel
from nb2pipe.store import Store
from tests.app.samples import settings_in
from tests.notices.values import Settings, a_channel, put
from tests.scheduling.values import a_schedule

PATIENCE_S = 60.0


class Told:
    """Lines that were told, to wait for."""

    def __init__(self) -> None:
        self._lines: queue.Queue[str] = queue.Queue()

    def __call__(self, line: str) -> None:
        """Take a line."""
        self._lines.put(line)

    def next(self) -> str:
        """The next one, once it has come."""
        return self._lines.get(timeout=PATIENCE_S)


def test_a_slow_channel_holds_up_no_other(store: Store) -> None:
    """While one channel hangs, others send all they have, and the store can be used."""
    going, told = threading.Event(), Told()

    def send(channel: Channel, notice: Notice) -> Outcome:
        if notice.channel == "slow":
            assert going.wait(PATIENCE_S)
        return Outcome(is_sent=True)

    channels = {name: a_channel("slack") for name in ("slow", "fast")}
    for name in channels:
        put(store, 3, channel=name)
    with Dispatcher(store.outbox, Courier(store.outbox, channels.get, send), told, 0.01):
        assert {True} == {"by 'fast'" in told.next() for _ in range(3)}
        put(store, 1, first=3, channel="fast")
        assert "by 'fast'" in told.next()
        assert 3 == sum(notice.channel == "slow" and notice.settled_at is None for notice in store.outbox.listed())
        going.set()
        assert {True} == {"by 'slow'" in told.next() for _ in range(3)}


def test_whatever_goes_wrong(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that fails for a while is told of once, and sending goes on when it is back."""
    told, broken = Told(), threading.Event()
    broken.set()
    due = store.outbox.channels_due
    looks: queue.Queue[int] = queue.Queue()

    def channels_due() -> list[str]:
        looks.put(1)
        if broken.is_set():
            raise StoreError("The store is locked by another program.")
        return due()

    monkeypatch.setattr(store.outbox, "channels_due", channels_due)
    put(store, 1)
    courier = Courier(store.outbox, lambda name: a_channel("slack"), lambda c, n: Outcome(is_sent=True))
    with Dispatcher(store.outbox, courier, told, 0.01):
        assert "locked by another program" in told.next()
        for _ in range(3):
            looks.get(timeout=PATIENCE_S)
        broken.clear()
        assert "sent by 'team'" in told.next()


def test_left_in_the_middle(store: Store) -> None:
    """A dispatcher that is left sends nothing more, and what it has not sent waits."""
    begun, told = threading.Event(), Told()
    leave = threading.Event()

    def send(channel: Channel, notice: Notice) -> Outcome:
        begun.set()
        assert leave.wait(PATIENCE_S)
        return Outcome(is_sent=True)

    put(store, 3)
    with Dispatcher(store.outbox, Courier(store.outbox, lambda name: a_channel("slack"), send), told, 0.01) as it:
        assert begun.wait(PATIENCE_S)
        it._stopped.set()
        leave.set()
        assert "sent by 'team'" in told.next()
    assert 2 == sum(notice.settled_at is None for notice in store.outbox.listed())


def test_who_is_told(own: Settings, nb2pipe_home: Path, tmp_path: Path) -> None:
    """A schedule's own word counts, else its folder's settings, with what the channel says; faults are told."""
    told = Told()
    own.write("notify = ['b']\n[notices.a]\nkind = 'slack'\nurl = 'env:X'\nonly_first = true\n")
    (tmp_path / "nb2pipe.toml").write_text("notify = ['c:failure']\n")
    ask = who_is_told(settings_in(nb2pipe_home, notify=["d"]), told)
    path = str(tmp_path / "n.ipynb")
    first = Notify("a", ALL_EVENTS, only_first=True)
    assert [first] == list(ask(a_schedule(notebook_path=path, notify=(Notify("a"),))))
    assert ["c"] == [each.channel for each in ask(a_schedule(notebook_path=path))]
    assert [] == list(ask(a_schedule(notebook_path=path, notify=())))
    assert ["d"] == [each.channel for each in ask(None)]
    own.write("notify = ['b'\n")
    assert ["d"] == [each.channel for each in ask(a_schedule(notebook_path=path))]
    assert "is not TOML" in told.next()
    assert ["a"] == [each.channel for each in ask(a_schedule(notebook_path=path, notify=(Notify("a"),)))]
