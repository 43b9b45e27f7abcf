"""Triggers as Kubeflow Pipelines has them: six fields of cron, seconds first, in the server's own zone, which is UTC.

Fields go as plain numbers, so that nothing depends on how its parser (robfig/cron 1.2) reads steps and names. What it
has no words for is refused; another zone is turned into UTC where that is the same at every time of the year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim

from nb2pipe.kubeflow.remote.codes import not_possible
from nb2pipe.kubeflow.remote.values import SchedulePlan
from nb2pipe.model import CronTrigger, IntervalTrigger

ENGINE = "Kubeflow Pipelines"
MOST_AT_ONCE = 10
"""Runs of a recurring run side by side; its server takes more for this many."""
_ANY_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_YEARS = 6
"""For which a zone's offset is looked at."""
_UNKNOWN = {"#": "the nth weekday of a month", "L": "the last day of a month", "W": "the nearest weekday"}
_HERE = "have the schedule on this machine (leave out --on), or write its times in UTC (--tz UTC)"


def trigger_of(plan: SchedulePlan, now: datetime | None = None) -> dict[str, Any]:
    """The trigger of a recurring run.

    Args:
        plan: of a cron text, or of an interval.
        now: UTC; None for the time that it is.

    Raises:
        SettingsError: N2P963, it cannot be said there.
    """
    now = now or datetime.now(UTC)
    if not 1 <= plan.at_once <= MOST_AT_ONCE:
        why = f"at most {MOST_AT_ONCE} of its runs go side by side"
        raise _cannot(f"{plan.at_once} runs at once", why, f"give --at-once a number from 1 to {MOST_AT_ONCE}")
    limits = {"start_time": plan.starts_at, "end_time": plan.ends_at}
    if isinstance(plan.trigger, IntervalTrigger):
        if plan.starts_at is None and plan.trigger.anchor > now:
            limits["start_time"] = plan.trigger.anchor
        found: dict[str, Any] = {"interval_second": str(_whole_seconds(plan.trigger))}
        return {"periodic_schedule": {**found, **_times(limits)}}
    return {"cron_schedule": {"cron": six_fields(plan.trigger, now), **_times(limits)}}


def six_fields(trigger: CronTrigger, now: datetime) -> str:
    """A cron text as the server reads it.

    Args:
        trigger: five fields, and the zone that they mean.
        now: UTC; from then on a zone must keep its offset.

    Raises:
        SettingsError: N2P963, the server has no words for it.
    """
    text = trigger.text
    fields = text.split(" ")
    days, months, weekdays = fields[2:]
    for sign, what in _UNKNOWN.items():
        if any(sign in each.upper().replace("WED", "").replace("JUL", "") for each in (days, weekdays)):
            raise _cannot(f"the cron text {text!r}", f"it has no word for {what} ({sign})", _HERE)
    if days != "*" and weekdays != "*" and (days.startswith("*") or weekdays.startswith("*")):
        why = "where both kinds of days are given, it takes either, not what is both"
        raise _cannot(f"the cron text {text!r}", why, _HERE)
    read = CronSim(text, _ANY_DAY)
    times = {(hour, minute) for hour in read.hours for minute in read.minutes}
    dates = _numbers(days, read.days), _numbers(months, read.months)
    moved, shift = _in_utc(times, trigger, now, is_any_day=(*dates, weekdays) == ("*", "*", "*"))
    week = {number % 7 for number in read.weekdays if isinstance(number, int)}
    if shift:
        if dates != ("*", "*"):
            raise _other_zone(trigger, "its days would be other ones in UTC")
        week = {(number + shift) % 7 for number in week}
    hours, minutes = {hour for hour, _ in moved}, {minute for _, minute in moved}
    if len(moved) != len(hours) * len(minutes):
        raise _other_zone(trigger, "its hours and minutes make no single line of cron in UTC")
    return " ".join(["0", _listed(minutes, 60), _listed(hours, 24), *dates, _numbers(weekdays, week)])


def _in_utc(
    times: Iterable[tuple[int, int]], trigger: CronTrigger, now: datetime, *, is_any_day: bool
) -> tuple[set[tuple[int, int]], int]:
    """Hours and minutes in UTC, and by how many days they moved."""
    offset = _offset(trigger, now)
    moved: set[tuple[int, int]] = set()
    shifts = set()
    for hour, minute in times:
        shift, rest = divmod(hour * 60 + minute - offset, 24 * 60)
        shifts.add(shift)
        moved.add((rest // 60, rest % 60))
    if is_any_day:
        return moved, 0
    if len(shifts) > 1:
        raise _other_zone(trigger, "some of its times would be on another day in UTC")
    return moved, shifts.pop()


def _offset(trigger: CronTrigger, now: datetime) -> int:
    """Minutes by which the zone is ahead of UTC, where it is so all the time."""
    zone = ZoneInfo(trigger.zone)
    moments = (now + timedelta(days=days) for days in range(0, 366 * _YEARS, 5))
    offsets = {moment.astimezone(zone).utcoffset() or timedelta() for moment in moments}
    if len(offsets) > 1:
        raise _other_zone(trigger, "its server knows no zone but UTC, and the clocks of this one change")
    seconds = offsets.pop().total_seconds()
    if seconds % 60:
        raise _other_zone(trigger, "its server knows no zone but UTC")
    return int(seconds // 60)


def _other_zone(trigger: CronTrigger, why: str) -> Exception:
    return _cannot(f"the zone {trigger.zone!r} for {trigger.text!r}", why, _HERE)


def _cannot(setting: str, why: str, advice: str) -> Exception:
    return not_possible("N2P963", engine=ENGINE, setting=setting, why=why, advice=advice)


def _numbers(field: str, values: Iterable[Any]) -> str:
    return "*" if field == "*" else ",".join(str(each) for each in sorted(values))


def _listed(values: set[int], count: int) -> str:
    return "*" if len(values) == count else ",".join(str(each) for each in sorted(values))


def _whole_seconds(trigger: IntervalTrigger) -> int:
    if trigger.every_s < 1 or trigger.every_s % 1:
        raise _cannot(f"an interval of {trigger.every_s:g} s", "it counts whole seconds", "give --every whole seconds")
    return int(trigger.every_s)


def _times(limits: Mapping[str, datetime | None]) -> dict[str, str]:
    return {key: f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for key, when in limits.items() if when is not None}
