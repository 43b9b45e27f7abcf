"""Triggers out of what a user says of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from nb2pipe.errors import SettingsError
from nb2pipe.model import CronTrigger, NoClock, OnceTrigger, Trigger
from nb2pipe.scheduling.cron import cron_trigger
from nb2pipe.scheduling.times import interval_trigger
from nb2pipe.scheduling.zones import moment_in, zone_of


@dataclass(frozen=True)
class When:
    """What a user says of when a schedule is due; None where nothing is said.

    Args:
        cron: cron text or word.
        every_s: seconds from one run to the next.
        at: a date and time, as text.
        zone: IANA time zone.
        is_never: whether the clock does not matter any more.
    """

    cron: str | None = None
    every_s: float | None = None
    at: str | None = None
    zone: str | None = None
    is_never: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said."""
        return self == When()


def trigger_of(when: When, default_zone: str, now: datetime, *, has_others: bool = False) -> Trigger:
    """The trigger that is meant.

    Args:
        when: what was said, exactly one of cron, interval and date.
        default_zone: IANA zone for what names none.
        now: aware; intervals count from here.
        has_others: whether something besides the clock sets it off, so that nothing need be said.

    Raises:
        SettingsError: nothing or too much was said, or what was said is wrong or never due.
    """
    said = [name for name in ("cron", "every_s", "at") if getattr(when, name) is not None]
    if not said and (has_others or when.is_never):
        zone = when.zone or default_zone
        zone_of(zone)
        return NoClock(zone)
    if len(said) != 1 or when.is_never:
        what = "When the schedule is due was said twice." if said else "When the schedule is due was not said."
        others = "" if said else ", or what sets it off: --on-change PATH, --after SCHEDULE, --on-call"
        clocks = "--cron '0 7 * * mon-fri', --every 15m and --at 2026-12-01T07:00"
        raise SettingsError(what, hint=f"Give one of {clocks}{others}.")
    if when.cron is not None:
        return cron_trigger(when.cron, when.zone, default_zone, now)
    zone = when.zone or default_zone
    zone_of(zone)
    if when.every_s is not None:
        return interval_trigger(when.every_s, now, zone)
    return OnceTrigger(moment_in(str(when.at), zone), zone)


def changed_trigger(trigger: Trigger, when: When, now: datetime) -> Trigger:
    """A trigger with what a user says of it now; a zone alone moves a cron text, and changes what is shown of others.

    Raises:
        SettingsError: as for a new one.
    """
    if when.is_empty:
        return trigger
    if when.is_never or when.cron is not None or when.every_s is not None or when.at is not None:
        return trigger_of(when, trigger.zone, now)
    zone_of(str(when.zone))
    if isinstance(trigger, CronTrigger):
        return cron_trigger(trigger.text, when.zone, trigger.zone, now)
    return replace(trigger, zone=str(when.zone))
