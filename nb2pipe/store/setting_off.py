"""Schedules set off by something else than the clock: each time one due time more, kept with its run or its refusal."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from nb2pipe.model import Cause, Phase, Schedule, Standing
from nb2pipe.store.claims import ClaimedDue, Occasion, fire
from nb2pipe.store.schedule_rows import OPEN
from nb2pipe.store.schema import FIRINGS, SCHEDULES

MOST_OPEN = 1000
"""So many due times of a schedule run or wait at most."""
_TICK = timedelta(microseconds=1)


def set_off(connection: Connection, schedule: Schedule, occasion: Occasion, now: datetime) -> ClaimedDue | None:
    """Set off a schedule, unless it is paused; by hand it is set off in any case.

    While an earlier run goes on the new one waits, whatever the schedule says of overlaps, so that none is lost.

    Returns:
        The due time that was kept, with its run or why it is skipped; None where the schedule does not fire.
    """
    own = [SCHEDULES.c.id == schedule.id]
    if occasion.cause is not Cause.HAND:
        own.append(SCHEDULES.c.standing == Standing.ACTIVE.value)
    # This also locks the row, so that of two at once the second sees what the first has used.
    if not connection.execute(update(SCHEDULES).where(*own).values(last_due_at=now)).rowcount:
        return None
    skipped = "" if occasion.cause is Cause.HAND else _why_not(connection, schedule, occasion, now)
    at = now if now.microsecond else now + _TICK  # whole seconds are the clock's
    while (kept := fire(connection, schedule, ClaimedDue(at, at, skipped), now, occasion)) is None:
        at += _TICK
    return kept


def _why_not(connection: Connection, schedule: Schedule, occasion: Occasion, now: datetime) -> str:
    policy = schedule.policy
    if policy.starts_at is not None and now < policy.starts_at:
        return "the schedule has not begun"
    if policy.ends_at is not None and now > policy.ends_at:
        return "the schedule is past its end"
    own = FIRINGS.c.schedule_id == schedule.id
    waits = (own, FIRINGS.c.phase == Phase.QUEUED.value, FIRINGS.c.cause == Cause.CHANGE.value)
    if occasion.cause is Cause.CHANGE and connection.execute(select(FIRINGS.c.key).where(*waits).limit(1)).first():
        return "a run that waits will see it"
    count = connection.execute(select(func.count()).where(own, FIRINGS.c.phase.in_(OPEN))).scalar_one()
    return f"{count} earlier due times still run or wait" if count >= MOST_OPEN else ""
