"""Shapes of the messages of Google Cloud's REST interfaces that nb2pipe sends and reads, and a check against them.

Written down from Google's own definitions at github.com/googleapis/googleapis (of 2026-08-22): in
``google/cloud/aiplatform/v1`` those of ``pipeline_job``, ``pipeline_service``, ``schedule``, ``schedule_service``,
``artifact`` and ``execution``, in ``google/logging/v2`` those of ``logging`` and ``log_entry``. They are as in JSON:
camel case, 64-bit integers and times as text. Of Cloud Storage the fields of ``objects`` in its JSON interface.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
TEXTS = {
    "int64": re.compile(r"-?\d+"),
    "time": TIME,
    "string": re.compile(r".*", re.DOTALL),
}


@dataclass(frozen=True)
class Field:
    """A field of a message.

    Args:
        kind: ``string``, ``int32``, ``int64``, ``bool``, ``time``, ``struct``, ``any``, the name of a message, or
            several words with ``|`` between them.
        many: ``one``, ``list`` or ``map``.
        side: ``both``, or ``out`` for what only the service writes.
        needed: whether a request must have it.
    """

    kind: str
    many: str = "one"
    side: str = "both"
    needed: bool = False


def _out(kind: str, many: str = "one") -> Field:
    return Field(kind, many, "out")


_STATES = ("UNSPECIFIED", "QUEUED", "PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLING", "CANCELLED", "PAUSED")
PIPELINE_STATES = "|".join(f"PIPELINE_STATE_{each}" for each in _STATES)
TASK_STATES = (
    "STATE_UNSPECIFIED|PENDING|RUNNING|SUCCEEDED|CANCEL_PENDING|CANCELLING|CANCELLED|FAILED|SKIPPED|NOT_TRIGGERED"
)

MESSAGES: Mapping[str, Mapping[str, Field]] = {
    "PipelineJob": {
        "name": _out("string"),
        "displayName": Field("string"),
        "createTime": _out("time"),
        "startTime": _out("time"),
        "endTime": _out("time"),
        "updateTime": _out("time"),
        "pipelineSpec": Field("struct"),
        "state": _out(PIPELINE_STATES),
        "jobDetail": _out("PipelineJobDetail"),
        "error": _out("Status"),
        "labels": Field("string", "map"),
        "runtimeConfig": Field("RuntimeConfig", needed=True),
        "encryptionSpec": Field("EncryptionSpec"),
        "serviceAccount": Field("string"),
        "network": Field("string"),
        "reservedIpRanges": Field("string", "list"),
        "templateUri": Field("string"),
        "scheduleName": _out("string"),
        "preflightValidations": Field("bool"),
    },
    "RuntimeConfig": {
        "gcsOutputDirectory": Field("string", needed=True),
        "parameterValues": Field("any", "map"),
        "failurePolicy": Field("PIPELINE_FAILURE_POLICY_FAIL_SLOW|PIPELINE_FAILURE_POLICY_FAIL_FAST"),
    },
    "EncryptionSpec": {"kmsKeyName": Field("string", needed=True)},
    "Status": {"code": Field("int32"), "message": Field("string"), "details": Field("struct", "list")},
    "PipelineJobDetail": {
        "pipelineContext": Field("struct"),
        "pipelineRunContext": Field("struct"),
        "taskDetails": Field("PipelineTaskDetail", "list"),
    },
    "PipelineTaskDetail": {
        "taskId": Field("int64"),
        "parentTaskId": Field("int64"),
        "taskName": Field("string"),
        "createTime": Field("time"),
        "startTime": Field("time"),
        "endTime": Field("time"),
        "executorDetail": Field("PipelineTaskExecutorDetail"),
        "state": Field(TASK_STATES),
        "execution": Field("Execution"),
        "error": Field("Status"),
        "pipelineTaskStatus": Field("PipelineTaskStatus", "list"),
        "inputs": Field("ArtifactList", "map"),
        "outputs": Field("ArtifactList", "map"),
        "taskUniqueName": Field("string"),
    },
    "PipelineTaskStatus": {"updateTime": Field("time"), "state": Field(TASK_STATES), "error": Field("Status")},
    "PipelineTaskExecutorDetail": {
        "containerDetail": Field("ContainerDetail"),
        "customJobDetail": Field("struct"),
    },
    "ContainerDetail": {
        "mainJob": Field("string"),
        "preCachingCheckJob": Field("string"),
        "failedMainJobs": Field("string", "list"),
        "failedPreCachingCheckJobs": Field("string", "list"),
    },
    "ArtifactList": {"artifacts": Field("Artifact", "list")},
    "Artifact": {
        "name": Field("string"),
        "displayName": Field("string"),
        "uri": Field("string"),
        "etag": Field("string"),
        "createTime": Field("time"),
        "updateTime": Field("time"),
        "state": Field("STATE_UNSPECIFIED|PENDING|LIVE"),
        "schemaTitle": Field("string"),
        "schemaVersion": Field("string"),
        "metadata": Field("struct"),
    },
    "Execution": {
        "name": Field("string"),
        "displayName": Field("string"),
        "state": Field("STATE_UNSPECIFIED|NEW|RUNNING|COMPLETE|FAILED|CACHED|CANCELLED"),
        "etag": Field("string"),
        "createTime": Field("time"),
        "updateTime": Field("time"),
        "schemaTitle": Field("string"),
        "schemaVersion": Field("string"),
        "metadata": Field("struct"),
    },
    "Schedule": {
        "cron": Field("string", needed=True),
        "createPipelineJobRequest": Field("CreatePipelineJobRequest", needed=True),
        "name": _out("string"),
        "displayName": Field("string", needed=True),
        "startTime": Field("time"),
        "endTime": Field("time"),
        "maxRunCount": Field("int64"),
        "startedRunCount": _out("int64"),
        "state": _out("STATE_UNSPECIFIED|ACTIVE|PAUSED|COMPLETED"),
        "createTime": _out("time"),
        "updateTime": _out("time"),
        "nextRunTime": _out("time"),
        "lastPauseTime": _out("time"),
        "lastResumeTime": _out("time"),
        "maxConcurrentRunCount": Field("int64", needed=True),
        "maxConcurrentActiveRunCount": Field("int64"),
        "allowQueueing": Field("bool"),
        "catchUp": _out("bool"),
        "lastScheduledRunResponse": _out("RunResponse"),
    },
    "CreatePipelineJobRequest": {
        "parent": Field("string", needed=True),
        "pipelineJob": Field("PipelineJob", needed=True),
    },
    "RunResponse": {"scheduledRunTime": Field("time"), "runResponse": Field("string")},
    "ResumeScheduleRequest": {"catchUp": Field("bool")},
    "Empty": {},
    "ListPipelineJobsResponse": {"pipelineJobs": Field("PipelineJob", "list"), "nextPageToken": Field("string")},
    "ListSchedulesResponse": {"schedules": Field("Schedule", "list"), "nextPageToken": Field("string")},
    "Operation": {
        "name": Field("string"),
        "metadata": Field("struct"),
        "done": Field("bool"),
        "response": Field("struct"),
        "error": Field("Status"),
    },
    "ListLogEntriesRequest": {
        "resourceNames": Field("string", "list", needed=True),
        "filter": Field("string"),
        "orderBy": Field("timestamp asc|timestamp desc"),
        "pageSize": Field("int32"),
        "pageToken": Field("string"),
    },
    "ListLogEntriesResponse": {"entries": Field("LogEntry", "list"), "nextPageToken": Field("string")},
    "LogEntry": {
        "logName": Field("string", needed=True),
        "resource": Field("MonitoredResource", needed=True),
        "textPayload": Field("string"),
        "jsonPayload": Field("struct"),
        "timestamp": Field("time"),
        "receiveTimestamp": Field("time"),
        "severity": Field("DEFAULT|DEBUG|INFO|NOTICE|WARNING|ERROR|CRITICAL|ALERT|EMERGENCY"),
        "insertId": Field("string"),
        "labels": Field("string", "map"),
    },
    "MonitoredResource": {"type": Field("string"), "labels": Field("string", "map")},
    "Objects": {
        "kind": Field("string"),
        "items": Field("Object", "list"),
        "prefixes": Field("string", "list"),
        "nextPageToken": Field("string"),
    },
    "Object": {
        "kind": Field("string"),
        "name": Field("string"),
        "bucket": Field("string"),
        "size": Field("int64"),
        "updated": Field("time"),
    },
}


def faults_of(message: str, value: Any, *, is_request: bool) -> list[str]:
    """What is wrong with a message, in the words that the service has for it; empty for one that is right.

    Args:
        message: its name.
        value: as JSON has it.
        is_request: whether it was sent: what only the service writes is wrong there, and what is needed must be there.
    """
    return list(_faults(message, value, "", is_request))


def _faults(message: str, value: Any, at: str, is_request: bool) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at or message}: not a message"
        return
    fields = MESSAGES[message]
    for name, each in value.items():
        field, place = fields.get(name), f"{at}.{name}".strip(".")
        if field is None:
            yield f"Invalid JSON payload received. Unknown name \"{name}\" at '{at}': Cannot find field."
        elif is_request and field.side == "out":
            yield f"{place}: output only"
        elif not isinstance(each, {"one": object, "list": list, "map": dict}[field.many]):
            yield f"{place}: not a {field.many}"
        else:
            for part in _parts(field.many, each):
                yield from _value(field.kind, part, place, is_request)
    if is_request:
        yield from (f"{at}.{name}: required" for name, field in fields.items() if field.needed and name not in value)


def _parts(many: str, value: Any) -> list[Any]:
    return list(value.values()) if many == "map" else value if many == "list" else [value]


def _value(kind: str, value: Any, at: str, is_request: bool) -> Iterator[str]:
    if kind in MESSAGES:
        yield from _faults(kind, value, at, is_request)
    elif not _is_right(kind, value):
        yield f"Invalid value at '{at}' ({kind}), {value!r}"


def _is_right(kind: str, value: Any) -> bool:
    if kind in TEXTS:
        return isinstance(value, str) and TEXTS[kind].fullmatch(value) is not None
    types = {"int32": int, "bool": bool, "struct": dict, "any": object}
    if kind in types:
        return isinstance(value, types[kind]) and not (kind == "int32" and isinstance(value, bool))
    return value in kind.split("|")
