"""The store's tables. A change here needs a migration in ``migrations/versions`` (a test compares the two).

A field of the model that has a column of the same name is kept there; all others are kept together in ``more``, so that
a new field needs a migration only when it is to be searched.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    false,
)

from nb2pipe.store.columns import Json, Utc, Words
from nb2pipe.store.naming import METADATA

_KEY = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself for INTEGER only

NOTEBOOKS = Table(
    "notebooks",
    METADATA,
    Column("digest", Words, primary_key=True),
    Column("text", Words, nullable=False),
)

RUNS = Table(
    "runs",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("pipeline", Words, nullable=False),
    Column("notebook_path", Words, nullable=False),
    Column("notebook_digest", Words, ForeignKey("notebooks.digest"), nullable=False),
    Column("parameters", Json, nullable=False),
    Column("state", Words, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("started_at", Utc),
    Column("ended_at", Utc),
    Column("user", Words, nullable=False),
    Column("host", Words, nullable=False),
    Column("machine", Words, nullable=False),
    Column("pid", BigInteger, nullable=False),
    Column("process_started_at", BigInteger, nullable=False),
    Column("executor", Words, nullable=False),
    Column("output_path", Words, nullable=False),
    Column("message", Words, nullable=False),
    Column("values_removed_at", Utc),
    Column("batch_id", Words, nullable=False, server_default=""),
    Column("target", Words, nullable=False, server_default=""),
    Column("remote_id", Words, nullable=False, server_default=""),
    Column("more", Json, nullable=False),
    # Known to the store alone:
    Column("heartbeat_at", Utc, nullable=False),
    Column("cancel_requested_at", Utc),
    Column("cancel_requested_by", Words, nullable=False, server_default=""),
    Index(None, "created_at", "id"),
    Index(None, "pipeline", "created_at"),
    Index(None, "notebook_path", "created_at"),
    Index(None, "state"),
    Index(None, "notebook_digest"),
    Index(None, "batch_id"),
    Index(None, "target", "remote_id"),
)

RUN_TAGS = Table(
    "run_tags",
    METADATA,
    Column("run_id", Words, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("tag", Words, nullable=False),
    Index(None, "tag"),
)

STEP_RUNS = Table(
    "step_runs",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("run_id", Words, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("step", Words, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("state", Words, nullable=False),
    Column("started_at", Utc),
    Column("ended_at", Utc),
    Column("cells_total", Integer, nullable=False),
    Column("failure", Json),
    Column("reason", Words, nullable=False),
    Column("cached_from", Words),
    Column("observation", Json, nullable=False),
    Column("parameters", Json, nullable=False),
    Column("log_path", Words, nullable=False),
    Column("notebook_path", Words, nullable=False),
    Column("peak_memory_bytes", BigInteger),
    Column("kernel_started", Boolean, nullable=False),
    Column("more", Json, nullable=False),
    UniqueConstraint("run_id", "step", "attempt"),
    Index(None, "cached_from"),
)


def _of_step_run() -> tuple[Column[int], Column[int]]:
    return (
        Column("step_run", _KEY, ForeignKey("step_runs.key", ondelete="CASCADE"), primary_key=True),
        Column("position", Integer, primary_key=True),
    )


CELL_RUNS = Table(
    "cell_runs",
    METADATA,
    *_of_step_run(),
    Column("index", Integer, nullable=False),
    Column("id", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("started_at", Utc),
    Column("ended_at", Utc),
    Column("more", Json, nullable=False),
)

ARTIFACTS = Table(
    "artifacts",
    METADATA,
    *_of_step_run(),
    Column("name", Words, nullable=False),
    Column("digest", Words, nullable=False),
    Column("group", Integer, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("type", Words, nullable=False),
    Column("preview", Words, nullable=False),
    Column("more", Json, nullable=False),
    Index(None, "digest"),
)

APPROVALS = Table(
    "approvals",
    METADATA,
    Column("run_id", Words, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("step", Words, primary_key=True),
    Column("question", Words, nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("expires_at", Utc),
    Column("verdict", Words),
    Column("user", Words, nullable=False),
    Column("decided_at", Utc),
    Column("why", Words, nullable=False),
    Column("more", Json, nullable=False),
    Index(None, "verdict"),
)

METRICS = Table(
    "metrics",
    METADATA,
    *_of_step_run(),
    Column("name", Words, nullable=False),
    Column("value", Json),
    Column("more", Json, nullable=False),
    Index(None, "name"),
)

SCHEDULES = Table(
    "schedules",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("notebook_path", Words, nullable=False),
    Column("notebook_digest", Words, ForeignKey("notebooks.digest"), nullable=False),
    Column("user", Words, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("more", Json, nullable=False),
    # Known to the store alone:
    Column("standing", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("next_due_at", Utc),
    Column("last_due_at", Utc),
    Column("failures", Integer, nullable=False),
    Column("is_failing", Boolean, nullable=False, server_default=false()),  # unlike failures, outlives a pause
    Column("at_once", Integer, nullable=False),
    UniqueConstraint("name"),
    Index(None, "next_due_at"),
    Index(None, "notebook_digest"),
)

FIRINGS = Table(
    "firings",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("schedule_id", Words, ForeignKey("schedules.id", ondelete="CASCADE"), nullable=False),
    Column("due_at", Utc, nullable=False),
    Column("ready_at", Utc, nullable=False),
    Column("phase", Words, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("run_id", Words, nullable=False),  # no foreign key: what became of a due time outlives its run
    Column("state", Words, nullable=False),
    Column("reason", Words, nullable=False),
    # Absent in rows of the time before there was more than the clock:
    Column("cause", Words),
    Column("parameters", Json),
    Column("taken_at", Utc),
    Column("used_s", Double),
    UniqueConstraint("schedule_id", "due_at"),
    Index(None, "phase", "ready_at"),
    Index(None, "schedule_id", "phase"),
    Index(None, "schedule_id", "taken_at"),
)

_OF_SCHEDULE = "schedules.id"

WATCHES = Table(
    "watches",
    METADATA,
    Column("schedule_id", Words, ForeignKey(_OF_SCHEDULE, ondelete="CASCADE"), primary_key=True),
    Column("place", Words, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("within", Words, nullable=False, server_default=""),
    Column("poll_s", Double, nullable=False),
    Column("settle_s", Double, nullable=False),
    Column("version", Integer, nullable=False),
    Column("seen", Json),
    Column("changed_at", Utc),
    Column("fault", Words, nullable=False),
)

FOLLOWERS = Table(
    "followers",
    METADATA,
    Column("schedule_id", Words, ForeignKey(_OF_SCHEDULE, ondelete="CASCADE"), primary_key=True),
    Column("after_id", Words, ForeignKey(_OF_SCHEDULE, ondelete="CASCADE"), primary_key=True),
    Index(None, "after_id"),
)

CALL_TOKENS = Table(
    "call_tokens",
    METADATA,
    Column("schedule_id", Words, ForeignKey(_OF_SCHEDULE, ondelete="CASCADE"), primary_key=True),
    Column("digest", Words, nullable=False),
)

CALLS = Table(
    "calls",
    METADATA,
    Column("schedule_id", Words, ForeignKey(_OF_SCHEDULE, ondelete="CASCADE"), primary_key=True),
    Column("key", Words, primary_key=True),
    Column("asked", Words, nullable=False),  # digest of what was asked for
    Column("run_id", Words, nullable=False),
    Column("called_at", Utc, nullable=False),
)

LEASES = Table(
    "leases",
    METADATA,
    Column("name", Words, primary_key=True),
    Column("host", Words, nullable=False),
    Column("machine", Words, nullable=False),
    Column("pid", BigInteger, nullable=False),
    Column("process_started_at", BigInteger, nullable=False),
    Column("heartbeat_at", Utc, nullable=False),
)


STEP_INPUTS = Table(
    "step_inputs",
    METADATA,
    *_of_step_run(),
    Column("name", Words, nullable=False),
    Column("digest", Words, nullable=False),
    Column("group", Integer, nullable=False),
    Column("step", Words, nullable=False),
    Column("more", Json, nullable=False),
    Index(None, "digest"),
)

STEP_DATA = Table(
    "step_data",
    METADATA,
    *_of_step_run(),
    Column("use", Words, nullable=False),
    Column("path", Words, nullable=False),
    Column("digest", Words, nullable=False),
    Column("size_bytes", BigInteger),
    Column("more", Json, nullable=False),
    Index(None, "path"),
    Index(None, "digest"),
)

PARTS = {
    "cells": CELL_RUNS,
    "artifacts": ARTIFACTS,
    "metrics": METRICS,
    "inputs": STEP_INPUTS,
    "data": STEP_DATA,
}
"""Fields of a step run that are tables of their own."""
