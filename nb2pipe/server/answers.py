"""Schemas of what the service answers with."""

from __future__ import annotations

from nb2pipe.app.logs import LogPart
from nb2pipe.app.previews import ArtifactPreview
from nb2pipe.errors import Diagnostic
from nb2pipe.lineage.diff import RunDiff
from nb2pipe.lineage.graph import CodeCell, DataNode
from nb2pipe.lineage.target import Target
from nb2pipe.model import (
    Approval,
    Artifact,
    Delivery,
    Edge,
    Firing,
    Metric,
    Parameter,
    Run,
    Schedule,
    ScheduleEntry,
    State,
    Step,
    StepRun,
)
from nb2pipe.model.build import ImageBuild
from nb2pipe.server.schemas import ANYTHING, FLAG, NUMBER, TEXT, TIME, WHOLE, Schema, Schemas, array, mapping, nullable
from nb2pipe.server.schemas import record as _record
from nb2pipe.server.targets import SHOWN as TARGET_FIELDS

SCHEMAS = Schemas()
_MAYBE = {name: nullable(TEXT) for name in ("here", "inside", "line")}
_of = SCHEMAS.of


def _run() -> Schema:
    fields = SCHEMAS.fields(Run)
    del fields["notebook_text"]
    return _record({**fields, "duration_s": nullable(NUMBER), "notebook": nullable(TEXT), "metrics": mapping(ANYTHING)})


def _schedule() -> Schema:
    fields = SCHEMAS.fields(Schedule)
    del fields["notebook_text"]
    return _record(fields)


def _entry() -> dict[str, Schema]:
    own = SCHEMAS.named("ScheduleWithoutText", _schedule)
    return {**SCHEMAS.fields(ScheduleEntry), "schedule": nullable(own), "notebook": nullable(TEXT)}


RUN = SCHEMAS.named("RunShown", _run)
STEP = SCHEMAS.named("StepShown", lambda: _record({**SCHEMAS.fields(StepRun), "duration_s": nullable(NUMBER)}))
DIAGNOSTIC = SCHEMAS.named("DiagnosticShown", lambda: _record({**SCHEMAS.fields(Diagnostic), "location": TEXT}))
PROBLEM = SCHEMAS.named(
    "Problem",
    lambda: _record(
        {
            "code": {"type": "string", "pattern": "^N2P[0-9]{3}$"},
            "message": TEXT,
            "hint": TEXT,
            "cell_index": nullable(WHOLE),
            "cell_id": nullable(TEXT),
            "line": nullable(WHOLE),
            "step": nullable(TEXT),
            "diagnostics": array(DIAGNOSTIC),
        }
    ),
)
PIPELINE = SCHEMAS.named(
    "PipelineShown",
    lambda: _record(
        {
            "name": TEXT,
            "notebook": _record({"path": TEXT, "digest": TEXT, "cells": WHOLE}),
            "kernel_name": TEXT,
            "language": TEXT,
            "parameters": array(_of(Parameter)),
            "steps": array(_of(Step)),
            "edges": array(_of(Edge)),
            "side_by_side": array(array(TEXT)),
            "diagnostics": array(DIAGNOSTIC),
        }
    ),
)
CHECK = _record(
    {"is_unsaved": FLAG, "is_refused": FLAG, "pipeline": nullable(PIPELINE), "diagnostics": array(DIAGNOSTIC)}
)
TAGS = _record({"tags": array(_record({"cell_index": WHOLE, "tags": array(TEXT)})), "pipeline": PIPELINE})
SETTING = _record({"key": TEXT, "value": TEXT, "origin": TEXT})
TARGET = SCHEMAS.named(
    "TargetShown",
    lambda: _record({**dict.fromkeys(TARGET_FIELDS, TEXT), "labels": mapping(TEXT), "schedule_cannot": mapping(TEXT)}),
)
_BATCH: dict[str, Schema] = {
    "id": TEXT,
    "state": _of(State),
    "notebook": nullable(TEXT),
    "user": TEXT,
    "created_at": TIME,
    "total": WHOLE,
    "succeeded": WHOLE,
    "ended": WHOLE,
    "varied": array(TEXT),
}
BATCH_HEAD = SCHEMAS.named("BatchHead", lambda: _record(_BATCH))
BATCH = SCHEMAS.named("BatchShown", lambda: _record({**_BATCH, "runs": array(RUN)}))
IMAGE_CHECK = _record(
    {
        "image": TEXT,
        "steps": array(TEXT),
        "ok": FLAG,
        "lacks": array(_record({**dict.fromkeys(("severity", "what"), TEXT), **_MAYBE, "why": TEXT})),
    }
)
BUILD = SCHEMAS.named("ImageBuildShown", lambda: _record({**SCHEMAS.fields(ImageBuild), "notebook": nullable(TEXT)}))
PRUNED = _record({"run_ids": array(TEXT), "freed_bytes": WHOLE, "values_kept": TEXT})
VALUE = _record({"step": TEXT, "is_there": FLAG, **SCHEMAS.fields(Artifact)})
LOG = _of(LogPart)
PREVIEW = _of(ArtifactPreview)
APPROVAL = _of(Approval)
PENDING = _record(
    {**SCHEMAS.fields(Approval), "pipeline": TEXT, "notebook": nullable(TEXT), "started_by": TEXT},
)
NOTICE = _record(
    {
        "id": TEXT,
        "channel": TEXT,
        "delivery": _of(Delivery),
        "attempts": WHOLE,
        "reason": TEXT,
        "created_at": nullable(TIME),
        "next_at": nullable(TIME),
        "settled_at": nullable(TIME),
        "notice": {"type": "object"},
    }
)
RETRIED = _record({"id": TEXT, "channel": TEXT, "is_sent": FLAG, "is_being_sent": FLAG, "reason": TEXT})
CHANNEL = _record({"name": TEXT, "kind": TEXT})
DIFF = _record({"runs": array(RUN), "is_same": FLAG, "differences": _of(RunDiff)})
PROCESS = nullable(_record({"host": TEXT, "pid": WHOLE}))
SCHEDULER = _record({"scheduler": PROCESS, "was_started": FLAG})
SCHEDULE = SCHEMAS.named("ScheduleShown", lambda: _record(_entry(), optional=("token",)))
SCHEDULE_DETAILS = _record(
    {**_entry(), "next_times": array(TIME), "firings": array(_of(Firing)), "scheduler": PROCESS},
    optional=("token",),
)
SCHEDULES = _record(
    {
        "schedules": array(_record({**_entry(), "last_state": nullable(_of(State))}, optional=("token",))),
        "scheduler": PROCESS,
        "total": WHOLE,
    }
)


def _run_of_lineage() -> Schema:
    fields = SCHEMAS.fields(Run)
    del fields["notebook_text"]
    return _record({**fields, "duration_s": nullable(NUMBER), "notebook": nullable(TEXT)})


def _node(kind: str, members: dict[str, Schema]) -> Schema:
    return _record({"id": TEXT, "kind": {"type": "string", "enum": [kind]}, **members})


_NODES = {
    "step": {"run_id": TEXT, "step": STEP, "code": array(_of(CodeCell))},
    "artifact": SCHEMAS.fields(Artifact),
    "file": SCHEMAS.fields(DataNode),
    "metric": {"run_id": TEXT, "step": TEXT, **SCHEMAS.fields(Metric)},
}
NODE = SCHEMAS.named("LineageNode", lambda: {"oneOf": [_node(kind, fields) for kind, fields in _NODES.items()]})
LINEAGE = _record(
    {
        "target": _of(Target),
        "starts": array(TEXT),
        "upstream": array(TEXT),
        "downstream": array(TEXT),
        "nodes": array(NODE),
        "edges": array(_record({"source": TEXT, "target": TEXT})),
        "runs": mapping(SCHEMAS.named("RunOfLineage", _run_of_lineage)),
        "digest_now": TEXT,
        "is_cut": FLAG,
    },
    optional=("upstream", "downstream"),
)
