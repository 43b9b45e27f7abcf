"""Values as a reader likes them: states, parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from nb2pipe.model import CellFailure, Run, State

COLOURS = {
    State.QUEUED: "white",
    State.WAITING: "yellow",
    State.RUNNING: "cyan",
    State.SUCCEEDED: "green",
    State.CACHED: "blue",
    State.FAILED: "red",
    State.SKIPPED: "yellow",
    State.CANCELLED: "magenta",
    State.INTERRUPTED: "magenta",
}
SIGNS = {
    State.QUEUED: "·",
    State.WAITING: "?",
    State.RUNNING: "▶",
    State.SUCCEEDED: "✓",
    State.CACHED: "=",
    State.FAILED: "✗",
    State.SKIPPED: "-",
    State.CANCELLED: "■",
    State.INTERRUPTED: "■",
}


def run_seconds(run: Run) -> float | None:
    """How long a run took, or takes so far; None when it did not start or nobody knows when it ended."""
    if run.started_at is None:
        return None
    end = run.ended_at or (None if run.state.is_final else datetime.now(UTC))
    return (end - run.started_at).total_seconds() if end else None


def value_text(value: Any, width: int = 60) -> str:
    """A JSON value on one line, cut to a width."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text.replace("\n", "⏎")
    return text if len(text) <= width else text[: width - 1] + "…"


def failure_words(failure: CellFailure, width: int = 100) -> str:
    """``ValueError: message``, the message's first line only."""
    first = failure.message.strip().split("\n")[0]
    return value_text(f"{failure.name}: {first}" if failure.name else first, width)


def parameters_text(parameters: Mapping[str, Any], width: int = 60) -> str:
    """``rows=100 path=data.csv``, cut to a width."""
    return value_text(" ".join(f"{name}={value_text(value, 30)}" for name, value in parameters.items()), width)
