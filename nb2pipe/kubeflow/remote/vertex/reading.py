"""Answers of Vertex AI as values of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from nb2pipe.kubeflow.remote.values import RemoteRun, RemoteSchedule, RemoteTask
from nb2pipe.model import Standing, State

STATES = {
    "PIPELINE_STATE_QUEUED": State.QUEUED,
    "PIPELINE_STATE_PENDING": State.QUEUED,
    "PIPELINE_STATE_RUNNING": State.RUNNING,
    "PIPELINE_STATE_SUCCEEDED": State.SUCCEEDED,
    "PIPELINE_STATE_FAILED": State.FAILED,
    "PIPELINE_STATE_CANCELLING": State.RUNNING,
    "PIPELINE_STATE_CANCELLED": State.CANCELLED,
    "PIPELINE_STATE_PAUSED": State.INTERRUPTED,
}
"""``PipelineState``; what it calls paused has been stopped, and goes on by itself no more."""
TASK_STATES = {
    "PENDING": State.QUEUED,
    "RUNNING": State.RUNNING,
    "SUCCEEDED": State.SUCCEEDED,
    "CANCEL_PENDING": State.RUNNING,
    "CANCELLING": State.RUNNING,
    "CANCELLED": State.CANCELLED,
    "FAILED": State.FAILED,
    "SKIPPED": State.CACHED,
    "NOT_TRIGGERED": State.SKIPPED,
}
"""``PipelineTaskDetail.State``: what is skipped there was found in its cache."""
STANDINGS = {"ACTIVE": Standing.ACTIVE, "PAUSED": Standing.PAUSED, "COMPLETED": Standing.ENDED}
CONSOLE = "https://console.cloud.google.com/vertex-ai/locations/{location}/pipelines/{kind}/{id}?project={project}"
NAME = re.compile(r"projects/([^/]+)/locations/([^/]+)/(pipelineJobs|schedules)/([^/]+)")
MOST_DIGITS = 6


def read_run(job: Mapping[str, Any]) -> RemoteRun:
    """A ``PipelineJob``; without tasks where it comes from a list."""
    known = job.get("pipelineSpec", {}).get("root", {}).get("dag", {}).get("tasks")
    tasks = [each for each in job.get("jobDetail", {}).get("taskDetails", []) if _is_task(each, known)]
    name = str(job.get("name", ""))
    state = STATES.get(str(job.get("state", "")), State.QUEUED)
    stopped = "it was paused there" if state is State.INTERRUPTED else ""
    return RemoteRun(
        id=name,
        name=str(job.get("displayName", "")),
        state=state,
        url=console_url(name),
        created_at=read_time(job.get("createTime")),
        ended_at=read_time(job.get("endTime")),
        message=_message(job.get("error")) or stopped,
        tasks=tuple(map(_task, tasks)),
        parameters=dict(job.get("runtimeConfig", {}).get("parameterValues", {})),
        schedule_id=str(job.get("scheduleName", "")),
    )


def read_schedule(schedule: Mapping[str, Any]) -> RemoteSchedule:
    """A ``Schedule``."""
    name = str(schedule.get("name", ""))
    return RemoteSchedule(
        id=name,
        name=str(schedule.get("displayName", "")),
        standing=STANDINGS.get(str(schedule.get("state", "")), Standing.ACTIVE),
        url=console_url(name),
        next_due_at=read_time(schedule.get("nextRunTime")),
        message=str(schedule.get("lastScheduledRunResponse", {}).get("runResponse", "")),
    )


def console_url(name: str) -> str:
    """The page of a run or schedule for people, by its full name; empty for another text."""
    found = NAME.fullmatch(name)
    if not found:
        return ""
    kind = "runs" if found[3] == "pipelineJobs" else "schedules"
    return CONSOLE.format(project=found[1], location=found[2], kind=kind, id=found[4])


def read_time(text: Any) -> datetime | None:
    """A time as Google writes it, in UTC, with up to nine digits of a second; None for none."""
    if not isinstance(text, str) or not text:
        return None
    whole, point, rest = text.removesuffix("Z").partition(".")
    try:
        found = datetime.fromisoformat(f"{whole}{point}{rest[:MOST_DIGITS]:0<6}" if point else whole)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC)


def write_time(moment: datetime) -> str:
    """A time as Google reads it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _is_task(task: Mapping[str, Any], known: Any) -> bool:
    """Whether it is a task of the pipeline: the run as a whole is among them too."""
    return not isinstance(known, dict) or task.get("taskName") in known


def _task(task: Mapping[str, Any]) -> RemoteTask:
    container = task.get("executorDetail", {}).get("containerDetail", {})
    main = str(container.get("mainJob", ""))
    failed = [str(each) for each in container.get("failedMainJobs", []) if each != main]
    state = TASK_STATES.get(str(task.get("state", "")), State.QUEUED)
    if task.get("execution", {}).get("state") == "CACHED":
        state = State.CACHED
    return RemoteTask(
        name=str(task.get("taskName", "")),
        state=state,
        attempt=len(failed) + 1,
        started_at=read_time(task.get("startTime")),
        ended_at=read_time(task.get("endTime")),
        message="" if state.is_good else _message(task.get("error")) or _last_message(task),
        handle=" ".join(each.rpartition("/")[2] for each in (*failed, main) if each),
        outputs={name: uri for name, each in task.get("outputs", {}).items() if (uri := _uri(each))},
    )


def _uri(listed: Mapping[str, Any]) -> str:
    return next((str(each["uri"]) for each in listed.get("artifacts", []) if each.get("uri")), "")


def _message(status: Any) -> str:
    return str(status.get("message", "")).strip() if isinstance(status, dict) else ""


def _last_message(task: Mapping[str, Any]) -> str:
    """Of a fault within the service that it tries to get over."""
    told = task.get("pipelineTaskStatus") or [{}]
    return _message(told[-1].get("error"))
