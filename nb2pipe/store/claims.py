"""Due times that have come: each is taken once, in one transaction with the run that it gets."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, bindparam, func, select, text, update

from nb2pipe.model import Cause, Firing, Notify, Phase, Run, Schedule, Standing, State
from nb2pipe.model.ids import new_run_id
from nb2pipe.store.columns import Json, Utc, Words
from nb2pipe.store.guard import why_over
from nb2pipe.store.rows import from_row
from nb2pipe.store.runs import UNREADABLE, add_queued
from nb2pipe.store.schedule_rows import OPEN
from nb2pipe.store.schema import FIRINGS, SCHEDULES
from nb2pipe.store.telling import begun_late

T = TypeVar("T")
_ADD = text(
    "INSERT INTO firings"
    " (schedule_id, due_at, ready_at, phase, attempt, run_id, state, reason, cause, parameters, taken_at, used_s)"
    " VALUES"
    " (:schedule_id, :due_at, :ready_at, :phase, 1, :run_id, :state, :reason, :cause, :parameters, :taken_at, 0)"
    " ON CONFLICT (schedule_id, due_at) DO NOTHING"
).bindparams(
    *(bindparam(name, type_=Words) for name in ("schedule_id", "phase", "run_id", "state", "reason", "cause")),
    *(bindparam(name, type_=Utc) for name in ("due_at", "ready_at", "taken_at")),
    bindparam("parameters", type_=Json),
)


@dataclass(frozen=True)
class ClaimedDue:
    """One due time of a claim.

    Args:
        at: UTC.
        ready_at: UTC, when its run may start.
        skipped: why it does not run; empty when it does.
        run_id: its run, once it has one.
    """

    at: datetime
    ready_at: datetime
    skipped: str = ""
    run_id: str = ""


@dataclass(frozen=True)
class Occasion:
    """What sets off a schedule.

    Args:
        cause: what kind of thing.
        reason: in words, for its due time and its run; empty for the clock.
        parameters: values of this one alone; None for the schedule's.
        is_forced: whether it passes the limits of the day.
    """

    cause: Cause
    reason: str = ""
    parameters: Mapping[str, Any] | None = None
    is_forced: bool = False


BY_THE_CLOCK = Occasion(Cause.CLOCK)


@dataclass(frozen=True)
class Claim:
    """What is to become of the due times of a schedule that have come.

    Args:
        schedule: whose.
        first: the due time that was waited for; somebody else who took it makes this claim void.
        due: the due times, in order.
        next_due_at: what is waited for from now on; None for nothing.
    """

    schedule: Schedule
    first: datetime
    due: Sequence[ClaimedDue]
    next_due_at: datetime | None


def next_due_at(connection: Connection) -> datetime | None:
    """The earliest due time that any schedule waits for; by the index, whatever the number of schedules."""
    found: datetime | None = connection.execute(select(func.min(SCHEDULES.c.next_due_at, type_=Utc))).scalar()
    return found


def due_ids(connection: Connection, now: datetime, limit: int) -> list[str]:
    """Schedules whose due time has come, the longest due first."""
    query = select(SCHEDULES.c.id).where(SCHEDULES.c.next_due_at <= now).order_by(SCHEDULES.c.next_due_at)
    return list(connection.execute(query.limit(limit)).scalars())


def open_counts(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """How many due times of each schedule run or wait to; schedules without any are not in it."""
    own = (FIRINGS.c.schedule_id.in_(ids), FIRINGS.c.phase.in_(OPEN))
    query = select(FIRINGS.c.schedule_id, func.count()).where(*own).group_by(FIRINGS.c.schedule_id)
    return {row[0]: row[1] for row in connection.execute(query)}


def claim(connection: Connection, claims: Sequence[Claim], now: datetime) -> int:
    """Take due times, with a waiting run for each that runs; the number of claims that were not void."""
    return sum(_claim(connection, each, now) for each in claims)


def fire(
    connection: Connection, schedule: Schedule, due: ClaimedDue, now: datetime, occasion: Occasion = BY_THE_CLOCK
) -> ClaimedDue | None:
    """Keep a due time, with a waiting run of its own unless it is skipped or the day's limits are reached.

    Returns:
        The due time as it was kept, with its run; None where the due time was known already.
    """
    if not due.skipped and not occasion.is_forced:
        due = replace(due, skipped=why_over(connection, schedule, now))
    run_id = "" if due.skipped else new_run_id(now)
    values = {
        "schedule_id": schedule.id,
        "due_at": due.at,
        "ready_at": due.ready_at,
        "phase": (Phase.DONE if due.skipped else Phase.QUEUED).value,
        "run_id": run_id,
        "state": (State.SKIPPED if due.skipped else State.QUEUED).value,
        "reason": " - ".join(part for part in (due.skipped, occasion.reason) if part),
        "cause": occasion.cause.value,
        "parameters": occasion.parameters,
        "taken_at": now,
    }
    if not connection.execute(_ADD, values).rowcount:
        return None
    if run_id:
        run = queued_run(schedule, run_id, due.at, now, occasion.parameters, occasion.reason)
        add_queued(connection, run, now)
    return replace(due, run_id=run_id)


def queued_run(
    schedule: Schedule,
    run_id: str,
    due_at: datetime,
    now: datetime,
    parameters: Mapping[str, Any] | None = None,
    cause: str = "",
) -> Run:
    """The record of a run that waits; what the notebook makes is known when it begins."""
    return Run(
        id=run_id,
        pipeline=Path(schedule.notebook_path).stem,
        notebook_path=schedule.notebook_path,
        notebook_digest=schedule.notebook_digest,
        notebook_text=schedule.notebook_text,
        parameters=schedule.parameters if parameters is None else parameters,
        state=State.QUEUED,
        created_at=now,
        user=schedule.user,
        executor=str(schedule.flags.get("executor", "")),
        tags=schedule.tags,
        schedule_id=schedule.id,
        due_at=due_at,
        cause=cause,
    )


def _claim(connection: Connection, claim: Claim, now: datetime) -> bool:
    waited = (
        SCHEDULES.c.id == claim.schedule.id,
        SCHEDULES.c.next_due_at == claim.first,
        SCHEDULES.c.standing == Standing.ACTIVE.value,
    )
    row: dict[str, Any] = {"next_due_at": claim.next_due_at, "last_due_at": claim.due[-1].at}
    if claim.next_due_at is None and not claim.schedule.has_triggers:
        row |= {"standing": Standing.ENDED.value, "reason": "no due time is to come"}
    if not connection.execute(update(SCHEDULES).where(*waited).values(**row)).rowcount:
        return False
    for due in claim.due:
        fire(connection, claim.schedule, due, now)
    return True


def ready(connection: Connection, now: datetime, limit: int) -> list[Firing]:
    """Due times whose runs may start now, fairly: those of schedules with little going on first, then by age.

    Args:
        connection: within a transaction.
        now: aware.
        limit: at most so many.
    """
    going = (
        select(FIRINGS.c.schedule_id, func.count().label("going"))
        .where(FIRINGS.c.phase == Phase.STARTED.value)
        .group_by(FIRINGS.c.schedule_id)
        .subquery()
    )
    turn = func.row_number().over(partition_by=FIRINGS.c.schedule_id, order_by=(FIRINGS.c.due_at, FIRINGS.c.key))
    place = (turn + func.coalesce(going.c.going, 0)).label("place")
    queued = (
        select(FIRINGS, place, SCHEDULES.c.at_once)
        .join(SCHEDULES, SCHEDULES.c.id == FIRINGS.c.schedule_id)
        .outerjoin(going, going.c.schedule_id == FIRINGS.c.schedule_id)
        .where(FIRINGS.c.phase == Phase.QUEUED.value, FIRINGS.c.ready_at <= now)
        .subquery()
    )
    chosen = select(queued).where(queued.c.place <= queued.c.at_once)
    chosen = chosen.order_by(queued.c.place, queued.c.ready_at, queued.c.key).limit(limit)
    return read_rows(connection, chosen, queued.c.key, firing_of)


def start(
    connection: Connection, due: Sequence[Firing], late: Mapping[int, Sequence[Notify]], now: datetime
) -> list[int]:
    """Mark due times as started; those of them that were still waiting.

    Args:
        connection: within a transaction.
        due: the due times.
        late: who is told that it begins late, by the number of the due time.
        now: aware.
    """
    started = []
    for firing in due:
        waiting = (FIRINGS.c.key == firing.key, FIRINGS.c.phase == Phase.QUEUED.value)
        if connection.execute(update(FIRINGS).where(*waiting).values(phase=Phase.STARTED.value)).rowcount:
            started.append(firing.key)
            if firing.key in late:
                begun_late(connection, firing, late[firing.key], now)
    return started


def read_rows(
    connection: Connection, query: Select[Any], key: ColumnElement[Any], read: Callable[[RowMapping], T]
) -> list[T]:
    """What rows mean; one that cannot be read is left out, and hides no other."""
    try:
        return [read(row) for row in connection.execute(query).mappings()]
    except UNREADABLE:
        keys = list(connection.execute(query.with_only_columns(key)).scalars())
    found = []
    for each in keys:
        with contextlib.suppress(*UNREADABLE):
            found += [read(row) for row in connection.execute(query.where(key == each)).mappings()]
    return found


def firing_of(row: RowMapping) -> Firing:
    """The value of a row, with the state of its run where the query has it."""
    data = {**row, "more": {}, "attempt": int(row["attempt"]), "state": row.get("now_state", row["state"])}
    data["cause"] = row["cause"] or Cause.CLOCK.value
    return from_row(Firing, data)
