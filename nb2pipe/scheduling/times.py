"""The due times of a schedule, whatever triggers it."""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from nb2pipe.model import CronTrigger, IntervalTrigger, NoClock, OnceTrigger, Schedule, Trigger
from nb2pipe.scheduling.codes import refusal
from nb2pipe.scheduling.cron import cron_times

LEAST_INTERVAL_S = 1.0
_BEFORE = timedelta(microseconds=1)


def due_times(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    """The due times of a schedule after a moment, ever later, in UTC, within its start and end.

    Raises:
        SettingsError: its time zone is unknown here.
    """
    policy = schedule.policy
    begin = after if policy.starts_at is None else max(after, policy.starts_at - _BEFORE)
    times = _times(schedule.trigger, begin)
    if policy.ends_at is None:
        return times
    end = policy.ends_at
    return itertools.takewhile(lambda due: due <= end, times)


def next_due(schedule: Schedule, after: datetime) -> datetime | None:
    """The first due time after a moment; None when there is none."""
    return next(due_times(schedule, after), None)


def check_due(schedule: Schedule, now: datetime, *, is_clock_said: bool = True) -> None:
    """Refuse a schedule that is never due.

    Args:
        schedule: which.
        now: aware.
        is_clock_said: whether somebody just said when it is due; a clock that has run down is no fault otherwise, where
            something else sets it off.

    Raises:
        SettingsError: N2P802; N2P808 where nothing sets it off.
    """
    has_clock = not isinstance(schedule.trigger, NoClock)
    if not has_clock and not schedule.has_triggers:
        raise refusal("N2P808", what=f"Nothing sets off the schedule {schedule.name!r}.")
    end = schedule.policy.ends_at
    if schedule.has_triggers and not (has_clock and is_clock_said) and (end is None or end > now):
        return
    if next_due(schedule, now) is None:
        what = f"The schedule {schedule.name!r} has no due time to come."
        raise refusal("N2P802", what=what, advice="Give it a time (--at), or an end (--until), that is to come.")


def interval_trigger(every_s: float, anchor: datetime, zone: str) -> IntervalTrigger:
    """The trigger that fires after so many seconds again and again.

    Raises:
        SettingsError: N2P804, too short.
    """
    if not LEAST_INTERVAL_S <= every_s < 1e10:
        raise refusal(
            "N2P804", what=f"An interval cannot be {every_s:g} s.", advice="Give 1 s or more, such as --every 15m."
        )
    return IntervalTrigger(every_s, anchor.astimezone(UTC), zone)


def start_of(schedule: Schedule, due: datetime) -> datetime:
    """When the run of a due time may start: later by its share of the jitter, the same whenever it is asked."""
    jitter_s = schedule.policy.jitter_s
    if not jitter_s:
        return due
    digest = hashlib.sha256(f"{schedule.id} {due.isoformat()}".encode()).digest()
    return due + timedelta(seconds=jitter_s * int.from_bytes(digest[:4], "big") / 2**32)


def backoff_s(schedule: Schedule, attempt: int) -> float:
    """Seconds between the failure of an attempt (from 1) and the next: doubled each time, a day at most."""
    return min(schedule.policy.backoff_s * 2.0 ** min(attempt - 1, 30), 86400.0)


def _times(trigger: Trigger, after: datetime) -> Iterator[datetime]:
    if isinstance(trigger, CronTrigger):
        return cron_times(trigger, after)
    if isinstance(trigger, OnceTrigger):
        return iter((trigger.at,) if trigger.at > after else ())
    if isinstance(trigger, NoClock):
        return iter(())
    return _interval_times(trigger, after)


def _interval_times(trigger: IntervalTrigger, after: datetime) -> Iterator[datetime]:
    """Multiples of the interval from the anchor; the anchor itself is none, so that adding a schedule runs nothing."""
    passed = (after - trigger.anchor).total_seconds() / trigger.every_s
    for count in itertools.count(max(math.floor(passed), 1)):
        try:
            due = trigger.anchor + timedelta(seconds=trigger.every_s * count)
        except OverflowError:
            return
        if due > after:
            yield due
