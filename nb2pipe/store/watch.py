"""What changes in a store, in questions that are cheap enough to be asked again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from nb2pipe.model import State
from nb2pipe.store.schema import RUNS, SCHEDULES

_KNOWN = frozenset(state.value for state in State)  # a later nb2pipe may know more
_OPEN = tuple(state.value for state in State if not state.is_final)


@dataclass(frozen=True)
class Head:
    """As much of a run as tells whether it has changed."""

    id: str
    state: State
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    message: str
    cancel_requested_at: datetime | None
    values_removed_at: datetime | None


def heads(connection: Connection, newest: int) -> list[Head]:
    """The newest runs and all that wait or go on, newest first.

    Args:
        connection: within a transaction.
        newest: how many runs, besides those that have not ended.
    """
    columns = [RUNS.c[name] for name in Head.__dataclass_fields__]
    order = (RUNS.c.created_at.desc(), RUNS.c.id.desc())
    latest = select(RUNS.c.id).order_by(*order).limit(newest).scalar_subquery()
    query = select(*columns).where(or_(RUNS.c.state.in_(_OPEN), RUNS.c.id.in_(latest))).order_by(*order)
    rows = connection.execute(query).mappings()
    return [Head(**{**row, "state": State(row["state"])}) for row in rows if row["state"] in _KNOWN]


def schedules_mark(connection: Connection) -> tuple[Any, ...]:
    """A value that is another one when a schedule was added, removed, fired, paused or resumed."""
    columns = SCHEDULES.c
    query = (
        select(
            columns.standing,
            func.count(),
            func.max(columns.created_at),
            func.max(columns.last_due_at),
            func.min(columns.next_due_at),
            func.sum(columns.failures),
        )
        .group_by(columns.standing)
        .order_by(columns.standing)
    )
    return tuple(tuple(row) for row in connection.execute(query))
