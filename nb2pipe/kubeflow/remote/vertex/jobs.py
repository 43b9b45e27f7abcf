"""What Vertex AI is sent: pipeline jobs and schedules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nb2pipe.errors import RemoteError, SettingsError
from nb2pipe.kubeflow.findings import ENGINES
from nb2pipe.kubeflow.remote.codes import not_possible
from nb2pipe.kubeflow.remote.values import SchedulePlan, Submission
from nb2pipe.kubeflow.remote.vertex.places import MOST_DISPLAY_NAME
from nb2pipe.kubeflow.remote.vertex.reading import write_time
from nb2pipe.model import CronTrigger
from nb2pipe.settings.targets import Target

ENGINE = ENGINES["vertex"]
COMMIT_LABEL = "nb2pipe-commit"
"""A run there has no description that could say it."""
HERE = "Have the schedule on this machine: leave --on out."
CRON_SIGNS = re.compile(r"[LW#]", re.IGNORECASE)
DAY_NAMES = re.compile(r"[a-z]{3}", re.IGNORECASE)
SEVEN = re.compile(r"(?<![0-9/])7(?![0-9])")


def job_body(submission: Submission, target: Target) -> dict[str, Any]:
    """A ``PipelineJob``."""
    body: dict[str, Any] = {
        "displayName": submission.name,
        "pipelineSpec": submission.spec,
        "runtimeConfig": {
            "gcsOutputDirectory": target.pipeline_root.rstrip("/"),
            "parameterValues": {name: each for name, each in submission.parameters.items() if each is not None},
        },
    }
    labels = {**({COMMIT_LABEL: submission.commit} if submission.commit else {}), **submission.labels}
    if labels:
        body["labels"] = labels
    if target.service_account:
        body["serviceAccount"] = target.service_account
    if target.network:
        body["network"] = target.network
    return body


def schedule_body(plan: SchedulePlan, target: Target, parent: str) -> dict[str, Any]:
    """A ``Schedule``.

    Both limits are given: one is of requests under way to start a run, the other of runs that go on. Whether it makes
    up for a pause is said when it is resumed.

    Raises:
        SettingsError: it cannot have such a schedule (N2P963).
    """
    if len(plan.name) > MOST_DISPLAY_NAME:
        advice = "Give it a shorter name."
        why = f"it takes 1 to {MOST_DISPLAY_NAME} characters"
        raise not_possible("N2P964", engine=ENGINE, what=f"the name {plan.name!r}", why=why, advice=advice)
    body: dict[str, Any] = {
        "displayName": plan.name,
        "cron": cron_text(plan),
        "maxConcurrentRunCount": str(plan.at_once),
        "maxConcurrentActiveRunCount": str(plan.at_once),
        "allowQueueing": plan.queue,
        "createPipelineJobRequest": {"parent": parent, "pipelineJob": job_body(plan.submission, target)},
    }
    if plan.starts_at is not None:
        body["startTime"] = write_time(plan.starts_at)
    if plan.ends_at is not None:
        body["endTime"] = write_time(plan.ends_at)
    return body


def cron_text(plan: SchedulePlan) -> str:
    """The cron text with its time zone before it.

    Raises:
        SettingsError: its trigger is no cron text, or one that this machine reads and Vertex AI does not (N2P963).
    """
    trigger = plan.trigger
    if not isinstance(trigger, CronTrigger):
        why = "it knows times by the clock alone"
        raise cannot("an interval", why, "Write it as a cron text: --cron '*/15 * * * *'.")
    what = f"the cron text {trigger.text!r}"
    fields = trigger.text.split(" ")
    date, day = fields[2], fields[4]
    if any(CRON_SIGNS.search(DAY_NAMES.sub("", each)) for each in fields):
        raise cannot(what, "it reads neither L nor W nor #", HERE)
    if SEVEN.search(day):
        raise cannot(what, "its days of the week are 0 to 6", "Write 0 or sun for Sunday.")
    if "*" not in (date, day) and (date.startswith("*") or day.startswith("*")):
        raise cannot(what, "where both kinds of days are given, it takes either, not what is both", HERE)
    return f"TZ={trigger.zone} {trigger.text}"


def cannot(setting: str, why: str, advice: str) -> SettingsError:
    """What a schedule there cannot have."""
    return not_possible("N2P963", engine=ENGINE, setting=setting, why=why, advice=advice)


def is_ended_already(error: RemoteError, job: Mapping[str, Any]) -> bool:
    """Whether a cancellation was refused since the run has ended."""
    return error.code in ("N2P955", "N2P961") and bool(job.get("endTime"))
