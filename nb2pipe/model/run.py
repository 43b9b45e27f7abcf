"""What happened: runs, step runs and metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nb2pipe.model.approval import Approval
from nb2pipe.model.artifact import Artifact
from nb2pipe.model.cell_run import CellFailure, CellRun
from nb2pipe.model.elsewhere import Elsewhere
from nb2pipe.model.notice import Notify
from nb2pipe.model.observation import Observation
from nb2pipe.model.state import State
from nb2pipe.model.usage import DataUse, Input


@dataclass(frozen=True)
class Metric:
    """A value named in a ``metrics`` cell; ``value`` is any JSON value."""

    name: str
    value: Any


@dataclass(frozen=True)
class StepRun:
    """One step of one run, as of now; ``run_pipeline`` yields a new value at every change.

    Args:
        run_id: the run.
        step: step name.
        state: as of now.
        attempt: from 1.
        started_at: UTC, None before the start.
        ended_at: UTC, None before the end.
        cells: its cells in order with their states.
        cells_total: number of cells it has.
        failure: why it failed.
        reason: one sentence: why skipped, why cached or why not.
        cached_from: run id whose result was taken, when cached.
        artifacts: what it saved.
        metrics: what its metrics cells recorded.
        observation: what it was seen to do.
        parameters: parameter values that it used.
        log_path: file with what its cells printed.
        notebook_path: executed notebook of this step.
        peak_memory_bytes: largest resident memory of its kernel, None if not known.
        kernel_started: whether a kernel was used.
        inputs: values of earlier steps that it read.
        data: files and URLs that it read and wrote.
        approval: what a person was asked before it ran; None if nobody was.
    """

    run_id: str
    step: str
    state: State
    attempt: int = 1
    started_at: datetime | None = None
    ended_at: datetime | None = None
    cells: tuple[CellRun, ...] = ()
    cells_total: int = 0
    failure: CellFailure | None = None
    reason: str = ""
    cached_from: str | None = None
    artifacts: tuple[Artifact, ...] = ()
    metrics: tuple[Metric, ...] = ()
    observation: Observation = field(default_factory=Observation)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    log_path: str = ""
    notebook_path: str = ""
    peak_memory_bytes: int | None = None
    kernel_started: bool = False
    inputs: tuple[Input, ...] = ()
    data: tuple[DataUse, ...] = ()
    approval: Approval | None = None

    @property
    def duration_s(self) -> float | None:
        """Seconds from start to end, None before the end."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()


@dataclass(frozen=True)
class Run:
    """One execution of a pipeline.

    Args:
        id: sortable unique id.
        pipeline: pipeline name.
        notebook_path: source notebook as given.
        notebook_digest: hex SHA-256 of its text.
        notebook_text: its text as it was.
        parameters: all parameter values of this run.
        state: as of now.
        created_at: UTC.
        started_at: UTC, None before the start.
        ended_at: UTC, None before the end.
        user: who started it.
        host: machine it runs on.
        pid: process that runs it.
        process_started_at: start time of that process in clock ticks since boot, to tell a reused pid.
        machine: boot and process namespace in which ``pid`` means that process; two hosts may share a name.
        executor: executor name.
        output_path: executed notebook, empty if none was asked for.
        message: one sentence when it did not succeed.
        tags: the user's own labels.
        schedule_id: the schedule that it belongs to; empty if somebody started it.
        due_at: UTC, the due time of the schedule that it is for; None if there is none.
        values_removed_at: when the values that its steps saved were given up, the record being kept; None if they
            were not.
        cause: what set it off, where that was not the clock: ``changed: /data/in.csv``.
        notify: who is told of steps that wait for a person, and, unless a schedule tells, of its failure.
        batch_id: the batch that it belongs to; empty for none.
        batch_number: its place in that batch, from 1; 0 for none.
        target: name of the target that it was sent to; empty for a run of this nb2pipe's own.
        remote_id: by what the engine there knows it.
        elsewhere: what is known of that place; None for a run of this nb2pipe's own.
    """

    id: str
    pipeline: str
    notebook_path: str
    notebook_digest: str
    notebook_text: str
    parameters: Mapping[str, Any]
    state: State
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    user: str = ""
    host: str = ""
    pid: int = 0
    process_started_at: int = 0
    executor: str = "process"
    output_path: str = ""
    message: str = ""
    tags: tuple[str, ...] = ()
    machine: str = ""
    schedule_id: str = ""
    due_at: datetime | None = None
    values_removed_at: datetime | None = None
    cause: str = ""
    notify: tuple[Notify, ...] = ()
    batch_id: str = ""
    batch_number: int = 0
    target: str = ""
    remote_id: str = ""
    elsewhere: Elsewhere | None = None
