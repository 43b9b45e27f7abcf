"""What sets off a schedule besides the clock, and what it has used of its limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


@dataclass(frozen=True)
class NoClock:
    """At no time: only something else sets the schedule off. ``zone`` says whose days its limits count."""

    zone: str
    kind: Literal["none"] = "none"


@dataclass(frozen=True)
class OnChange:
    """When data has changed.

    Args:
        places: absolute paths of files and folders, glob patterns, URLs.
        settle_s: seconds that they must have stayed as they are, so that nothing half written is taken.
        poll_s: seconds from one look to the next.
        within: folder that files must be in, links resolved; empty for no such limit.
    """

    places: tuple[str, ...]
    settle_s: float = 5.0
    poll_s: float = 10.0
    within: str = ""


class Cause(StrEnum):
    """What set off a due time."""

    CLOCK = "clock"
    CHANGE = "change"
    AFTER = "after"
    CALL = "call"
    HAND = "hand"


@dataclass(frozen=True)
class WatchState:
    """How a place that is watched stands.

    Args:
        place: path, pattern or URL; secrets masked.
        is_seen: whether it has been looked at with success.
        is_empty: whether nothing was there then.
        changed_at: UTC, when a change of it last set off a run; None before the first.
        fault: why it cannot be looked at now; empty where it can.
    """

    place: str
    is_seen: bool
    is_empty: bool = False
    changed_at: datetime | None = None
    fault: str = ""


@dataclass(frozen=True)
class UsedToday:
    """What a schedule has used since its day began.

    Args:
        since: UTC, when the day began in the schedule's time zone.
        runs: runs that were set off since, retries included.
        compute_s: seconds that these took, those that go on until now.
    """

    since: datetime
    runs: int
    compute_s: float
