"""Runs as lineage sees them, written as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from nb2pipe.lineage.graph import RunRecord
from nb2pipe.model import Artifact, DataUse, Input, Metric, Run, State, StepRun

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def a_record(number: int, *steps: str) -> RunRecord:
    """Run ``r<number>``, started so many hours after noon.

    Args:
        number: of the run.
        steps: ``name < inputs > outputs``, cached with a ``*`` behind the name; words are ``x@d1`` for value ``x`` in
            bundle ``d1`` (inputs are of the step that has the name of the bundle), ``/path#digest`` for files, ``m=1``
            for metrics.
    """
    at = NOON + timedelta(hours=number)
    run = Run(f"r{number}", "p", "p.ipynb", "n", "", {}, State.SUCCEEDED, at, at, user="ann")
    return RunRecord(run, tuple(_step(run, place, text) for place, text in enumerate(steps)))


def _step(run: Run, place: int, text: str) -> StepRun:
    head, _, right = text.partition(">")
    name, _, left = head.partition("<")
    inputs, outputs = left.split(), right.split()
    return StepRun(
        run.id,
        name.strip().rstrip("*"),
        State.CACHED if "*" in name else State.SUCCEEDED,
        started_at=run.created_at + timedelta(minutes=place),
        inputs=tuple(Input(*_two(word, "@"), 0, "") for word in inputs if "@" in word),
        artifacts=tuple(Artifact(*_two(word, "@"), 0) for word in outputs if "@" in word),
        metrics=tuple(Metric(*_two(word, "=")) for word in outputs if "=" in word),
        data=(
            *(DataUse("read", *_two(word, "#"), 1) for word in inputs if "#" in word),
            *(DataUse("written", *_two(word, "#"), 1) for word in outputs if "#" in word),
        ),
    )


def _two(word: str, sign: str) -> tuple[str, str]:
    first, _, second = word.partition(sign)
    return first, second
