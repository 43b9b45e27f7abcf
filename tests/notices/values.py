"""Notices, channels and settings to test with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from nb2pipe.model import Delivery, Notice, NoticeEvent, NoticeFacts, Notify, State
from nb2pipe.settings import Channel
from nb2pipe.store import Store
from tests.store.values import NOON, a_run

SEVEN = datetime.fromisoformat("2026-11-24T07:00+00:00")
TEAM = (Notify("team"),)


def put(store: Store, count: int = 1, *, first: int = 0, channel: str = "team") -> list[str]:
    """Numbers of notices that wait, in the order in which they are sent."""
    for number in range(first, first + count):
        notify = (Notify(channel),)
        run = store.add_run(a_run(f"{channel}-{number}", state=State.RUNNING, pid=0, notify=notify))
        store.update_run(replace(run, state=State.FAILED, ended_at=NOON))
    return [notice.id for notice in store.outbox.listed()[::-1]]


def told(store: Store) -> list[tuple[str, str]]:
    """Events and channels of all notices, oldest first."""
    return [(notice.facts.event.value, notice.channel) for notice in store.outbox.listed()[::-1]]


class Settings:
    """A user's settings file that tests write."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, text: str) -> Path:
        """Put a text into it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(text)
        return self.path


def a_notice(**changes: Any) -> Notice:
    """A failure; changes of what it tells go there."""
    own = {name: changes.pop(name) for name in list(changes) if name in NoticeFacts.__dataclass_fields__}
    facts = NoticeFacts(
        NoticeEvent.FAILURE,
        NOON,
        run_id="20261124-120000-abcdefg",
        notebook="/notebooks/churn.ipynb",
        schedule="nightly",
        schedule_id="20261123-090000-abcdefg",
        user="ann",
        host="laptop",
        state="failed",
        due_at=NOON,
        started_at=NOON,
        ended_at=NOON,
        message="step 'fit' failed: ValueError",
        step="fit",
        cell_index=2,
        cell_id="b2",
        line=7,
        error="ValueError",
        error_line="no rows",
        failures=2,
    )
    return replace(Notice("0123456789abcdef", "team", replace(facts, **own), Delivery.PENDING, NOON), **changes)


def a_channel(kind: str, **changes: Any) -> Channel:
    """A channel named ``team``."""
    return replace(Channel("team", kind, timeout_s=20.0), **changes)
