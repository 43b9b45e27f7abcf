"""Values of the model to put into stores."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from nb2pipe.model import (
    Artifact,
    CellFailure,
    CellRun,
    Metric,
    Observation,
    Run,
    State,
    StepRun,
)

NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)
TEXT = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n'


def a_run(run_id: str = "20261124-120000-abcdefg", *, minutes: float = 0, text: str = TEXT, **changes: Any) -> Run:
    """A run that ended well, created so many minutes after noon."""
    created = NOON + timedelta(minutes=minutes)
    run = Run(
        id=run_id,
        pipeline="churn",
        notebook_path="churn.ipynb",
        notebook_digest=hashlib.sha256(text.encode()).hexdigest(),
        notebook_text=text,
        parameters={"rows": 10, "rate": 0.5, "who": None, "list": [1, {"z": 1, "a": "ü"}]},
        state=State.SUCCEEDED,
        created_at=created,
        started_at=created,
        ended_at=created + timedelta(seconds=3),
        user="ann",
        host="laptop",
        pid=42,
        process_started_at=2**40,
        machine="boot/pid:[1]",
        executor="process",
        output_path="out.ipynb",
        message="",
        tags=("nightly", "a, b"),
    )
    return replace(run, **changes)


def a_step_run(run_id: str, step: str = "load", **changes: Any) -> StepRun:
    """A step run with a value in every field."""
    step_run = StepRun(
        run_id=run_id,
        step=step,
        state=State.FAILED,
        attempt=1,
        started_at=NOON,
        ended_at=NOON + timedelta(seconds=1.5),
        cells=(
            CellRun(0, "a1", State.SUCCEEDED, NOON, NOON + timedelta(seconds=1)),
            CellRun(2, "b2", State.FAILED, NOON + timedelta(seconds=1), NOON + timedelta(seconds=1.5)),
            CellRun(3, "c3", State.QUEUED),
        ),
        cells_total=3,
        failure=CellFailure("exception", "ValueError", "no", "look", "\x1b[31mTraceback\x1b[0m", 2, "b2", 1),
        reason="not cached: the code changed",
        cached_from="20261123-120000-0000000",
        artifacts=(Artifact("df", "d1", 0, 2**40, "pandas.DataFrame", "2 rows"), Artifact("@random", "d1", 1)),
        metrics=(Metric("auc", 0.75), Metric("report", {"a": [1, None]}), Metric("none", None)),
        observation=Observation(
            reads=("x",),
            bound=("df", "y"),
            files_read={"/data/in.csv": "ff"},
            distributions={"pandas": "3.0"},
            used_shell=True,
            uncarried={"y": "a generator"},
        ),
        parameters={"rows": 10},
        log_path="runs/1/load/log.txt",
        notebook_path="runs/1/load/step.ipynb",
        peak_memory_bytes=2**35,
        kernel_started=True,
    )
    return replace(step_run, **changes)
