"""What people are to be told of runs, put into the store in the transaction that settles the run.

A notice's number follows from what it tells of what by which channel, so that nothing is put in twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, text

from nb2pipe.model import Delivery, Firing, Notice, NoticeEvent, NoticeFacts, Notify, Run, State, StepRun
from nb2pipe.store import runs, steps
from nb2pipe.store.columns import Json, Utc, Words
from nb2pipe.store.outbox_schema import NOTICES
from nb2pipe.store.rows import to_row
from nb2pipe.store.runs import UNREADABLE
from nb2pipe.store.schema import RUNS, SCHEDULES

BAD = (State.FAILED, State.INTERRUPTED)
_LINE = 500
_ADD = text(
    "INSERT INTO notices (id, channel, run_id, state, created_at, attempts, next_at, reason, more)"
    " VALUES (:id, :channel, :run_id, :state, :created_at, 0, :next_at, '', :more) ON CONFLICT (id) DO NOTHING"
).bindparams(
    *(bindparam(name, type_=Words) for name in ("id", "channel", "run_id", "state")),
    *(bindparam(name, type_=Utc) for name in ("created_at", "next_at")),
    bindparam("more", type_=Json),
)


def enqueue(connection: Connection, facts: NoticeFacts, targets: Sequence[Notify], now: datetime) -> list[str]:
    """Put in a notice for each of those who want to know of such a thing.

    Returns:
        The numbers of those that were not known yet.
    """
    added = []
    for target in targets:
        if facts.event not in target.events or (target.only_first and facts.failures > 1):
            continue
        notice = Notice(_number(facts, target.channel), target.channel, facts, Delivery.PENDING, now, next_at=now)
        row = to_row(notice, NOTICES)
        wanted = ("id", "channel", "state", "created_at", "next_at", "more")
        values = {name: row[name] for name in wanted} | {"run_id": facts.run_id}
        if connection.execute(_ADD, values).rowcount:
            added.append(notice.id)
    return added


def run_ended(connection: Connection, run: Run, now: datetime) -> None:
    """Tell of the end of a run that somebody started, if it failed and they asked for it."""
    if run.notify and run.state in BAD and not run.schedule_id:
        enqueue(connection, _facts(connection, run.id, NoticeEvent.FAILURE, run.ended_at or now), run.notify, now)


def due_time_ended(
    connection: Connection,
    firing: Firing,
    before: Row[Any],
    is_failure: bool,
    targets: Callable[[], Sequence[Notify]],
    now: datetime,
) -> None:
    """Tell of a due time that has failed for good, or that succeeded where the one before failed.

    Args:
        connection: within the transaction that settles it.
        firing: the due time, with its run's final state.
        before: its schedule's row before that.
        is_failure: whether it has failed for good.
        targets: says who wants to know.
        now: aware.
    """
    recovered = firing.state is State.SUCCEEDED and before.is_failing
    if not (is_failure or recovered):
        return
    wanted = targets()
    if not wanted:
        return
    event = NoticeEvent.FAILURE if is_failure else NoticeEvent.RECOVERY
    facts = replace(_facts(connection, firing.run_id, event, now), state=firing.state.value, due_at=firing.due_at)
    facts = replace(_of_schedule(facts, before), failures=before.failures + 1 if is_failure else 0)
    enqueue(connection, facts, wanted, now)


def begun_late(connection: Connection, firing: Firing, targets: Sequence[Notify], now: datetime) -> None:
    """Tell of a due time whose run begins only now."""
    schedule = connection.execute(select(SCHEDULES).where(SCHEDULES.c.id == firing.schedule_id)).first()
    facts = _facts(connection, firing.run_id, NoticeEvent.LATE, now)
    facts = replace(facts, due_at=firing.due_at, late_s=round((now - firing.ready_at).total_seconds(), 1))
    enqueue(connection, _of_schedule(facts, schedule), targets, now)


def step_waits(connection: Connection, step_run: StepRun, now: datetime) -> None:
    """Tell of a step that waits for a person, once, if its run was started with the wish for that."""
    asked = step_run.approval
    if step_run.state is not State.WAITING or asked is None or asked.verdict is not None:
        return
    run = runs.get(connection, step_run.run_id)
    if run.notify:
        facts = _facts(connection, run.id, NoticeEvent.APPROVAL, asked.asked_at)
        facts = replace(facts, state=State.WAITING.value, step=step_run.step, message=asked.question)
        enqueue(connection, facts, run.notify, now)


def _number(facts: NoticeFacts, channel: str) -> str:
    what = (facts.event.value, facts.run_id, facts.step if facts.event is NoticeEvent.APPROVAL else "", channel)
    return hashlib.sha256("\0".join(what).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _facts(connection: Connection, run_id: str, event: NoticeEvent, at: datetime) -> NoticeFacts:
    """What is known of a run; little where it is not in the store any more, or its record is damaged."""
    facts = NoticeFacts(event, at, run_id)
    try:
        if not connection.execute(select(RUNS.c.id).where(RUNS.c.id == run_id)).first():
            return facts
        run = runs.get(connection, run_id)
        facts = _of_run(facts, run)
        if run.schedule_id:
            own = SCHEDULES.c.id == run.schedule_id
            facts = _of_schedule(facts, connection.execute(select(SCHEDULES).where(own)).first())
        if event is NoticeEvent.FAILURE:
            facts = _of_step(facts, _failed(steps.of_run(connection, run_id, False)))
    except UNREADABLE as error:
        return replace(facts, message=facts.message or f"Its record cannot be read ({type(error).__name__}).")
    return facts


def _of_run(facts: NoticeFacts, run: Run) -> NoticeFacts:
    return replace(
        facts,
        notebook=run.notebook_path,
        schedule_id=run.schedule_id,
        user=run.user,
        host=run.host,
        state=run.state.value,
        due_at=run.due_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        message=run.message,
    )


def _of_schedule(facts: NoticeFacts, row: Row[Any] | None) -> NoticeFacts:
    if row is None:
        return facts
    return replace(
        facts,
        schedule=row.name,
        schedule_id=row.id,
        user=facts.user or row.user,
        notebook=facts.notebook or row.notebook_path,
    )


def _failed(found: Sequence[StepRun]) -> StepRun | None:
    """The step that is to blame: one that failed, else one that was cut short."""
    for state in (*BAD, State.CANCELLED):
        for step in found:
            if step.state is state and (step.started_at or state is State.FAILED):
                return step
    return None


def _of_step(facts: NoticeFacts, step: StepRun | None) -> NoticeFacts:
    if step is None:
        return facts
    failure = step.failure
    if failure is None:
        cut = next((cell for cell in step.cells if cell.state in (*BAD, State.CANCELLED)), None)
        facts = replace(facts, step=step.step, error_line=step.reason)
        return replace(facts, cell_index=cut.index, cell_id=cut.id) if cut else facts
    return replace(
        facts,
        step=step.step,
        cell_index=failure.cell_index,
        cell_id=failure.cell_id,
        line=failure.line,
        error=failure.name,
        error_line=failure.message.strip().split("\n")[0][:_LINE],
    )
