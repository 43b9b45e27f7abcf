"""What is sent to an engine elsewhere, and what it says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nb2pipe.model import CronTrigger, IntervalTrigger, Standing, State


@dataclass(frozen=True)
class Submission:
    """A pipeline for an engine, with all that one run of it needs.

    Args:
        name: of the run, for people.
        pipeline: name of the pipeline.
        spec: the ``PipelineSpec``.
        platform: the ``PlatformSpec``; empty where nothing needs one.
        parameters: values by name; what is not named takes its default in the spec.
        labels: for people and for finding it again.
        description: where it comes from: notebook, git commit, who sent it.
        request_id: id of our run: an engine that takes ids is given this one, so that nothing is sent twice.
    """

    name: str
    pipeline: str
    spec: Mapping[str, Any]
    platform: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    request_id: str = ""


@dataclass(frozen=True)
class RemoteTask:
    """One task of a run elsewhere, as of now.

    Args:
        name: the task's name in the spec that was sent.
        state: as of now.
        attempt: from 1.
        started_at: UTC, None before the start.
        ended_at: UTC, None before the end.
        message: what the engine says of it, where that is not good.
        handle: by what the engine finds its log (a pod, a job); empty where there is none yet.
        outputs: addresses of the artifacts that it left, by name, where the engine tells.
    """

    name: str
    state: State
    attempt: int = 1
    started_at: datetime | None = None
    ended_at: datetime | None = None
    message: str = ""
    handle: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RemoteRun:
    """A run elsewhere, as of now.

    Args:
        id: by which the engine knows it.
        name: for people.
        state: as of now.
        url: its page for people; empty where there is none.
        created_at: UTC.
        ended_at: UTC, None before the end.
        message: what the engine says of it, where that is not good.
        tasks: in no order; those that have not begun may be missing.
        parameters: values that it was given.
        schedule_id: the engine's own id of the schedule that made it; empty for none.
    """

    id: str
    name: str
    state: State
    url: str = ""
    created_at: datetime | None = None
    ended_at: datetime | None = None
    message: str = ""
    tasks: tuple[RemoteTask, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    schedule_id: str = ""


@dataclass(frozen=True)
class SchedulePlan:
    """A schedule for an engine, of what it can do only.

    Args:
        name: for people.
        submission: what each of its runs is.
        trigger: when it is due.
        starts_at: no due time before; UTC, None for at once.
        ends_at: no due time after; UTC, None for never.
        at_once: runs side by side at most.
        queue: whether a due time waits while so many go on; else it is skipped.
        catch_up: whether every due time that passed while it could not run is made up for.
    """

    name: str
    submission: Submission
    trigger: CronTrigger | IntervalTrigger
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    at_once: int = 1
    queue: bool = False
    catch_up: bool = False


@dataclass(frozen=True)
class RemoteSchedule:
    """A schedule elsewhere, as of now.

    Args:
        id: by which the engine knows it.
        name: for people.
        standing: whether it fires.
        url: its page for people; empty where there is none.
        next_due_at: UTC, where the engine tells.
        message: what the engine says of it.
    """

    id: str
    name: str
    standing: Standing
    url: str = ""
    next_due_at: datetime | None = None
    message: str = ""
