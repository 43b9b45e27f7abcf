"""Time zones by their IANA names, and times as people write them there."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from nb2pipe.scheduling.codes import refusal

_ZONEINFO = "zoneinfo/"


def zone_of(name: str) -> tzinfo:
    """The time zone of a name; ``UTC`` gives :data:`datetime.UTC` itself.

    Raises:
        SettingsError: N2P803, there is none.
    """
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # ValueError: no name at all; OSError: a folder
        known = available_timezones()
        folded = {each.lower(): each for each in known}
        near = difflib.get_close_matches(name.lower(), folded, n=3)
        meant = ", ".join(repr(folded[each]) for each in near)
        advice = f"Did you mean {meant}?" if near else "Write a name such as Europe/Berlin, America/New_York or UTC."
        raise refusal("N2P803", name=name, advice=advice) from error


def local_zone(env: Mapping[str, str] = os.environ, localtime: Path = Path("/etc/localtime")) -> str:
    """The IANA name of this machine's own zone, ``UTC`` where it does not say.

    Args:
        env: environment; ``TZ`` in it wins.
        localtime: the link that names the zone.
    """
    named = env.get("TZ", "").removeprefix(":")
    target = str(localtime.resolve()) if localtime.is_symlink() else ""
    for name in (named.rpartition(_ZONEINFO)[2], target.rpartition(_ZONEINFO)[2] if _ZONEINFO in target else ""):
        if name and name in available_timezones():
            return name
    return "UTC"


def moment_in(text: str, zone: str) -> datetime:
    """A date and time as written in a zone, in UTC.

    A time that the clocks there skip is taken as that much later (02:30 is 03:30 then); of one that they show twice
    the first is meant. A text with its own offset (``...+09:00``, ``...Z``) means just that.

    Raises:
        SettingsError: it is not a date and time.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        what = f"{text!r} is not a date and time."
        raise refusal("N2P804", what=what, advice="Write it as 2026-12-01T07:00.") from error
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone_of(zone))).astimezone(UTC)
    except OverflowError as error:
        what = f"{text!r} is beyond all calendars."
        raise refusal("N2P804", what=what, advice="Write a year from 2 to 9998.") from error
