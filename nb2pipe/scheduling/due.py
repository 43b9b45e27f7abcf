"""What becomes of the due times that have come: which run, which are skipped and why, and when the next is."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

from nb2pipe.model import Missed, Overlap, Schedule
from nb2pipe.scheduling.times import due_times, next_due, start_of

LATE_S = 60.0
"""A due time older than this was missed: no scheduler was there in time."""
MOST_OPEN = 1000
"""So many due times of a schedule run or wait at most, so that a queue that is too slow does not grow for ever."""
_MOST = 1000  # due times looked at one by one


@dataclass(frozen=True)
class Due:
    """A due time.

    Args:
        at: UTC.
        ready_at: UTC, when its run may start.
        skipped: why it does not run; empty when it does.
    """

    at: datetime
    ready_at: datetime
    skipped: str = ""


@dataclass(frozen=True)
class Decision:
    """Due times in order, and the next one to wait for; None when there is none."""

    due: tuple[Due, ...]
    next_due_at: datetime | None


def decide(schedule: Schedule, first: datetime, now: datetime, open_count: int) -> Decision:
    """Decide about the due times from the one that was waited for until now.

    Args:
        schedule: whose.
        first: the due time that was waited for, which has come.
        now: aware.
        open_count: due times of it that still run or wait to.

    Raises:
        SettingsError: its time zone is unknown here.
    """
    times, unseen = _come(schedule, first, now)
    late = [at for at in times if (now - at).total_seconds() > LATE_S]
    runs = _wanted(schedule, late, now, len(late) < len(times))
    due = []
    for at in times:
        why = "" if at not in late or at in runs else _why_missed(schedule, at, now)
        if not why:
            why = _why_overlapping(schedule, at in runs, open_count)
            open_count += not why
        due.append(Due(at, start_of(schedule, at), why))
    if unseen is not None:
        due[0] = Due(first, first, f"missed, with all due times before {unseen:%Y-%m-%d %H:%M:%S} UTC")
    return Decision(tuple(due), next_due(schedule, max(now, times[-1])))


def _come(schedule: Schedule, first: datetime, now: datetime) -> tuple[list[datetime], datetime | None]:
    """The due times from ``first`` until now; where there are too many, ``first`` and those from a moment on."""
    times = [first]
    for at in itertools.takewhile(lambda at: at <= now, due_times(schedule, first)):
        times.append(at)
        if len(times) > _MOST:
            break
    else:
        return times, None
    step = (times[-1] - times[-2]) * _MOST
    begin = max(now - max(min(step, timedelta(seconds=schedule.policy.stale_after_s)), timedelta(hours=1)), times[1])
    rest = list(itertools.takewhile(lambda at: at <= now, due_times(schedule, begin)))[-_MOST:]
    return [first, *rest], rest[0] if rest else now


def _wanted(schedule: Schedule, late: list[datetime], now: datetime, is_one_on_time: bool) -> set[datetime]:
    """Those of the missed due times that run all the same."""
    fresh = [at for at in late if (now - at).total_seconds() <= schedule.policy.stale_after_s]
    if schedule.policy.missed is Missed.ALL:
        return set(fresh)
    return set(fresh[-1:]) if schedule.policy.missed is Missed.ONCE and not is_one_on_time else set()


def _why_missed(schedule: Schedule, at: datetime, now: datetime) -> str:
    if (now - at).total_seconds() > schedule.policy.stale_after_s:
        return "missed while no scheduler was there, and too old now"
    if schedule.policy.missed is Missed.SKIP:
        return "missed while no scheduler was there"
    return "missed while no scheduler was there; a later one runs instead"


def _why_overlapping(schedule: Schedule, is_caught_up: bool, open_count: int) -> str:
    """Due times that are caught up wait for each other, since all of them were asked for."""
    if schedule.policy.overlap is Overlap.SKIP and open_count and not is_caught_up:
        return "an earlier run was still going on"
    if open_count >= MOST_OPEN:
        return f"{open_count} earlier due times still run or wait"
    return ""
