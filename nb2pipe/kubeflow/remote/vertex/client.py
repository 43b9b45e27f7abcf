"""The client of Vertex AI Pipelines: its REST interfaces, with the machine's own credentials."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from nb2pipe.errors import RemoteError
from nb2pipe.kubeflow.remote.codes import GONE
from nb2pipe.kubeflow.remote.values import RemoteRun, RemoteSchedule, RemoteTask, SchedulePlan, Submission
from nb2pipe.kubeflow.remote.vertex.checks import check_submission
from nb2pipe.kubeflow.remote.vertex.faults import Asked
from nb2pipe.kubeflow.remote.vertex.jobs import is_ended_already, job_body, schedule_body
from nb2pipe.kubeflow.remote.vertex.logs import read_log
from nb2pipe.kubeflow.remote.vertex.places import job_id, split_gs
from nb2pipe.kubeflow.remote.vertex.reading import NAME, read_run, read_schedule, write_time
from nb2pipe.kubeflow.remote.vertex.session import Session, check_installed
from nb2pipe.kubeflow.remote.vertex.storage import check_bucket, names_below, read_object
from nb2pipe.settings.targets import Target

MAYBE_DONE = frozenset({"N2P955", "N2P957", "N2P958", "N2P959"})
"""After which a run may be there all the same."""
EARLIER = timedelta(minutes=10)
"""Before the start of a task, for clocks that differ."""
LIST_FIELDS = "name,state,displayName,createTime,endTime,error,scheduleName"


class VertexRemote:
    """Asks Vertex AI, Cloud Logging and Cloud Storage for one target; credentials are looked for at the first question.

    Args:
        target: where.
        session: to ask by.
    """

    log_delay_s = 60.0

    def __init__(self, target: Target, session: Session) -> None:
        self._target = target
        self._session = session
        self._parent = f"projects/{target.project}/locations/{target.location}"

    def check(self) -> str:
        """Ask whether pipelines and the bucket of the target can be read."""
        target = self._target
        self._vertex("GET", f"{self._parent}/pipelineJobs", "list runs", self._parent, query={"pageSize": "1"})
        asked = self._asked("storage", "list objects", f"the bucket of {target.pipeline_root}")
        check_bucket(self._session, target.pipeline_root, asked)
        account = f", as {self._session.account}" if "@" in self._session.account else ""
        return f"Vertex AI Pipelines in the project {target.project}, {target.location}{account}"

    def submit(self, submission: Submission) -> RemoteRun:
        """Start a run, of an id of ours: sent again, it finds the run that is there."""
        check_submission(submission, self._target)
        name = job_id(submission.pipeline, submission.request_id)
        body = job_body(submission, self._target)
        query = {"pipelineJobId": name}
        try:
            job = self._vertex("POST", f"{self._parent}/pipelineJobs", "start a run", self._parent, body, query)
        except RemoteError as error:
            job = self._there_all_the_same(name, error)
        return read_run(job)

    def status(self, run_id: str) -> RemoteRun:
        """A run with its tasks, as of now."""
        return read_run(self._job(run_id))

    def cancel(self, run_id: str) -> None:
        """Stop a run; one that has ended already is no error."""
        try:
            self._vertex("POST", f"{self._job_name(run_id)}:cancel", "stop a run", f"run {run_id}", {})
        except RemoteError as error:
            if error.code == GONE or not is_ended_already(error, self._job(run_id)):
                raise

    def delete(self, run_id: str) -> None:
        """Have a run forgotten; one that is not there is no error."""
        self._delete(self._job_name(run_id), "delete a run", f"run {run_id}")

    def log(self, run_id: str, task: RemoteTask) -> str:
        """What a task printed so far, in all its attempts; empty where nothing is kept of it."""
        jobs = task.handle.split()
        if not jobs:
            return ""
        since = write_time(task.started_at - EARLIER) if task.started_at else ""
        asked = self._asked("logging", "read a log", f"the log of {task.name}")
        return read_log(self._session, self._target.project, jobs, asked, since)

    def artifact(self, run_id: str, task: RemoteTask, name: str) -> bytes | None:
        """The content of an artifact that a task left, one that failed included, of which the service tells none.

        Metrics are in no file there, but in what it knows of the artifact: they come as JSON.
        """
        if name == "metrics":
            return self._metrics(run_id, task)
        asked = self._asked("storage", "read an artifact", f"the artifact {name} of {task.name}")
        uri = task.outputs.get(name) or self._found(run_id, task, name)
        return read_object(self._session, uri, asked) if uri else None

    def add_schedule(self, plan: SchedulePlan) -> RemoteSchedule:
        """Make a schedule."""
        body = schedule_body(plan, self._target, self._parent)
        check_submission(plan.submission, self._target)
        return read_schedule(self._vertex("POST", f"{self._parent}/schedules", "make a schedule", self._parent, body))

    def schedule(self, schedule_id: str) -> RemoteSchedule:
        """A schedule, as of now."""
        return read_schedule(self._schedule(schedule_id, "GET", "", "look at a schedule"))

    def pause(self, schedule_id: str) -> None:
        """Have a schedule fire no more, until it is resumed; runs that go on are left alone."""
        self._schedule(schedule_id, "POST", ":pause", "pause a schedule", {})

    def resume(self, schedule_id: str, *, catch_up: bool = False) -> None:
        """Have a paused schedule fire again: from its next time on, or with all times of the pause first."""
        self._schedule(schedule_id, "POST", ":resume", "resume a schedule", {"catchUp": catch_up})

    def delete_schedule(self, schedule_id: str) -> None:
        """Have a schedule forgotten; one that is not there is no error."""
        self._delete(self._schedule_name(schedule_id), "delete a schedule", f"schedule {schedule_id}")

    def schedule_runs(self, schedule_id: str, limit: int) -> list[RemoteRun]:
        """The latest runs that a schedule made, newest first, without their tasks."""
        query = {
            "filter": f'schedule_name="{self._schedule_name(schedule_id)}"',
            "orderBy": "create_time desc",
            "pageSize": str(limit),
            "readMask": LIST_FIELDS,
        }
        what = f"schedule {schedule_id}"
        answer = self._vertex("GET", f"{self._parent}/pipelineJobs", "list runs", what, query=query)
        return [read_run(each) for each in answer.get("pipelineJobs", [])]

    def close(self) -> None:
        """Let go of connections."""
        self._session.close()

    def _asked(self, service: str, action: str, what: str) -> Asked:
        target = self._target
        bucket, _ = split_gs(target.pipeline_root)
        return Asked(service, action, what, target.project, target.location, bucket, target.service_account)

    def _vertex(
        self,
        method: str,
        name: str,
        action: str,
        what: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Ask Vertex AI, in the region that a full name says."""
        found = NAME.match(name)
        location = found[2] if found else ""
        asked = self._asked("aiplatform", action, what)
        return self._session.json(method, f"/v1/{name}", asked, body=body, query=query, location=location)

    def _job(self, run_id: str) -> dict[str, Any]:
        return self._vertex("GET", self._job_name(run_id), "look at a run", f"run {run_id}")

    def _job_name(self, run_id: str) -> str:
        return run_id if NAME.fullmatch(run_id) else f"{self._parent}/pipelineJobs/{run_id}"

    def _schedule_name(self, schedule_id: str) -> str:
        return schedule_id if NAME.fullmatch(schedule_id) else f"{self._parent}/schedules/{schedule_id}"

    def _schedule(
        self, schedule_id: str, method: str, verb: str, action: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        name = self._schedule_name(schedule_id)
        return self._vertex(method, f"{name}{verb}", action, f"schedule {schedule_id}", body)

    def _delete(self, name: str, action: str, what: str) -> None:
        try:
            self._vertex("DELETE", name, action, what)
        except RemoteError as error:
            if error.code != GONE:
                raise

    def _there_all_the_same(self, name: str, error: RemoteError) -> dict[str, Any]:
        """The run of an id where a request to start it seemed to fail; else that error."""
        if error.code not in MAYBE_DONE:
            raise error
        try:
            return self._job(name)
        except RemoteError:
            raise error from None

    def _metrics(self, run_id: str, task: RemoteTask) -> bytes | None:
        for each in self._job(run_id).get("jobDetail", {}).get("taskDetails", []):
            artifacts = each.get("outputs", {}).get("metrics", {}).get("artifacts", [])
            if each.get("taskName") == task.name and artifacts:
                return json.dumps(artifacts[0].get("metadata", {})).encode()
        return None

    def _found(self, run_id: str, task: RemoteTask, name: str) -> str:
        """Where an artifact is that the service does not tell of: a step that failed left it all the same.

        Its folder is ``ROOT/PROJECT_NUMBER/RUN/TASK_NUMBER``, below the root that the run was given.
        """
        job = self._job(run_id)
        found = NAME.fullmatch(str(job.get("name", "")))
        root = str(job.get("runtimeConfig", {}).get("gcsOutputDirectory", "")).rstrip("/")
        if not found or not root:
            return ""
        asked = self._asked("storage", "list objects", f"the artifacts of {task.name}")
        start = f"{root}/{found[1]}/{found[4]}/{task.name}_"
        fits = re.compile(rf"{re.escape(start)}-?\d+/{re.escape(name)}")
        return next((each for each in names_below(self._session, start, asked) if fits.fullmatch(each)), "")


def connect_vertex(target: Target) -> VertexRemote:
    """A client of a target, with the environment of this process.

    Raises:
        RemoteError: google-auth is missing (N2P950).
    """
    check_installed()
    return VertexRemote(target, Session(target.location, target.timeout_s, os.environ))
