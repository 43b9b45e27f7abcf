"""Cron texts: read, checked and turned into times, by cronsim.

Fields mean what they mean to Debian's cron. Where a time of day is given (neither minute nor hour begins with a star),
a time that the clocks skip fires at the first moment after the gap, and one that they show twice fires the first time
only. Where minute or hour begins with a star, the text means an interval, and real time counts: an hour that clocks
show twice fires twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from cronsim import CronSim

from nb2pipe.model import CronTrigger
from nb2pipe.scheduling.codes import refusal
from nb2pipe.scheduling.zones import zone_of

WORDS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
FIELDS = (
    ("minute", "0 to 59"),
    ("hour", "0 to 23"),
    ("day of month", "1 to 31, L for the last, LW for the last weekday"),
    ("month", "1 to 12 or jan to dec"),
    ("day of week", "0 to 7 or sun to sat (0 and 7 are Sunday), 5L for the last Friday, 1#2 for the second Monday"),
)
_FORM = "Write five fields: minute, hour, day of month, month, day of week, such as '0 7 * * mon-fri'; or @daily."
_ZONE = re.compile(r"(?:CRON_)?TZ=(\S+)\s+(.*)", re.DOTALL)
_ANY_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_LONGEST = 1000


def cron_trigger(text: str, zone: str | None, default_zone: str, now: datetime) -> CronTrigger:
    """The trigger that a cron text means.

    Args:
        text: five fields or a word such as ``@daily``, perhaps behind ``TZ=NAME``.
        zone: IANA name; None where none was given.
        default_zone: the zone where neither says one.
        now: aware; at least one due time must follow.

    Raises:
        SettingsError: N2P801 wrong, N2P802 never due, N2P803 no such zone.
    """
    named = _ZONE.fullmatch(text.strip())
    fields = named[2] if named else text
    if named and zone not in (None, named[1]):
        raise _wrong(text, f"it names the zone {named[1]!r}, and {zone!r} was given besides", "Give one of them.")
    trigger = CronTrigger(read_cron(fields), (named[1] if named else zone) or default_zone)
    if next(cron_times(trigger, now), None) is None:
        raise _never(text)
    return trigger


def read_cron(text: str) -> str:
    """The five fields of a cron text, with single blanks between.

    Raises:
        SettingsError: N2P801 names the field that is wrong, N2P802 where no date fits.
    """
    text = " ".join(text.split())
    if text.startswith("@"):
        return _word(text)
    fields = text.split(" ") if text else []
    if len(fields) != len(FIELDS) or len(text) > _LONGEST:
        count = f"it has {len(fields)} {'field' if len(fields) == 1 else 'fields'}, not 5"
        seconds = " Seconds are not read." if len(fields) == 6 else ""
        raise _wrong(text, count if len(text) <= _LONGEST else "it is too long", _FORM + seconds)
    for place, (field, (name, values)) in enumerate(zip(fields, FIELDS, strict=True)):
        alone = ["*"] * len(FIELDS)
        alone[place] = field
        if not _is_read(" ".join(alone)):
            raise _wrong(text, f"{field!r} is no {name}", f"The {name} is {values}; also *, lists, ranges and steps.")
    if not _is_read(text):  # each field alone is right, so no month has that day
        raise _never(text)
    return text


def cron_times(trigger: CronTrigger, after: datetime) -> Iterator[datetime]:
    """The due times after a moment, ever later, in UTC; ends where cronsim finds none within 50 years.

    Raises:
        SettingsError: N2P803, the zone is unknown here.
    """
    latest = after
    try:
        for found in CronSim(trigger.text, after.astimezone(zone_of(trigger.zone))):
            due = found.astimezone(UTC)
            # The wall clock alone does not say which of two equal hours `after` is in, and two times within a gap
            # become one.
            if due > latest:
                latest = due
                yield due
    except OverflowError:  # the calendar ends
        return


def _word(text: str) -> str:
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    advice = f"Known are {', '.join(WORDS)}; --every 15m repeats after a length of time."
    raise _wrong(text, "it is not a word that says when", advice)


def _is_read(text: str) -> bool:
    try:
        CronSim(text, _ANY_DAY)
    except Exception:  # foreign code: CronSimError, and others from its depths for texts it does not expect
        return False
    return True


def _wrong(text: str, what: str, advice: str) -> Exception:
    shown = text if len(text) <= 80 else f"{text[:77]}..."
    return refusal("N2P801", text=shown, what=what, advice=advice)


def _never(text: str) -> Exception:
    return refusal("N2P802", what=f"No date fits the cron text {text!r}.", advice="Change its day or its month.")
