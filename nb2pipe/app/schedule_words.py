"""What a user says of a schedule, and what is shown of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nb2pipe.app.parameters import Given
from nb2pipe.app.triggers import TriggerWords
from nb2pipe.model import Firing, ScheduleEntry, Source
from nb2pipe.scheduling.triggers import When
from nb2pipe.store.processes import Process


@dataclass(frozen=True)
class ScheduleWords:
    """What a user says of a schedule; None or empty where nothing is said.

    Args:
        notebook: file or URL.
        name: for people, unique.
        when: when it is due.
        given: parameter values, which take the place of earlier ones by name.
        flags: settings by key.
        source: which text of the notebook runs.
        policy: fields of the policy; start and end as text.
        tags: labels for its runs.
        without: fields of the policy that are to have no value.
        triggers: what sets it off besides the clock.
        user: who makes it; empty for whoever runs this process.
        target: name of the target whose engine is to fire it; empty for our own scheduler.
        notify: who is told of its runs, as :func:`nb2pipe.notices.words.changed_notify` has it.
    """

    notebook: str | None = None
    name: str | None = None
    when: When = field(default_factory=When)
    given: Given = field(default_factory=Given)
    flags: Mapping[str, Any] = field(default_factory=dict)
    source: Source | None = None
    policy: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()
    triggers: TriggerWords = field(default_factory=TriggerWords)
    user: str = ""
    notify: tuple[str, ...] | None = None
    target: str = ""


@dataclass(frozen=True)
class ScheduleDetails:
    """A schedule with what is to come and what was.

    Args:
        entry: as the store has it.
        next_times: its next due times, UTC.
        firings: its latest due times, newest first.
        scheduler: the process that sees to schedules; None when none does.
    """

    entry: ScheduleEntry
    next_times: tuple[datetime, ...]
    firings: tuple[Firing, ...]
    scheduler: Process | None
