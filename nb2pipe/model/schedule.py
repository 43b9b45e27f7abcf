"""Runs that are to come: schedules, what triggers them, and their due times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from nb2pipe.model.elsewhere import Elsewhere
from nb2pipe.model.notice import Notify
from nb2pipe.model.state import State
from nb2pipe.model.triggers import Cause, NoClock, OnChange, UsedToday, WatchState


@dataclass(frozen=True)
class CronTrigger:
    """At the times of a cron text.

    Args:
        text: five fields.
        zone: IANA time zone that the fields mean.
        kind: tells the kinds of triggers apart.
    """

    text: str
    zone: str
    kind: Literal["cron"] = "cron"


@dataclass(frozen=True)
class IntervalTrigger:
    """Again and again after so many seconds, counted from a moment (UTC), whatever clocks on walls do."""

    every_s: float
    anchor: datetime
    zone: str
    kind: Literal["interval"] = "interval"


@dataclass(frozen=True)
class OnceTrigger:
    """Once, at a moment (UTC)."""

    at: datetime
    zone: str
    kind: Literal["once"] = "once"


Trigger = CronTrigger | IntervalTrigger | OnceTrigger | NoClock


class Missed(StrEnum):
    """What becomes of due times that passed while no scheduler was there."""

    SKIP = "skip"
    ONCE = "once"
    ALL = "all"


class Overlap(StrEnum):
    """What becomes of a due time while an earlier run of the schedule goes on."""

    SKIP = "skip"
    QUEUE = "queue"
    ALLOW = "allow"


class Source(StrEnum):
    """Which notebook runs: as it was when the schedule was made, or as the file is at the time."""

    SNAPSHOT = "snapshot"
    FOLLOW = "follow"


@dataclass(frozen=True)
class Policy:
    """How a schedule deals with time and failure.

    Args:
        missed: for due times while no scheduler was there.
        stale_after_s: a due time older than that is skipped, whatever ``missed`` says.
        overlap: for due times while an earlier run goes on.
        at_once: runs side by side, where ``overlap`` allows any.
        retries: further runs after one failed.
        backoff_s: pause before the first of them; each further pause is twice as long.
        timeout_s: seconds that a run may take; None for no limit.
        jitter_s: each run starts up to so many seconds late, so that not all start at once.
        starts_at: no due time before; UTC, None for at once.
        ends_at: no due time after; UTC, None for never.
        pause_after: failed due times in a row after which the schedule pauses; 0 for never.
        runs_per_day: runs that may be set off in a day of the schedule's time zone; None for no limit.
        minutes_per_day: no run is set off once those of the day have taken so many minutes; None for no limit.
        late_after_s: a run that begins later than that after its time is told of as late.
    """

    missed: Missed = Missed.ONCE
    stale_after_s: float = 86400.0
    overlap: Overlap = Overlap.SKIP
    at_once: int = 4
    retries: int = 0
    backoff_s: float = 60.0
    timeout_s: float | None = None
    jitter_s: float = 0.0
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    pause_after: int = 0
    runs_per_day: int | None = None
    minutes_per_day: float | None = None
    late_after_s: float = 60.0


@dataclass(frozen=True)
class Schedule:
    """A notebook that runs by itself.

    Args:
        id: unique.
        name: unique, for people.
        notebook_path: absolute path or URL.
        notebook_digest: hex SHA-256 of the text when the schedule was made or last edited.
        trigger: when it is due by the clock.
        created_at: UTC.
        user: who made it.
        source: which text of the notebook runs.
        notebook_text: the text when the schedule was made or last edited.
        parameters: values that were given; all others are the notebook's own.
        flags: settings that were given, by key, such as ``executor``.
        images: step to image, by a name that goes on meaning the same one; for a snapshot.
        policy: how it deals with time and failure.
        tags: labels for its runs.
        on_change: the data whose change sets it off; None for none.
        after: ids of the schedules of which each run that succeeds sets it off.
        on_call: whether an HTTP call with its token sets it off.
        notify: who is told of its runs; None for what the settings say at the time.
        target: name of the target whose engine fires it; empty for this nb2pipe's own scheduler.
        remote_id: by what the engine there knows it.
        elsewhere: what is known of that place, and of what its runs are made of; None for our own scheduler's.
    """

    id: str
    name: str
    notebook_path: str
    notebook_digest: str
    trigger: Trigger
    created_at: datetime
    user: str = ""
    source: Source = Source.FOLLOW
    notebook_text: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    flags: Mapping[str, Any] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    tags: tuple[str, ...] = ()
    on_change: OnChange | None = None
    after: tuple[str, ...] = ()
    on_call: bool = False
    notify: tuple[Notify, ...] | None = None
    target: str = ""
    remote_id: str = ""
    elsewhere: Elsewhere | None = None

    @property
    def has_triggers(self) -> bool:
        """Whether anything besides the clock sets it off."""
        return self.on_change is not None or bool(self.after) or self.on_call


class Standing(StrEnum):
    """Whether a schedule fires."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"
    FAULTY = "faulty"


@dataclass(frozen=True)
class ScheduleEntry:
    """A schedule as the store has it.

    Args:
        id: its id.
        name: its name.
        standing: whether it fires.
        reason: why not; empty where nothing is to be said.
        schedule: None where the store's record cannot be read.
        next_due_at: UTC; None when none is to come.
        last_due_at: UTC, the latest due time that was taken; None before the first.
        failures: failed due times in a row.
        watches: the places whose change sets it off, where they were asked for.
        after: names of the schedules that it comes after, where they were asked for.
        used: what it has used of its limits today, where that was asked for.
        token: its new token for calls, there only for who has just made it.
    """

    id: str
    name: str
    standing: Standing
    reason: str
    schedule: Schedule | None
    next_due_at: datetime | None
    last_due_at: datetime | None
    failures: int
    watches: tuple[WatchState, ...] = ()
    after: tuple[str, ...] = ()
    used: UsedToday | None = None
    token: str = field(default="", repr=False)


class Phase(StrEnum):
    """Where a due time is on its way."""

    QUEUED = "queued"
    STARTED = "started"
    DONE = "done"


@dataclass(frozen=True)
class Firing:
    """One due time of a schedule, and what became of it.

    Args:
        key: the store's number.
        schedule_id: the schedule.
        due_at: UTC.
        ready_at: UTC, when its run may start: later than ``due_at`` by jitter, or by the pause before a retry.
        phase: where it is on its way.
        attempt: from 1.
        run_id: its latest run; empty when it was skipped.
        state: of that run; ``skipped`` without one.
        reason: why it was skipped, or what set it off where that was not the clock.
        cause: what kind of thing set it off.
        parameters: the values of this one alone, in the place of the schedule's; None for the schedule's.
    """

    key: int
    schedule_id: str
    due_at: datetime
    ready_at: datetime
    phase: Phase
    attempt: int
    run_id: str
    state: State
    reason: str = ""
    cause: Cause = Cause.CLOCK
    parameters: Mapping[str, Any] | None = None
