"""What a schedule may use in a day, and what it has used."""

from __future__ import annotations

from datetime import UTC, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from nb2pipe.model import Phase, Schedule, UsedToday
from nb2pipe.store.schema import FIRINGS, RUNS

_OPEN = (Phase.QUEUED.value, Phase.STARTED.value)


def used_today(connection: Connection, schedule: Schedule, now: datetime) -> UsedToday:
    """What a schedule has used since its day began; a run counts whole for the day on which it was set off."""
    since = day_start(schedule.trigger.zone, now)
    own = (FIRINGS.c.schedule_id == schedule.id, FIRINGS.c.taken_at >= since, FIRINGS.c.run_id != "")
    row = connection.execute(select(func.sum(FIRINGS.c.attempt), func.sum(FIRINGS.c.used_s)).where(*own)).one()
    query = select(RUNS.c.started_at, RUNS.c.ended_at).join(FIRINGS, FIRINGS.c.run_id == RUNS.c.id)
    going = connection.execute(query.where(*own, FIRINGS.c.phase.in_(_OPEN)))
    return UsedToday(since, int(row[0] or 0), float(row[1] or 0.0) + sum(took_s(*times, now) for times in going))


def why_over(connection: Connection, schedule: Schedule, now: datetime) -> str:
    """Why a schedule may not run once more today; empty where it may."""
    runs, minutes = schedule.policy.runs_per_day, schedule.policy.minutes_per_day
    if runs is None and minutes is None:
        return ""
    used = used_today(connection, schedule, now)
    if runs is not None and used.runs >= runs:
        return f"the limit of {runs} {'run' if runs == 1 else 'runs'} a day is reached"
    if minutes is not None and used.compute_s >= minutes * 60:
        return f"the limit of {minutes:g} minutes a day is reached: {used.compute_s / 60:.1f} are used"
    return ""


def took_s(started_at: datetime | None, ended_at: datetime | None, now: datetime) -> float:
    """Seconds that a run took, or has taken so far."""
    return 0.0 if started_at is None else max(((ended_at or now) - started_at).total_seconds(), 0.0)


def day_start(zone: str, now: datetime) -> datetime:
    """When the day began in a time zone, in UTC; a zone that this machine does not know counts as UTC."""
    there = _zone(zone)
    return datetime.combine(now.astimezone(there).date(), time.min, tzinfo=there).astimezone(UTC)


def _zone(name: str) -> tzinfo:
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # KeyError: ZoneInfoNotFoundError is one
        return UTC
