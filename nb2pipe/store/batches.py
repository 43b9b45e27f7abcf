"""Questions about batches: each is the runs that bear its id."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from nb2pipe.model import Run
from nb2pipe.store.run_filter import RunFilter
from nb2pipe.store.runs import listed
from nb2pipe.store.schema import RUNS


def runs_of(connection: Connection, batch_id: str) -> list[Run]:
    """The runs of a batch in the order of their sets, without their notebooks' texts."""
    found = listed(connection, RunFilter(batch=batch_id), None, False)
    return sorted(found, key=lambda run: run.batch_number)


def latest_batches(connection: Connection, limit: int) -> list[str]:
    """Ids of the latest batches, newest first."""
    newest = func.max(RUNS.c.created_at)
    query = select(RUNS.c.batch_id).where(RUNS.c.batch_id != "").group_by(RUNS.c.batch_id)
    return list(connection.execute(query.order_by(newest.desc(), RUNS.c.batch_id.desc()).limit(limit)).scalars())
