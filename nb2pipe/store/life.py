"""Signs of life: heartbeats, requests to stop, and runs whose process is gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, exists, select, update

from nb2pipe.model import Run, State
from nb2pipe.store.processes import is_alive, this_machine
from nb2pipe.store.runs import end_queued, get
from nb2pipe.store.schema import CELL_RUNS, RUNS, STEP_RUNS
from nb2pipe.store.telling import run_ended

SILENCE_S = 60.0
"""Seconds without a heartbeat after which a run on another machine counts as interrupted."""

_OPEN = tuple(state.value for state in State if not state.is_final)


def heartbeat(connection: Connection, run_ids: Sequence[str], now: datetime) -> None:
    """Note that the process of these runs lives."""
    connection.execute(update(RUNS).where(RUNS.c.id.in_(run_ids)).values(heartbeat_at=now))


def follow_steps(connection: Connection, run_id: str) -> None:
    """Let a run that goes on be ``waiting`` while a step of it waits for a person and none is at work."""

    def some(state: State) -> ColumnElement[bool]:
        return exists().where(STEP_RUNS.c.run_id == run_id, STEP_RUNS.c.state == state.value)

    waiting, running = State.WAITING.value, State.RUNNING.value
    state = case((and_(some(State.WAITING), ~some(State.RUNNING)), waiting), else_=running)
    going = (RUNS.c.id == run_id, RUNS.c.state.in_([waiting, running]))
    connection.execute(update(RUNS).where(*going, RUNS.c.state != state).values(state=state))


def request_cancel(connection: Connection, run_id: str, user: str, now: datetime) -> bool:
    """Ask a run to stop; False if it has ended already. One that no process has taken up yet is cancelled at once."""
    by = f" by {user}" if user else ""
    if end_queued(connection, run_id, State.CANCELLED, f"cancelled{by} before it began", now):
        return True
    going = (RUNS.c.id == run_id, RUNS.c.state.in_(_OPEN))
    first = update(RUNS).where(*going, RUNS.c.cancel_requested_at.is_(None))
    if connection.execute(first.values(cancel_requested_at=now, cancel_requested_by=user)).rowcount:
        return True
    return bool(connection.execute(select(RUNS.c.id).where(*going)).first())


def cancelled_by(connection: Connection, run_id: str) -> str:
    """Who was the first to ask the run to stop; empty where nobody did, or nobody knows."""
    return str(connection.execute(select(RUNS.c.cancel_requested_by).where(RUNS.c.id == run_id)).scalar() or "")


def cancel_requested(connection: Connection, run_id: str) -> bool:
    """Whether someone asked the run to stop."""
    return connection.execute(select(RUNS.c.cancel_requested_at).where(RUNS.c.id == run_id)).scalar() is not None


def lost(connection: Connection, now: datetime) -> dict[str, str]:
    """Runs shown as open whose process is gone: id to a sentence that says how one knows.

    On the same machine (boot and process namespace) the process itself is looked for, elsewhere its heartbeat counts.
    """
    query = select(RUNS).where(RUNS.c.state.in_(_OPEN), RUNS.c.pid != 0).order_by(RUNS.c.id)
    found = {row.id: _why_lost(row, now) for row in connection.execute(query)}
    return {run_id: why for run_id, why in found.items() if why}


def _why_lost(row: Row[Any], now: datetime) -> str:
    if row.machine == this_machine():
        if is_alive(row.pid, row.process_started_at):
            return ""
        return f"Its process {row.pid} on {row.host} ended without finishing it."
    if now - row.heartbeat_at <= timedelta(seconds=SILENCE_S):
        return ""
    return f"Nothing was heard from its process {row.pid} on {row.host} since {row.heartbeat_at:%Y-%m-%d %H:%M:%S} UTC."


def interrupt(connection: Connection, run_id: str, why: str, now: datetime) -> Run | None:
    """Mark a lost run and its open steps and cells; None if it has come to an end meanwhile.

    Nothing is known after the last heartbeat, so that is the time they are said to have ended.
    """
    heard = select(RUNS.c.heartbeat_at).where(RUNS.c.id == run_id).scalar_subquery()
    ended = {"state": State.INTERRUPTED.value, "ended_at": heard}
    open_run = (RUNS.c.id == run_id, RUNS.c.state.in_(_OPEN))
    if not connection.execute(update(RUNS).where(*open_run).values(**ended, message=why)).rowcount:
        return None
    steps = select(STEP_RUNS.c.key).where(STEP_RUNS.c.run_id == run_id)
    running = State.RUNNING.value
    begun = STEP_RUNS.c.state.in_([running, State.WAITING.value])
    connection.execute(
        update(CELL_RUNS).where(CELL_RUNS.c.step_run.in_(steps), CELL_RUNS.c.state == running).values(ended)
    )
    own = STEP_RUNS.c.run_id == run_id
    connection.execute(update(STEP_RUNS).where(own, begun).values(**ended, reason=why))
    never_began = case((STEP_RUNS.c.attempt > 1, State.INTERRUPTED.value), else_=State.SKIPPED.value)
    queued = update(STEP_RUNS).where(own, STEP_RUNS.c.state == State.QUEUED.value)
    connection.execute(queued.values(state=never_began, reason="The run was interrupted before its turn."))
    run = get(connection, run_id)
    run_ended(connection, run, now)
    return run
