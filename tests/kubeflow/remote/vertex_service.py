"""A stand-in for Google Cloud on this machine: tokens, Vertex AI, Cloud Logging and Cloud Storage, by HTTP.

It answers as the interfaces do whose definitions ``vertex_shapes`` names: paths are those of the ``google.api.http``
options of ``PipelineService``, ``ScheduleService`` and ``LoggingServiceV2``, and those of ``objects`` of Cloud Storage.
Every request is held against its message, and so is every answer. Errors have the form of ``google.rpc.Status`` with
``ErrorInfo``; tokens are given as RFC 7523 has it, for keys of a test's making. Nothing happens by itself: tests move
states.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.kubeflow.remote.vertex_beside import (
    ACCOUNT,
    BUCKET,
    PROJECT,
    TOKEN,
    entries_of,
    job_fault,
    listed,
    new_key,
    object_of,
    objects_of,
    token_of,
)
from tests.kubeflow.remote.vertex_http import (
    HANG,
    Answer,
    Asked,
    deleted,
    error,
    gone,
    handler,
    info,
    invalid,
    not_found,
)
from tests.kubeflow.remote.vertex_shapes import faults_of

NUMBER, LOCATION = "123456789012", "europe-west4"
JOB_ID = re.compile(r"[a-z][a-z0-9-]{0,126}")
START = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
PARENT = r"/v1/projects/([^/:]+)/locations/([^/:]+)"


class Google:
    """The stand-in; ``with`` starts and ends it.

    Attributes:
        jobs: runs by name.
        schedules: schedules by name.
        objects: contents by ``BUCKET/PATH``.
        lines: what custom jobs printed, by id: stream and text.
        asked: all requests but those for tokens.
        next: answers to give in the place of its own, once each: the end of the path they are for, and what they are.
        done_before: whether such an answer comes after the request has been carried out.
        born: state of runs as they are made, and their tasks; None for runs that wait.
        on_cancel: called when a run is asked to stop.
    """

    def __init__(self) -> None:
        self.jobs: dict[str, dict[str, Any]] = {}
        self.schedules: dict[str, dict[str, Any]] = {}
        self.objects: dict[str, bytes] = {f"{BUCKET}/readme.txt": b"for pipelines"}
        self.lines: dict[str, list[tuple[str, str]]] = {}
        self.asked: list[Asked] = []
        self.next: list[tuple[str, Answer]] = []
        self.done_before = False
        self.born: tuple[str, Mapping[str, Any]] | None = None
        self.on_cancel: Callable[[], None] = lambda: None
        self.token_answer: Answer | None = None
        self.tokens_given = 0
        self.page = 1000
        self.clock = START
        self._ending = threading.Event()
        self._key = new_key()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ending.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def environment(self) -> dict[str, str]:
        """What makes Google's own tools, and ours, ask it."""
        names = ("AIPLATFORM", "LOGGING", "STORAGE")
        return {f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{name}": self.url for name in names}

    def key_file(self, path: Path, **changes: str) -> Path:
        """A key file of a service account whose tokens it gives."""
        values = {
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": "key-of-a-test",
            "private_key": self._key,
            "client_email": ACCOUNT,
            "client_id": "1",
            "token_uri": f"{self.url}/token",
        }
        path.write_text(json.dumps(values | changes), encoding="utf-8")
        return path

    def answer(self, asked: Asked) -> Answer:
        """What it answers."""
        if asked.path == "/token":
            return self._token(asked)
        self.asked.append(asked)
        own = next((each for each in self.next if asked.path.endswith(each[0])), None)
        if own is not None:
            self.next.remove(own)
            if self.done_before:
                self._own_answer(asked)
            if own[1] is HANG:
                self._ending.wait()
            return own[1]
        return self._own_answer(asked)

    def _own_answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            why = "Request had invalid authentication credentials. Expected OAuth 2 access token."
            return error(401, "UNAUTHENTICATED", why, info("ACCESS_TOKEN_EXPIRED", service="aiplatform.googleapis.com"))
        for method, pattern, act in self._routes():
            found = re.fullmatch(pattern, asked.path)
            if found and method == asked.method:
                return act(asked, *found.groups())
        return Answer(404, b"<html><title>Error 404 (Not Found)!!1</title></html>")

    def _routes(self) -> Iterator[tuple[str, str, Callable[..., Answer]]]:
        yield "POST", rf"{PARENT}/pipelineJobs", self._create_job
        yield "GET", rf"{PARENT}/pipelineJobs", self._list_jobs
        yield "GET", r"/v1/(projects/.*/pipelineJobs/[^/:]+)", self._get_job
        yield "DELETE", r"/v1/(projects/.*/pipelineJobs/[^/:]+)", self._delete_job
        yield "POST", r"/v1/(projects/.*/pipelineJobs/[^/:]+):cancel", self._cancel_job
        yield "POST", rf"{PARENT}/schedules", self._create_schedule
        yield "GET", r"/v1/(projects/.*/schedules/[^/:]+)", self._get_schedule
        yield "DELETE", r"/v1/(projects/.*/schedules/[^/:]+)", self._delete_schedule
        yield "POST", r"/v1/(projects/.*/schedules/[^/:]+):(pause|resume)", self._move_schedule
        yield "POST", r"/v2/entries:list", lambda asked: entries_of(asked, self.lines, self.page)
        yield "GET", r"/storage/v1/b/([^/]+)/o", lambda asked, bucket: objects_of(asked, self.objects, bucket)
        yield (
            "GET",
            r"/storage/v1/b/([^/]+)/o/(.+)",
            lambda asked, bucket, name: object_of(asked, self.objects, bucket, name),
        )

    def _token(self, asked: Asked) -> Answer:
        self.tokens_given += 1
        if self.token_answer is HANG:
            self._ending.wait()
        if self.token_answer is not None:
            return self.token_answer
        return token_of(asked)

    def _create_job(self, asked: Asked, project: str, location: str) -> Answer:
        faults = faults_of("PipelineJob", asked.body, is_request=True)
        if faults or set(asked.query) - {"pipelineJobId", "$alt"}:
            return invalid(faults or [f"unknown parameters {sorted(asked.query)}"])
        wrong = self._place_fault(project, location) or job_fault(asked.body)
        if wrong is not None:
            return wrong
        name = f"projects/{NUMBER}/locations/{location}/pipelineJobs/{asked.query.get('pipelineJobId', 'x')}"
        if not JOB_ID.fullmatch(name.rpartition("/")[2]):
            return invalid(["pipeline_job_id is invalid"])
        if name in self.jobs:
            return error(409, "ALREADY_EXISTS", f"Resource '{name}' already exists.")
        now = self.tick()
        own = {"name": name, "state": "PIPELINE_STATE_PENDING", "createTime": now, "updateTime": now}
        self.jobs[name] = {**asked.body, **own}
        if self.born is not None:
            self.move(name, self.born[0], **self.born[1])
        return Answer(200, self.jobs[name], "PipelineJob")

    def _place_fault(self, project: str, location: str) -> Answer | None:
        if project not in (PROJECT, NUMBER):
            why = f"Permission denied on resource project {project}."
            return error(403, "PERMISSION_DENIED", why, info("CONSUMER_INVALID", service="aiplatform.googleapis.com"))
        return None if location == LOCATION else not_found(f"Location {location} is not found.")

    def _list_jobs(self, asked: Asked, project: str, location: str) -> Answer:
        wrong = self._place_fault(project, location)
        if wrong is not None:
            return wrong
        return Answer(200, {"pipelineJobs": listed(asked, self.jobs.values())}, "ListPipelineJobsResponse")

    def _get_job(self, asked: Asked, name: str) -> Answer:
        job = self.jobs.get(_numbered(name))
        return gone("PipelineJob", name) if job is None else Answer(200, job, "PipelineJob")

    def _delete_job(self, asked: Asked, name: str) -> Answer:
        job = self.jobs.get(_numbered(name))
        if job is None:
            return gone("PipelineJob", name)
        if "endTime" not in job:
            return error(400, "FAILED_PRECONDITION", "The PipelineJob is in a non-terminal state and can't be deleted.")
        del self.jobs[_numbered(name)]
        return deleted(name)

    def _cancel_job(self, asked: Asked, name: str) -> Answer:
        job = self.jobs.get(_numbered(name))
        if job is None:
            return gone("PipelineJob", name)
        if asked.body != {}:
            return invalid(["CancelPipelineJobRequest has no such fields"])
        if "endTime" in job:
            return error(400, "FAILED_PRECONDITION", "The PipelineJob is in a terminal state and can't be canceled.")
        job["state"] = "PIPELINE_STATE_CANCELLING"
        self.on_cancel()
        return Answer(200, {}, "Empty")

    def _create_schedule(self, asked: Asked, project: str, location: str) -> Answer:
        faults = faults_of("Schedule", asked.body, is_request=True)
        wrong = self._place_fault(project, location)
        if faults or wrong is not None:
            return wrong or invalid(faults)
        request = asked.body["createPipelineJobRequest"]
        wrong = job_fault(request["pipelineJob"])
        if wrong is not None or request["parent"] != f"projects/{project}/locations/{location}":
            return wrong or invalid(["create_pipeline_job_request.parent"])
        if not re.fullmatch(r"((CRON_)?TZ=\S+ )?(\S+ ){4}\S+", asked.body["cron"]):
            return invalid(["cron is invalid"])
        name = f"projects/{NUMBER}/locations/{location}/schedules/{len(self.schedules) + 1000}"
        now = self.tick()
        own = {"name": name, "state": "ACTIVE", "createTime": now, "nextRunTime": "2026-11-30T05:00:00Z"}
        self.schedules[name] = {**asked.body, **own, "startedRunCount": "0", "catchUp": False}
        return Answer(200, self.schedules[name], "Schedule")

    def _get_schedule(self, asked: Asked, name: str) -> Answer:
        found = self.schedules.get(_numbered(name))
        return gone("Schedule", name) if found is None else Answer(200, found, "Schedule")

    def _delete_schedule(self, asked: Asked, name: str) -> Answer:
        if self.schedules.pop(_numbered(name), None) is None:
            return gone("Schedule", name)
        return deleted(name)

    def _move_schedule(self, asked: Asked, name: str, verb: str) -> Answer:
        found = self.schedules.get(_numbered(name))
        if found is None:
            return gone("Schedule", name)
        if verb == "resume" and faults_of("ResumeScheduleRequest", asked.body, is_request=True):
            return invalid(["ResumeScheduleRequest"])
        before, after = ("ACTIVE", "PAUSED") if verb == "pause" else ("PAUSED", "ACTIVE")
        if found["state"] != before:
            return error(400, "FAILED_PRECONDITION", f"The Schedule is in the state {found['state']}.")
        found["state"] = after
        found["catchUp"] = bool(asked.body.get("catchUp", False))
        return Answer(200, {}, "Empty")

    def tick(self) -> str:
        """The next second, as it writes it."""
        self.clock += timedelta(seconds=1)
        return self.clock.strftime("%Y-%m-%dT%H:%M:%S.123456Z")

    def move(self, name: str, state: str, **tasks: Mapping[str, Any]) -> None:
        """Move a run and its tasks: the name of a task, ``_`` for ``-``, to its state and all that is known of it."""
        job = self.jobs[_numbered(name)]
        job["state"] = f"PIPELINE_STATE_{state}"
        job.setdefault("startTime", self.tick())
        if state in ("SUCCEEDED", "FAILED", "CANCELLED"):
            job["endTime"] = self.tick()
        details = job.setdefault("jobDetail", {}).setdefault("taskDetails", [_root_task(job, self.tick())])
        for key, values in tasks.items():
            task = next((each for each in details if each["taskName"] == key.replace("_", "-")), None)
            if task is None:
                number = str(len(details) * 1000 + 1)
                task = {"taskName": key.replace("_", "-"), "taskId": number, "parentTaskId": details[0]["taskId"]}
                details.append(task)
            task.update({"createTime": self.tick(), **values})


def _root_task(job: Mapping[str, Any], now: str) -> dict[str, Any]:
    """The run as a whole, which the service has among the tasks."""
    name = str(job["name"]).rpartition("/")[2]
    return {"taskName": name, "taskId": "-77", "state": "RUNNING", "createTime": now}


def _numbered(name: str) -> str:
    return name.replace(f"projects/{PROJECT}/", f"projects/{NUMBER}/")
