"""Where a run is that goes on elsewhere: on an engine that it was sent to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class StepTasks:
    """The tasks that a step became there, in the order in which they run; the last is the step's own."""

    step: str
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class Elsewhere:
    """What is known of a run's place elsewhere.

    Args:
        kind: of the engine: ``kfp`` or ``vertex``.
        name: of the run there.
        url: its page for people; empty where there is none.
        commit: git commit of the notebook's folder when it was sent; empty where there was none.
        labels: that it was sent with.
        steps: which tasks each step became.
        check: the task that holds steps against each other that ran side by side; empty where there is none.
        asked_at: when the engine last told of it, UTC; None before the first time.
        problem: why it could not be asked since; empty where it could.
        fetched: tasks whose logs were fetched after they had ended.
    """

    kind: str
    name: str = ""
    url: str = ""
    commit: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[StepTasks, ...] = ()
    check: str = ""
    asked_at: datetime | None = None
    problem: str = ""
    fetched: tuple[str, ...] = ()
