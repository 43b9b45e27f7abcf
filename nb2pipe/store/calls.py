"""Calls that set off schedules: tokens, of which only digests are kept, and each key once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, text, update

from nb2pipe.model import Schedule
from nb2pipe.store.claims import Occasion
from nb2pipe.store.columns import Words
from nb2pipe.store.schema import CALL_TOKENS, CALLS, SCHEDULES
from nb2pipe.store.setting_off import set_off

KEPT = timedelta(days=30)
"""So long a key stands for its run."""
_SET_TOKEN = text(
    "INSERT INTO call_tokens (schedule_id, digest) VALUES (:schedule_id, :digest)"
    " ON CONFLICT (schedule_id) DO UPDATE SET digest = :digest"
).bindparams(bindparam("schedule_id", type_=Words), bindparam("digest", type_=Words))


@dataclass(frozen=True)
class Called:
    """What a call came to.

    Args:
        run_id: its run; empty where there is none.
        skipped: why there is none, where the schedule's limits are the reason.
        is_repeated: whether an earlier call of the same key has set it off.
        is_other: whether an earlier call of the same key asked for something else.
    """

    run_id: str = ""
    skipped: str = ""
    is_repeated: bool = False
    is_other: bool = False


def token_digest(token: str) -> str:
    """What is kept of a token. It has 256 random bits, so a plain digest tells nothing of it."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def keep_token(connection: Connection, schedule: Schedule, digest: str) -> None:
    """Keep a schedule's new token, or none where it is not to be called."""
    if not schedule.on_call:
        connection.execute(delete(CALL_TOKENS).where(CALL_TOKENS.c.schedule_id == schedule.id))
    elif digest:
        connection.execute(_SET_TOKEN, {"schedule_id": schedule.id, "digest": digest})


def find(connection: Connection, name: str) -> tuple[str, str] | None:
    """Id and token digest of the schedule of exactly this name that may be called; None where there is none."""
    query = select(SCHEDULES.c.id, CALL_TOKENS.c.digest).join(CALL_TOKENS, CALL_TOKENS.c.schedule_id == SCHEDULES.c.id)
    row = connection.execute(query.where(SCHEDULES.c.name == name)).first()
    return (row[0], row[1]) if row else None


def repeated(connection: Connection, schedule_id: str, key: str, asked: Mapping[str, Any]) -> Called | None:
    """What an earlier call of the same key came to; None where there was none."""
    row = connection.execute(select(CALLS).where(CALLS.c.schedule_id == schedule_id, CALLS.c.key == key)).first()
    if row is None:
        return None
    is_other = row.asked != _asked_digest(asked)
    return Called("" if is_other else row.run_id, is_repeated=True, is_other=is_other)


def call(
    connection: Connection, schedule: Schedule, occasion: Occasion, key: str, asked: Mapping[str, Any], now: datetime
) -> Called:
    """Set off a schedule, once for a key.

    Args:
        connection: within a transaction.
        schedule: which.
        occasion: that of the call.
        key: the caller's own; empty for none.
        asked: what the caller asked for.
        now: aware.

    Returns:
        What it came to; neither run nor reason where the schedule does not fire.
    """
    locked = update(SCHEDULES).where(SCHEDULES.c.id == schedule.id).values(failures=SCHEDULES.c.failures)
    connection.execute(locked)  # of two calls with one key the second waits here
    if key:
        connection.execute(delete(CALLS).where(CALLS.c.schedule_id == schedule.id, CALLS.c.called_at < now - KEPT))
        earlier = repeated(connection, schedule.id, key, asked)
        if earlier is not None:
            return earlier
    kept = set_off(connection, schedule, occasion, now)
    if kept is None:
        return Called()
    if key and kept.run_id:
        row = {"schedule_id": schedule.id, "key": key, "asked": _asked_digest(asked), "run_id": kept.run_id}
        connection.execute(insert(CALLS).values(**row, called_at=now))
    return Called(kept.run_id, kept.skipped)


def _asked_digest(asked: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
