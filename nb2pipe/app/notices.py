"""Use-cases of notices: look, test a channel, try again."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nb2pipe.app.users import user_name
from nb2pipe.errors import SettingsError
from nb2pipe.model import Delivery, Notice, NoticeEvent, NoticeFacts
from nb2pipe.notices.codes import refusal
from nb2pipe.notices.courier import Courier, Told
from nb2pipe.notices.send import send
from nb2pipe.notices.text import as_data
from nb2pipe.notices.words import known_channels
from nb2pipe.settings import Settings, load_channel, load_channels
from nb2pipe.store import open_store


@dataclass(frozen=True)
class Retried:
    """A notice that was to be sent again, and what came of it; None if another process is just sending it."""

    notice: Notice
    told: Told | None


def list_notices(settings: Settings, states: Iterable[Delivery] = (), limit: int | None = None) -> list[Notice]:
    """Notices, newest first.

    Args:
        settings: the settings in force, for the store.
        states: only these; empty for all.
        limit: at most so many; None for all.

    Raises:
        StoreError: the store cannot be read.
    """
    with open_store(settings.store_url, settings.home) as store:
        return store.outbox.listed(states, limit)


def notice_data(notice: Notice) -> dict[str, Any]:
    """A notice as JSON: what it tells, and how far it has come."""
    moments = {name: getattr(notice, name) for name in ("created_at", "next_at", "settled_at")}
    own = {"id": notice.id, "channel": notice.channel, "delivery": notice.state.value}
    times = {name: moment.isoformat() if moment else None for name, moment in moments.items()}
    return {**own, "attempts": notice.attempts, "reason": notice.reason, **times, "notice": as_data(notice)}


def retried_data(each: Retried) -> dict[str, Any]:
    """What came of another try, as JSON."""
    told = each.told
    return {
        "id": each.notice.id,
        "channel": each.notice.channel,
        "is_sent": told is not None and told.outcome.is_sent,
        "is_being_sent": told is None,
        "reason": told.outcome.reason if told else "",
    }


def test_channel(name: str, user: str = "") -> Notice:
    """Send a test by a channel now; nothing of it is kept.

    Args:
        name: of the channel.
        user: who wants it; empty for whoever runs this process.

    Returns:
        What was sent; its ``reason`` says what is odd though it was.

    Raises:
        SettingsError: N2P901, there is no such channel; N2P905, it could not be sent.
    """
    channels = load_channels()
    if name not in channels:
        raise refusal("N2P901", name=name, advice=known_channels(name, channels))
    now = datetime.now(UTC)
    facts = NoticeFacts(
        NoticeEvent.TEST,
        now,
        user=user or user_name(),
        host=socket.gethostname(),
        message=f"nb2pipe notices test {name}",
    )
    notice = Notice(secrets.token_hex(8), name, facts, Delivery.PENDING, now, attempts=1)
    outcome = send(channels[name], notice)
    if not outcome.is_sent:
        raise refusal("N2P905", channel=name, reason=outcome.reason)
    return Notice(notice.id, name, facts, Delivery.SENT, now, 1, None, datetime.now(UTC), outcome.reason)


def retry_notices(settings: Settings, word: str | None = None) -> list[Retried]:
    """Send notices now that were not sent so far.

    Args:
        settings: the settings in force, for the store.
        word: number of one, or its beginning; None for all.

    Raises:
        SettingsError: none or several fit, or it was sent already.
        StoreError: the store failed.
    """
    with open_store(settings.store_url, settings.home) as store:
        open_ = (Delivery.PENDING, Delivery.FAILED)
        chosen = store.outbox.listed(open_)[::-1] if word is None else [store.outbox.find(word)]
        if chosen and chosen[0].state is Delivery.SENT:
            raise SettingsError(f"Notice {chosen[0].id} was sent already.", hint="nb2pipe notices lists the others.")
        free = set(store.outbox.revive([notice.id for notice in chosen]))
        courier = Courier(store.outbox, load_channel)
        return [
            Retried(notice, courier.next(notice.channel, [notice.id]) if notice.id in free else None)
            for notice in chosen
        ]
