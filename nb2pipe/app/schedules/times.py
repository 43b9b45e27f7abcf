"""When something would be due, asked before there is a schedule."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime

from nb2pipe.model import Policy, Schedule, Trigger
from nb2pipe.scheduling.policies import policy_of
from nb2pipe.scheduling.times import due_times
from nb2pipe.scheduling.triggers import When, trigger_of
from nb2pipe.scheduling.zones import local_zone


@dataclass(frozen=True)
class DueTimes:
    """What a user says of when a schedule is due, understood.

    Args:
        trigger: what it means.
        times: the next due times, UTC.
    """

    trigger: Trigger
    times: tuple[datetime, ...]


def next_times(
    when: When, *, count: int, starts_at: str | None = None, ends_at: str | None = None, now: datetime | None = None
) -> DueTimes:
    """The next due times of what a user says.

    Args:
        when: cron text, interval or date.
        count: how many at most.
        starts_at: no due time before; None for at once.
        ends_at: no due time after; None for never.
        now: aware; None for the present.

    Raises:
        SettingsError: what was said is wrong, or never due.
    """
    now = now or datetime.now(UTC)
    trigger = trigger_of(when, local_zone(), now)
    policy = policy_of({"starts_at": starts_at, "ends_at": ends_at}, trigger.zone, Policy())
    draft = Schedule("", "", "", "", trigger, now, policy=policy)
    return DueTimes(trigger, tuple(itertools.islice(due_times(draft, now), count)))
