"""Schedules to test with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from nb2pipe.model import CronTrigger, Policy, Schedule, Trigger
from nb2pipe.model.json import from_json, to_json

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def utc(text: str) -> datetime:
    """A time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def a_schedule(trigger: Trigger | str = "0 7 * * *", zone: str = "UTC", **changes: Any) -> Schedule:
    """A schedule; changes that are fields of its policy go there."""
    own = {name: changes.pop(name) for name in list(changes) if name in Policy.__dataclass_fields__}
    schedule = Schedule(
        id="20261123-090000-abcdefg",
        name="nightly",
        notebook_path="/notebooks/churn.ipynb",
        notebook_digest="ab12",
        trigger=CronTrigger(trigger, zone) if isinstance(trigger, str) else trigger,
        created_at=MONDAY,
        user="ann",
        policy=from_json(Policy, to_json(own)),
    )
    return replace(schedule, **changes)
