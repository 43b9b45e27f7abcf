"""Notices in the store: taken by one at a time, tried again, given up, and tried again by hand."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from nb2pipe.errors import SettingsError
from nb2pipe.model import Delivery, Notice
from nb2pipe.notices.courier import ATTEMPTS, Courier, Told, pause_after
from nb2pipe.notices.outcome import Outcome
from nb2pipe.settings import Channel
from nb2pipe.store import Store, open_store
from nb2pipe.store.engine import make_engine
from tests.notices.values import a_channel, put
from tests.store.conftest import Clock

ROOT = Path(__file__).parents[2]
CHANNELS = {"team": a_channel("webhook", url="http://example.com")}
TAKING = """
import os, signal, sys
from pathlib import Path
from nb2pipe.store import open_store
with open_store(sys.argv[1], Path(sys.argv[2])) as store:
    assert store.outbox.take("team", 3600.0) is not None
    os.kill(os.getpid(), signal.SIGKILL)
"""


class Script:
    """Attempts that end as a test says."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[str] = []

    def __call__(self, channel: Channel, notice: Notice) -> Outcome:
        """An attempt."""
        self.sent.append(notice.id)
        return self.outcomes.pop(0) if self.outcomes else Outcome(is_sent=True)


def courier(store: Store, script: Script, channels: Mapping[str, Channel] = CHANNELS) -> Courier:
    """A courier that does as the script says."""
    return Courier(store.outbox, channels.get, script)


def test_one_takes_it(store: Store, clock: Clock) -> None:
    """Threads that take at the same time get a notice each; a taken one is free once its time is over."""
    ids = put(store, 3)
    taken: list[Notice | None] = []
    threads = [threading.Thread(target=lambda: taken.append(store.outbox.take("team", 60.0))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ids) == sorted(notice.id for notice in taken if notice is not None)
    assert [] == store.outbox.channels_due()
    clock.advance(61)
    assert ["team"] == store.outbox.channels_due()
    again = store.outbox.take("team", 60.0)
    assert again is not None and 2 == again.attempts


def test_a_sender_that_is_late(store: Store, clock: Clock) -> None:
    """Who took it and lost it again does not undo what the next one did; that it was sent counts in any case."""
    put(store)
    first = store.outbox.take("team", 60.0)
    clock.advance(61)
    second = store.outbox.take("team", 60.0)
    assert first is not None and second is not None
    store.outbox.give_up(first, "too late")
    store.outbox.try_again(first, "too late", 0.0)
    assert None is store.outbox.take("team", 60.0)
    store.outbox.sent(first)
    store.outbox.give_up(second, "refused")
    assert [(Delivery.SENT, "")] == [(notice.state, notice.reason) for notice in store.outbox.listed()]


def test_the_dead_hold_nothing(store_url: str, tmp_path: Path) -> None:
    """What a process had taken that was killed is free at once on its own machine."""
    with open_store(store_url, tmp_path) as store:
        ids = put(store)
        command = [sys.executable, "-c", TAKING, store_url, str(tmp_path)]
        killed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert -9 == killed.returncode, killed.stderr
        assert None is store.outbox.take("team", 60.0)
        assert ["team"] == store.outbox.channels_due()
        taken = store.outbox.take("team", 60.0)
        assert taken is not None and (ids[0], 2) == (taken.id, taken.attempts)


def test_tried_again(store: Store, clock: Clock) -> None:
    """After a failed attempt it is tried again later and later, and given up in the end, with the reason shown."""
    put(store)
    script = Script(*[Outcome(reason="it answered 500")] * ATTEMPTS)
    sends = courier(store, script)
    for number in range(1, ATTEMPTS + 1):
        told = sends.next("team")
        assert told is not None and (number == ATTEMPTS) == told.is_given_up
        assert None is sends.next("team")
        clock.advance(pause_after(number) - 1)
        assert None is sends.next("team")
        clock.advance(1)
    assert ATTEMPTS == len(script.sent)
    [notice] = store.outbox.listed()
    assert (Delivery.FAILED, "it answered 500", ATTEMPTS) == (notice.state, notice.reason, notice.attempts)
    assert [10.0, 20.0, 3600.0] == [pause_after(number) for number in (1, 2, 30)]


def test_refused_for_good(store: Store) -> None:
    """What is refused for good is given up at once, and tried again by hand only."""
    put(store)
    sends = courier(store, Script(Outcome(reason="it answered 404", is_final=True)))
    told = sends.next("team")
    assert told is not None and told.is_given_up and "N2P904" in told.text and "it answered 404" in told.text
    assert [Delivery.FAILED] == [notice.state for notice in store.outbox.listed()]
    assert [told.notice.id] == store.outbox.revive([told.notice.id])
    again = sends.next("team")
    assert again is not None and again.outcome.is_sent
    assert [] == store.outbox.revive([told.notice.id])


def test_a_channel_that_asks_for_patience(store: Store, clock: Clock) -> None:
    """Where a channel says when to come back, nothing is sent by it until then; others are not held up."""
    ids = put(store, 3)
    script = Script(Outcome(reason="it answered 429", retry_after_s=100.0))
    sends = courier(store, script)
    assert isinstance(sends.next("team"), Told)
    clock.advance(99)
    assert None is sends.next("team")
    clock.advance(1)
    assert 3 == sum(sends.next("team") is not None for _ in range(4))
    assert sorted(ids) == sorted(set(script.sent)) and ids[0] == script.sent[0]


def test_channels_that_are_not_there(store: Store, clock: Clock) -> None:
    """A notice of a channel that was removed, or of settings that cannot be read, waits with the reason."""
    put(store)
    lost = courier(store, Script(), {}).next("team")
    assert lost is not None and "no channel 'team'" in lost.outcome.reason and not lost.is_given_up
    clock.advance(60)

    def broken(name: str) -> Channel:
        raise SettingsError("config.toml is not TOML.")

    unread = Courier(store.outbox, broken, Script()).next("team")
    assert unread is not None and "config.toml is not TOML" == unread.outcome.reason
    clock.advance(60)
    sent = courier(store, Script()).next("team")
    assert sent is not None and sent.outcome.is_sent


def test_found_by_a_word(store: Store) -> None:
    """A notice is named by its number or the beginning of it."""
    [notice_id] = put(store)
    assert notice_id == store.outbox.find(notice_id[:5].upper()).id
    for word in ("", "zz", "%"):
        with pytest.raises(SettingsError, match="no notice"):
            store.outbox.find(word)
    put(store, 60, first=1)
    with pytest.raises(SettingsError, match="Several notices begin"):
        store.outbox.find(notice_id[0])
    assert 5 == len(store.outbox.listed(limit=5))


def test_damaged_records_stop_nothing(store: Store, store_url: str, clock: Clock) -> None:
    """A notice whose record cannot be read is put aside, and the others are sent."""
    ids = put(store, 2)
    engine = make_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE notices SET more = '{' WHERE id = :id"), {"id": ids[0]})
    engine.dispose()
    script = Script()
    sends = courier(store, script)
    assert [True, False] == [sends.next("team") is not None for _ in range(2)]
    assert (ids[1:], [ids[1]]) == (script.sent, [notice.id for notice in store.outbox.listed()])
    clock.now += timedelta(days=1)
    assert [] == store.outbox.channels_due()
