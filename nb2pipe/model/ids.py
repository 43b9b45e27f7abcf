"""Ids of runs: sorted by time, unique, short enough to type a part of."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread
_RANDOM_BITS = 25


def new_run_id(now: datetime | None = None) -> str:
    """A new run id such as ``20261124-093015-f3k7q2m``: UTC date, time, then a tail of seven characters.

    The tail's first two characters are the fraction of the second, so that ids sort by time to a millisecond; the rest
    is random. The tail's beginning alone is enough to name a run on the command line.

    Args:
        now: an aware time; None for the present.
    """
    now = (now or datetime.now(UTC)).astimezone(UTC)
    fraction = now.microsecond * 1024 // 1_000_000
    number = (fraction << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    tail = "".join(ALPHABET[(number >> shift) & 31] for shift in range(30, -1, -5))
    return f"{now:%Y%m%d-%H%M%S}-{tail}"
