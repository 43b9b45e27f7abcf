"""Notices: what people are told of runs, by which channel, and whether it has reached them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoticeEvent(StrEnum):
    """What people are told of."""

    FAILURE = "failure"
    RECOVERY = "recovery"
    LATE = "late"
    APPROVAL = "approval"
    TEST = "test"


class Delivery(StrEnum):
    """Whether a notice has reached its channel."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


ALL_EVENTS = (NoticeEvent.FAILURE, NoticeEvent.RECOVERY, NoticeEvent.LATE, NoticeEvent.APPROVAL)
"""Everything that a user can ask to be told of."""


@dataclass(frozen=True)
class Notify:
    """Who is to be told of what.

    Args:
        channel: name of a channel in the settings.
        events: what of.
        only_first: of failures in a row, whether only the first is told.
    """

    channel: str
    events: tuple[NoticeEvent, ...] = ALL_EVENTS
    only_first: bool = False


@dataclass(frozen=True)
class NoticeFacts:
    """What a notice tells; it holds no secret of ours.

    Args:
        event: what happened.
        at: UTC, when it happened.
        run_id: the run; empty for a test.
        notebook: its path or URL.
        schedule: name of the schedule; empty for a run that somebody started.
        schedule_id: its id; empty likewise.
        user: who started the run, or made the schedule.
        host: the machine it ran on; empty where it did not begin.
        state: of the run, as text.
        due_at: UTC, the due time that it was for; None without.
        started_at: UTC; None if it did not begin.
        ended_at: UTC; None if it did not end.
        message: one sentence on the run; for a step that waits, what it waits for.
        step: the step that failed or waits; empty where none did.
        cell_index: the cell that failed, from 0; None where none did.
        cell_id: its id.
        line: line within it, from 1.
        error: class of the exception, name of the signal, or diagnostic code.
        error_line: first line of what it says.
        failures: failed due times in a row, this one included; 0 where that is no matter.
        late_s: seconds that the run began late; 0 where that is no matter.
    """

    event: NoticeEvent
    at: datetime
    run_id: str = ""
    notebook: str = ""
    schedule: str = ""
    schedule_id: str = ""
    user: str = ""
    host: str = ""
    state: str = ""
    due_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    message: str = ""
    step: str = ""
    cell_index: int | None = None
    cell_id: str | None = None
    line: int | None = None
    error: str = ""
    error_line: str = ""
    failures: int = 0
    late_s: float = 0.0


@dataclass(frozen=True)
class Notice:
    """Something to tell by one channel, as the store has it.

    Args:
        id: unique; the same at every attempt, so that who gets it twice can tell.
        channel: name of the channel.
        facts: what it tells.
        state: whether it has reached the channel.
        created_at: UTC.
        attempts: how often it was tried.
        next_at: UTC, when it is tried next; while somebody sends it, when that counts as having died.
        settled_at: UTC, when it was sent or given up; None before.
        reason: why the latest attempt did not succeed; empty where nothing is to be said.
    """

    id: str
    channel: str
    facts: NoticeFacts
    state: Delivery
    created_at: datetime
    attempts: int = 0
    next_at: datetime | None = None
    settled_at: datetime | None = None
    reason: str = ""
