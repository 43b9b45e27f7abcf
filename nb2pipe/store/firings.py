"""What became of due times: which have ended, which run again, and when a schedule pauses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select, update

from nb2pipe.model import Firing, Notify, Phase, Schedule, Standing, State
from nb2pipe.model.ids import new_run_id
from nb2pipe.store import approvals
from nb2pipe.store.claims import firing_of, queued_run, read_rows
from nb2pipe.store.columns import Words
from nb2pipe.store.followers import set_off_after
from nb2pipe.store.guard import took_s, why_over
from nb2pipe.store.runs import add_queued
from nb2pipe.store.schedule_rows import OPEN
from nb2pipe.store.schema import FIRINGS, RUNS, SCHEDULES
from nb2pipe.store.telling import due_time_ended


@dataclass(frozen=True)
class Ending:
    """What a run that has ended means for its due time.

    Args:
        firing: the due time, with the run's final state.
        retry_at: UTC, when another attempt starts; None for none.
        is_failure: whether the due time has failed for good.
        pause_reason: why the schedule pauses; empty when it does not.
    """

    firing: Firing
    retry_at: datetime | None = None
    is_failure: bool = False
    pause_reason: str = ""


def of_schedule(connection: Connection, schedule_id: str, limit: int) -> list[Firing]:
    """The latest due times of a schedule, newest first, their states as of now."""
    query = _with_runs().where(FIRINGS.c.schedule_id == schedule_id).order_by(FIRINGS.c.due_at.desc()).limit(limit)
    return read_rows(connection, query, FIRINGS.c.key, firing_of)


def latest_states(connection: Connection) -> dict[str, State]:
    """The state of the latest due time of each schedule that had one."""
    latest = select(func.max(FIRINGS.c.key)).group_by(FIRINGS.c.schedule_id)
    found = read_rows(connection, _with_runs().where(FIRINGS.c.key.in_(latest)), FIRINGS.c.key, firing_of)
    return {firing.schedule_id: firing.state for firing in found}


def ended(connection: Connection, limit: int) -> list[tuple[Firing, int]]:
    """Due times whose run has ended without consequences so far, each with its schedule's failures in a row."""
    final = [state.value for state in State if state.is_final]
    query = (
        _with_runs()
        .add_columns(SCHEDULES.c.failures)
        .join(SCHEDULES, SCHEDULES.c.id == FIRINGS.c.schedule_id)
        .where(FIRINGS.c.phase.in_(OPEN), func.coalesce(RUNS.c.state, State.INTERRUPTED.value).in_(final))
        .order_by(FIRINGS.c.key)
        .limit(limit)
    )
    return read_rows(connection, query, FIRINGS.c.key, lambda row: (firing_of(row), int(row["failures"])))


def unbegun(connection: Connection) -> list[Firing]:
    """Due times that a scheduler started and whose run no process has taken up."""
    query = _with_runs().where(FIRINGS.c.phase == Phase.STARTED.value, RUNS.c.state == State.QUEUED.value)
    return read_rows(connection, query.order_by(FIRINGS.c.key), FIRINGS.c.key, firing_of)


def going(connection: Connection) -> int:
    """How many due times are started and have not ended."""
    return int(connection.execute(select(func.count()).where(FIRINGS.c.phase == Phase.STARTED.value)).scalar_one())


def settle(
    connection: Connection,
    ending: Ending,
    schedule: Schedule | None,
    now: datetime,
    targets: Callable[[], Sequence[Notify]] = tuple,
) -> bool:
    """Draw the consequences of a run's end; False if somebody did already.

    Args:
        connection: within a transaction.
        ending: what is to become of it.
        schedule: for the next attempt; None where there is none.
        now: aware.
        targets: says who is told of it; asked only where there is something to tell.
    """
    firing = ending.firing
    same = (FIRINGS.c.key == firing.key, FIRINGS.c.run_id == firing.run_id, FIRINGS.c.phase.in_(OPEN))
    row: dict[str, Any] = {"phase": Phase.DONE.value, "state": firing.state.value}
    run_id = ""
    if ending.retry_at is not None and schedule is not None:
        if why := approvals.rejected(connection, firing.run_id) or why_over(connection, schedule, now):
            ending = replace(ending, is_failure=True)
            row["reason"] = " - ".join(part for part in (firing.reason, f"not tried again: {why}") if part)
        else:
            run_id = new_run_id(now)
            row = {
                "phase": Phase.QUEUED.value,
                "run_id": run_id,
                "attempt": firing.attempt + 1,
                "ready_at": ending.retry_at,
            }
    row["used_s"] = func.coalesce(FIRINGS.c.used_s, 0.0) + _took_s(connection, firing, now)
    if not connection.execute(update(FIRINGS).where(*same).values(**row)).rowcount:
        return False
    if run_id and schedule is not None:
        again = queued_run(schedule, run_id, firing.due_at, now, firing.parameters, firing.reason)
        add_queued(connection, again, now)
    else:
        own = select(SCHEDULES).where(SCHEDULES.c.id == firing.schedule_id).with_for_update()
        before = connection.execute(own).first()
        _count(connection, ending)
        if firing.state is State.SUCCEEDED:
            set_off_after(connection, firing.schedule_id, firing.run_id, now)
        if before is not None:
            due_time_ended(connection, firing, before, ending.is_failure, targets, now)
    return True


def _took_s(connection: Connection, firing: Firing, now: datetime) -> float:
    times = connection.execute(select(RUNS.c.started_at, RUNS.c.ended_at).where(RUNS.c.id == firing.run_id)).first()
    return took_s(*times, now) if times and times[1] else 0.0


def _count(connection: Connection, ending: Ending) -> None:
    own = SCHEDULES.c.id == ending.firing.schedule_id
    if ending.firing.state is State.SUCCEEDED:
        failing = or_(SCHEDULES.c.failures > 0, SCHEDULES.c.is_failing)
        connection.execute(update(SCHEDULES).where(own, failing).values(failures=0, is_failing=False))
    elif ending.is_failure:
        row = {"failures": SCHEDULES.c.failures + 1, "is_failing": True}
        connection.execute(update(SCHEDULES).where(own).values(**row))
    if ending.pause_reason:
        paused = {"standing": Standing.PAUSED.value, "reason": ending.pause_reason, "next_due_at": None}
        connection.execute(update(SCHEDULES).where(own, SCHEDULES.c.standing == Standing.ACTIVE.value).values(**paused))


def _with_runs() -> Select[Any]:
    """Due times, each with the state of its run as of now where the store still has it."""
    now_state = func.coalesce(RUNS.c.state, FIRINGS.c.state, type_=Words).label("now_state")
    return select(FIRINGS, now_state).outerjoin(RUNS, RUNS.c.id == FIRINGS.c.run_id)
