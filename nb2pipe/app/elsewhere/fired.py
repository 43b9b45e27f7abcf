"""Use-case: what schedules elsewhere have fired, and whether they still fire, brought into the store."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from nb2pipe.app.elsewhere.targets import connected, find_target
from nb2pipe.errors import Nb2pipeError, RemoteError
from nb2pipe.kubeflow.remote.codes import GONE
from nb2pipe.kubeflow.remote.values import RemoteRun, RemoteSchedule
from nb2pipe.model import Run, Schedule, ScheduleEntry, Standing, State, StepRun
from nb2pipe.model.ids import new_run_id
from nb2pipe.store.run_filter import RunFilter
from nb2pipe.store.store import Store

MOST_RUNS = 20
"""Latest runs of a schedule that are asked for at a time."""


@dataclass(frozen=True)
class Fired:
    """What an engine says of a schedule.

    Args:
        entry: as the store has it.
        told: None where the engine knows it no more, or did not answer.
        runs: its latest, newest first.
        problem: why nothing is told; empty where something is.
        is_gone: whether the engine knows it no more.
    """

    entry: ScheduleEntry
    told: RemoteSchedule | None = None
    runs: tuple[RemoteRun, ...] = ()
    problem: str = ""
    is_gone: bool = False


def keep_schedules(store: Store, home: Path, *, budget_s: float, most_s: float | None = None) -> list[str]:
    """Ask after schedules elsewhere, and keep the runs that they made.

    Args:
        store: that has them.
        home: folder under which runs have theirs.
        budget_s: seconds for all of it.
        most_s: seconds that one answer may take.

    Returns:
        What went wrong, a line for each schedule.
    """
    entries = [entry for entry in store.schedules.entries() if entry.schedule is not None and entry.schedule.target]
    problems = []
    for fired in _asked([entry for entry in entries if entry.standing is not Standing.ENDED], budget_s, most_s):
        _keep(store, home, fired)
        if fired.problem and not fired.is_gone:
            problems.append(f"schedule {fired.entry.name}: {fired.problem}")
    return problems


def _asked(entries: Sequence[ScheduleEntry], budget_s: float, most_s: float | None) -> list[Fired]:
    by_target: dict[str, list[ScheduleEntry]] = {}
    for entry in entries:
        by_target.setdefault(_of(entry).target, []).append(entry)
    answers: queue.SimpleQueue[Fired] = queue.SimpleQueue()
    for name, own in by_target.items():
        threading.Thread(
            target=_ask, args=(name, own, most_s, answers), name=f"nb2pipe ask {name}", daemon=True
        ).start()
    until, missing = time.monotonic() + budget_s, {entry.id: entry for entry in entries}
    found: list[Fired] = []
    while missing:
        try:
            fired = answers.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            late = f"no answer within {budget_s:g} s"
            return [*found, *(Fired(entry, problem=late) for entry in missing.values())]
        missing.pop(fired.entry.id, None)
        found.append(fired)
    return found


def _ask(name: str, entries: Sequence[ScheduleEntry], most_s: float | None, answers: queue.SimpleQueue[Fired]) -> None:
    left = list(entries)
    try:
        with closing(connected(find_target(name), most_s)) as remote:
            while left:
                remote_id = _of(left[0]).remote_id
                try:
                    fired = Fired(
                        left[0], remote.schedule(remote_id), tuple(remote.schedule_runs(remote_id, MOST_RUNS))
                    )
                except RemoteError as error:
                    if error.code != GONE:
                        raise
                    fired = Fired(left[0], problem=error.message, is_gone=True)
                answers.put(fired)
                left.pop(0)
    except Exception as error:  # of the target, foreign code included
        problem = error.message if isinstance(error, Nb2pipeError) else f"{type(error).__name__}: {error}"
        for entry in left:
            answers.put(Fired(entry, problem=problem))


def _keep(store: Store, home: Path, fired: Fired) -> None:
    schedule = _of(fired.entry)
    if fired.is_gone:
        store.schedules.set_standing(schedule.id, Standing.ENDED, fired.problem)
        return
    if fired.told is None:
        return
    if fired.told.standing is not fired.entry.standing:
        store.schedules.set_standing(schedule.id, fired.told.standing, f"as {schedule.target} has it")
    text = ""
    for told in reversed(fired.runs):
        if not store.runs_like(RunFilter(target=schedule.target, remote_id=told.id), 1):
            text = text or _text(store, schedule)
            run = _run(schedule, told, text, home)
            store.add_run(run)
            assert schedule.elsewhere is not None
            for each in schedule.elsewhere.steps:
                store.record(StepRun(run.id, each.step, State.QUEUED))


def _text(store: Store, schedule: Schedule) -> str:
    found = store.schedules.entry(schedule.id).schedule
    return found.notebook_text if found is not None else ""


def _run(schedule: Schedule, told: RemoteRun, text: str, home: Path) -> Run:
    """The record of a run that a schedule made; how it goes on is asked for as of any run elsewhere."""
    assert schedule.elsewhere is not None
    created = told.created_at or datetime.now(UTC)
    place = replace(schedule.elsewhere, name=told.name, url=told.url, asked_at=None)
    run_id = new_run_id(created)
    return Run(
        id=run_id,
        pipeline=Path(schedule.notebook_path).stem,
        notebook_path=schedule.notebook_path,
        notebook_digest=schedule.notebook_digest,
        notebook_text=text,
        parameters={**schedule.parameters, **told.parameters},
        state=State.RUNNING,
        created_at=created,
        started_at=created,
        user=schedule.user,
        host=schedule.target,
        executor=schedule.elsewhere.kind,
        output_path=str(home / "runs" / run_id / "executed.ipynb"),
        tags=schedule.tags,
        schedule_id=schedule.id,
        due_at=created,
        target=schedule.target,
        remote_id=told.id,
        elsewhere=place,
    )


def _of(entry: ScheduleEntry) -> Schedule:
    assert entry.schedule is not None
    return entry.schedule
