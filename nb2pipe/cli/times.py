"""Ages and moments as a user types them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from nb2pipe.errors import SettingsError

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
AGE = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])[a-z]*", re.IGNORECASE)


def duration_of(text: str) -> timedelta:
    """``90s``, ``15m``, ``12h``, ``30d``, ``8w``.

    Raises:
        SettingsError: it is none of these.
    """
    match = AGE.fullmatch(text.strip())
    if match is None:
        raise SettingsError(
            f"{text!r} is not a length of time", hint="Write a number and a unit: 90s, 15m, 12h, 30d, 8w."
        )
    try:
        return timedelta(**{UNITS[match[2].lower()]: float(match[1])})
    except OverflowError as error:
        raise SettingsError(f"{text!r} is too long a time") from error


def moment_of(text: str) -> datetime:
    """A date or time in the user's own zone, or how long ago it was.

    Raises:
        SettingsError: it is neither.
    """
    if AGE.fullmatch(text.strip()):
        return datetime.now(UTC) - duration_of(text)
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except ValueError as error:
        raise SettingsError(
            f"{text!r} is not a moment", hint="Write 2h, 7d, 2026-11-24 or 2026-11-24T09:30."
        ) from error
