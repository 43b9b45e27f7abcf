"""From what an engine tells of a run and its tasks to the values that the rest of nb2pipe speaks in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from nb2pipe.kubeflow.marks import Marked
from nb2pipe.kubeflow.remote.values import RemoteRun, RemoteTask
from nb2pipe.model import CellFailure, DataUse, Elsewhere, Run, State, StepRun, StepTasks

POD_FOLDER = "/tmp/nb2pipe-step/work/"  # noqa: S108 - where a pod has the notebook's folder (pod/main.py)
NOT_RUN = "the run ended before it"


@dataclass(frozen=True)
class Fetched:
    """What was fetched of a step.

    Args:
        step: its name.
        tasks: whose logs these are.
        marked: their logs one after the other, taken apart.
    """

    step: str
    tasks: tuple[str, ...]
    marked: Marked


def run_as_told(run: Run, told: RemoteRun, now: datetime, *, cancelled_by: str = "") -> Run:
    """A run as its engine tells of it now.

    Args:
        run: its record.
        told: by the engine.
        now: UTC.
        cancelled_by: who asked for its end; empty where nobody did.
    """
    assert run.elsewhere is not None
    place = replace(run.elsewhere, url=told.url or run.elsewhere.url, asked_at=now, problem="")
    state = told.state
    if state is State.FAILED and cancelled_by and not any(each.state is State.FAILED for each in told.tasks):
        state = State.CANCELLED
    message = _message(told, run.elsewhere, cancelled_by, state)
    return replace(
        run,
        state=state,
        message=message,
        started_at=told.created_at or run.started_at,
        ended_at=(told.ended_at or run.ended_at or now) if state.is_final else None,
        elsewhere=place,
    )


def gone(run: Run, problem: str, now: datetime) -> Run:
    """A run that its engine knows no more."""
    assert run.elsewhere is not None
    place = replace(run.elsewhere, asked_at=now, problem="")
    return replace(run, state=State.INTERRUPTED, message=problem, ended_at=now, elsewhere=place)


def steps_as_told(run: Run, told: RemoteRun, known: Mapping[str, StepRun]) -> list[StepRun]:
    """The steps of a run as its engine tells of them now.

    Args:
        run: as told.
        told: by the engine.
        known: the steps' records so far.
    """
    assert run.elsewhere is not None
    tasks = {each.name: each for each in told.tasks}
    found = []
    for each in run.elsewhere.steps:
        before = known.get(each.step) or StepRun(run.id, each.step, State.QUEUED)
        found.append(_step(before, [tasks[name] for name in each.tasks if name in tasks], each, run))
    return found


def with_fetched(step: StepRun, fetched: Fetched, run: Run, log_path: str, notebook_path: str) -> StepRun:
    """A step with what its pod left in its log.

    Args:
        step: as told.
        fetched: its logs.
        run: as told.
        log_path: where the log was put.
        notebook_path: where the executed notebook was put; empty where there is none.
    """
    found = replace(step, log_path=log_path, notebook_path=notebook_path or step.notebook_path)
    left = fetched.marked.step
    if left is None or left.step != step.step:
        return found
    failed = left.failure is not None
    return replace(
        found,
        state=State.FAILED if failed and step.state is not State.CANCELLED else step.state,
        cells=left.cells,
        cells_total=left.cells_total or step.cells_total,
        failure=left.failure or (None if step.state.is_good else step.failure),
        artifacts=left.artifacts,
        metrics=left.metrics,
        observation=left.observation,
        parameters=left.parameters,
        inputs=left.inputs,
        data=tuple(_here(each, run) for each in left.data),
        peak_memory_bytes=left.peak_memory_bytes,
        kernel_started=left.kernel_started,
    )


def first_failure(run: Run, steps: Sequence[StepRun]) -> Run:
    """A run that failed, with a message that names the step as a run on this machine has it."""
    failed = next((each for each in steps if each.state is State.FAILED and each.failure is not None), None)
    if run.state is not State.FAILED or failed is None:
        return run
    assert failed.failure is not None
    return replace(run, message=f"step {failed.step!r} failed: {failed.failure.name}")


def _message(told: RemoteRun, place: Elsewhere, cancelled_by: str, state: State) -> str:
    if state is State.CANCELLED:
        return f"cancelled by {cancelled_by}" if cancelled_by else "cancelled there"
    if state is not State.FAILED:
        return ""
    failed = {each.name for each in told.tasks if each.state is State.FAILED}
    step = next((each.step for each in place.steps if failed & set(each.tasks)), "")
    if step:
        return f"step {step!r} failed"
    if place.check in failed:
        return "steps that ran side by side should have waited for each other"
    return told.message or "it failed there"


def _step(before: StepRun, tasks: Sequence[RemoteTask], names: StepTasks, run: Run) -> StepRun:
    state = _state(tasks, names, run)
    if before.state.is_final and before.log_path and state is not before.state:
        state = before.state  # what its log says is known better
    started = [each.started_at for each in tasks if each.started_at is not None]
    ended = [each.ended_at for each in tasks if each.ended_at is not None]
    bad = next((each for each in tasks if each.state is State.FAILED), None)
    return replace(
        before,
        state=state,
        attempt=before.attempt,
        started_at=min(started) if started and state is not State.QUEUED else before.started_at,
        ended_at=(max(ended) if ended else before.ended_at) if state.is_final else None,
        failure=before.failure or (_failure(bad, run) if state is State.FAILED and bad is not None else None),
        reason=_reason(state, tasks, run),
    )


def _state(tasks: Sequence[RemoteTask], names: StepTasks, run: Run) -> State:
    states = [each.state for each in tasks]
    for bad in (State.FAILED, State.CANCELLED):
        if bad in states:
            return bad
    if len(states) == len(names.tasks) and all(state.is_good for state in states):
        return State.CACHED if set(states) == {State.CACHED} else State.SUCCEEDED
    if run.state.is_final:
        return _left_open(states, run)
    return State.QUEUED if set(states) <= {State.QUEUED} else State.RUNNING


def _left_open(states: Sequence[State], run: Run) -> State:
    """Of a step that had not ended when its run had."""
    if run.state.is_good:
        return State.SUCCEEDED  # its tasks are listed no more
    if run.state is State.CANCELLED:
        return State.CANCELLED
    return State.INTERRUPTED if State.RUNNING in states else State.SKIPPED


def _reason(state: State, tasks: Sequence[RemoteTask], run: Run) -> str:
    if state is State.CACHED:
        return f"taken from the cache of {run.target}"
    if state is State.SKIPPED:
        return NOT_RUN
    if state is State.QUEUED and tasks:
        return "waits for its pod"
    return ""


def _failure(task: RemoteTask, run: Run) -> CellFailure:
    """Why a step failed of which no log tells."""
    message = task.message or "its task failed there, and its log says nothing of a cell"
    url = run.elsewhere.url if run.elsewhere else ""
    hint = f"nb2pipe logs {run.id} shows what it printed" + (f"; its page: {url}" if url else "")
    return CellFailure("internal", "TaskFailed", message, hint)


def _here(use: DataUse, run: Run) -> DataUse:
    """A file of a pod by a name that means something here: what was read is the notebook's folder's, what was written
    stays with the run."""
    if not use.path.startswith(POD_FOLDER):
        return use
    name = use.path.removeprefix(POD_FOLDER)
    if use.use == "read" and "://" not in run.notebook_path:
        return replace(use, path=str(Path(run.notebook_path).absolute().parent / name))
    return replace(use, path=f"{run.executor}://{run.target}/{run.id}/{name}")
