"""What a step left elsewhere: its log with all that is in it, and what its engine hands over besides."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from nb2pipe.errors import RemoteError
from nb2pipe.kubeflow.marks import Marked, taken_apart
from nb2pipe.kubeflow.remote.protocol import Remote
from nb2pipe.kubeflow.remote.steps import Fetched
from nb2pipe.kubeflow.remote.values import RemoteTask
from nb2pipe.model import State, StepTasks

KEPT_BACK = frozenset({"N2P953", "N2P954", "N2P961"})
"""Answers that say of one thing alone that it is not handed over."""


def fetch_left(remote: Remote, run_id: str, names: StepTasks, tasks: Sequence[RemoteTask], *, ended: bool) -> Fetched:
    """Fetch what a step left.

    The executed notebook and the metrics come as artifacts where its log does not have them: of a step that was taken
    from the engine's cache, and where logs may not be read.

    Args:
        remote: to ask.
        run_id: the engine's own.
        names: of the step and its tasks.
        tasks: those that there are.
        ended: whether nothing more will be printed.

    Raises:
        RemoteError: the engine does not answer, or lets nobody in.
    """
    marked, problem = Marked(""), ""
    try:
        marked = taken_apart("".join(remote.log(run_id, task) for task in tasks))
    except RemoteError as error:
        if error.code not in KEPT_BACK:
            raise
        problem = error.message
    found = Fetched(names.step, (), marked, problem=problem)
    if not ended or not _has_more(names, tasks):
        return replace(found, tasks=names.tasks if ended and not problem else ())
    if marked.step is None and not problem and _may_be_on_its_way(tasks, remote.log_delay_s):
        return replace(found, is_late=True)
    notebook = marked.notebook or _artifact(remote, run_id, tasks[-1], "notebook")
    metrics = {} if marked.step else _artifact(remote, run_id, tasks[-1], "metrics") or {}
    done = () if problem else names.tasks
    return replace(found, tasks=done, marked=replace(marked, notebook=notebook), metrics=metrics)


def _has_more(names: StepTasks, tasks: Sequence[RemoteTask]) -> bool:
    """Whether something is left besides what is printed: not by a check that found nothing."""
    return bool(names.step) or not all(task.state.is_good for task in tasks)


def _may_be_on_its_way(tasks: Sequence[RemoteTask], delay_s: float) -> bool:
    """Whether the engine's log may not have everything yet; of what was not run there is none to come."""
    ends = [each.ended_at for each in tasks if each.ended_at is not None and each.state is not State.CACHED]
    return bool(ends) and (datetime.now(UTC) - max(ends)).total_seconds() < delay_s


def _artifact(remote: Remote, run_id: str, task: RemoteTask, name: str) -> dict[str, Any] | None:
    """An artifact that is JSON; None where there is none, or it is kept back."""
    try:
        found = json.loads(remote.artifact(run_id, task, name) or b"null")
    except RemoteError as error:
        if error.code not in KEPT_BACK:
            raise
        return None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
