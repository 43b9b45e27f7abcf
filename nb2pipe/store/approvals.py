"""Approvals in the store: what waits for a person, and the one decision about each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, exists, select, text, update

from nb2pipe.model import Approval, State, Verdict
from nb2pipe.store.columns import Json, Utc, Words
from nb2pipe.store.database import Database
from nb2pipe.store.rows import from_row, plain, to_row
from nb2pipe.store.schema import APPROVALS, RUNS, STEP_RUNS

_ADD = text(
    'INSERT INTO approvals (run_id, step, question, asked_at, expires_at, verdict, "user", decided_at, why, more)'
    " VALUES (:run_id, :step, :question, :asked_at, :expires_at, :verdict, :user, :decided_at, :why, :more)"
    " ON CONFLICT (run_id, step) DO NOTHING"
).bindparams(
    *(bindparam(name, type_=Words) for name in ("run_id", "step", "question", "verdict", "user", "why")),
    *(bindparam(name, type_=Utc) for name in ("asked_at", "expires_at", "decided_at")),
    bindparam("more", type_=Json),
)


@dataclass(frozen=True)
class PendingApproval:
    """A question that waits for a person, and what it is about.

    Args:
        approval: the question.
        pipeline: pipeline name.
        notebook_path: source notebook as the run has it.
        started_by: who started the run.
    """

    approval: Approval
    pipeline: str
    notebook_path: str
    started_by: str


class Approvals:
    """Keeps questions and decisions; of several decisions the first stays. It asks nobody and runs nothing.

    Every method is one transaction, and raises StoreError when the database fails.

    Args:
        database: tables up to date.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_run(self, run_id: str) -> dict[str, Approval]:
        """All questions of a run, by step."""
        rows = self._database.read(lambda c: rows_of(c, run_id))
        return {step: from_row(Approval, row) for step, row in rows.items()}

    def pending(self, run_id: str | None = None) -> list[PendingApproval]:
        """Questions that wait, of one run or of all, the oldest first."""
        return self._database.read(lambda c: _pending(c, run_id))

    def decide(self, decided: Approval) -> Approval | None:
        """Keep a decision, if its step still waits for one.

        Args:
            decided: the question with verdict, user, time and reason.

        Returns:
            The approval as it is now: ``decided`` itself, or with what somebody else decided, or undecided where the
            step does not wait any more; None if that was never asked.
        """

        def work(connection: Connection) -> Approval | None:
            _decide(connection, decided, *_still_waits(decided))
            row = rows_of(connection, decided.run_id).get(decided.step)
            return None if row is None else from_row(Approval, row)

        return self._database.write(work)


def keep(connection: Connection, approval: Approval) -> None:
    """Keep a question, and a decision about it unless there is one."""
    connection.execute(_ADD, to_row(approval, APPROVALS))
    if approval.verdict is not None:
        _decide(connection, approval)


def rows_of(connection: Connection, run_id: str) -> dict[str, dict[str, Any]]:
    """The questions of a run as rows, by step."""
    query = select(APPROVALS).where(APPROVALS.c.run_id == run_id)
    return {row["step"]: dict(row) for row in connection.execute(query).mappings()}


def rejected(connection: Connection, run_id: str) -> str:
    """Who said no to a step of a run, in words; empty where nobody did."""
    said_no = (APPROVALS.c.run_id == run_id, APPROVALS.c.verdict == Verdict.REJECTED.value)
    row = connection.execute(select(APPROVALS.c.step, APPROVALS.c.user).where(*said_no).limit(1)).first()
    return f"step {row.step!r} was rejected by {row.user}" if row else ""


def as_json(row: dict[str, Any] | None) -> dict[str, Any] | None:
    """A row as the JSON of its dataclass; None stays None."""
    return None if row is None else plain(row)


def _decide(connection: Connection, decided: Approval, *conditions: ColumnElement[bool]) -> None:
    this = (APPROVALS.c.run_id == decided.run_id, APPROVALS.c.step == decided.step, APPROVALS.c.verdict.is_(None))
    row = to_row(decided, APPROVALS)
    values = {name: row[name] for name in ("verdict", "user", "decided_at", "why", "more")}
    connection.execute(update(APPROVALS).where(*this, *conditions).values(values))


def _still_waits(approval: Approval) -> tuple[ColumnElement[bool], ...]:
    step = (STEP_RUNS.c.run_id == approval.run_id, STEP_RUNS.c.step == approval.step)
    waits = exists().where(*step, STEP_RUNS.c.state == State.WAITING.value)
    goes_on = exists().where(RUNS.c.id == approval.run_id, *_going())
    return waits, goes_on


def _going() -> Collection[ColumnElement[bool]]:
    return RUNS.c.state.in_([State.RUNNING.value, State.WAITING.value]), RUNS.c.cancel_requested_at.is_(None)


def _pending(connection: Connection, run_id: str | None) -> list[PendingApproval]:
    same_step = (STEP_RUNS.c.run_id == APPROVALS.c.run_id) & (STEP_RUNS.c.step == APPROVALS.c.step)
    query = (
        select(APPROVALS, RUNS.c.pipeline, RUNS.c.notebook_path, RUNS.c.user.label("started_by"))
        .join(RUNS, RUNS.c.id == APPROVALS.c.run_id)
        .join(STEP_RUNS, same_step)
        .where(APPROVALS.c.verdict.is_(None), STEP_RUNS.c.state == State.WAITING.value, *_going())
        .order_by(APPROVALS.c.asked_at, APPROVALS.c.run_id, APPROVALS.c.step)
    )
    if run_id is not None:
        query = query.where(APPROVALS.c.run_id == run_id)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return [
        PendingApproval(from_row(Approval, row), row["pipeline"], row["notebook_path"], row["started_by"])
        for row in rows
    ]


def timed_out(approval: Approval, now: datetime) -> Approval:
    """The question after its time was over."""
    return replace(approval, verdict=Verdict.TIMED_OUT, decided_at=now)
