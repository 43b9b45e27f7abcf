"""Step runs in the store: each attempt with its cells, artifacts and metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from nb2pipe.model import StepRun
from nb2pipe.store import approvals
from nb2pipe.store.rows import from_row, plain, to_row
from nb2pipe.store.schema import METRICS, PARTS, STEP_RUNS


@dataclass(frozen=True)
class Recorded:
    """A step run as last written, and the key of its row, so that the next writing can leave out what is the same."""

    key: int
    step_run: StepRun


def record(connection: Connection, step_run: StepRun, last: Recorded | None) -> Recorded:
    """Keep a step run in the place of an earlier value of the same run, step and attempt.

    Args:
        connection: within a transaction.
        step_run: as of now.
        last: what this process wrote last for it; None to write all of it. The end of a step is always written in
            full, so that the final record never rests on what was remembered.
    """
    row = to_row(step_run, STEP_RUNS, leave_out=(*PARTS, "approval"))
    key = _write_row(connection, row)
    approval = step_run.approval
    if approval is not None and (last is None or last.step_run.approval != approval):
        approvals.keep(connection, approval)
    for field, table in PARTS.items():
        new = getattr(step_run, field)
        old = getattr(last.step_run, field) if last is not None and last.key == key else None
        if old is None or step_run.state.is_final:
            connection.execute(delete(table).where(table.c.step_run == key))
            _insert_parts(connection, table, key, new, 0)
        elif old != new:
            _write_changes(connection, table, key, old, new)
    return Recorded(key, step_run)


def _write_row(connection: Connection, row: dict[str, Any]) -> int:
    same = (STEP_RUNS.c[name] == row[name] for name in ("run_id", "step", "attempt"))
    key = connection.execute(select(STEP_RUNS.c.key).where(*same)).scalar()
    if key is None:
        return int(connection.execute(insert(STEP_RUNS).values(**row).returning(STEP_RUNS.c.key)).scalar_one())
    connection.execute(update(STEP_RUNS).where(STEP_RUNS.c.key == key).values(**row))
    return int(key)


def _write_changes(connection: Connection, table: Table, key: int, old: Sequence[Any], new: Sequence[Any]) -> None:
    for position, (before, after) in enumerate(zip(old, new, strict=False)):
        if before != after:
            this = (table.c.step_run == key, table.c.position == position)
            connection.execute(update(table).where(*this).values(**to_row(after, table)))
    if len(new) < len(old):
        connection.execute(delete(table).where(table.c.step_run == key, table.c.position >= len(new)))
    _insert_parts(connection, table, key, new, len(old))


def _insert_parts(connection: Connection, table: Table, key: int, parts: Sequence[Any], start: int) -> None:
    rows = [
        {"step_run": key, "position": position, **to_row(part, table)}
        for position, part in enumerate(parts[start:], start)
    ]
    if rows:
        connection.execute(insert(table), rows)


def of_run(connection: Connection, run_id: str, all_attempts: bool) -> list[StepRun]:
    """Step runs of a run in the order in which its steps were first recorded; only the last attempt unless asked."""
    query = select(STEP_RUNS).where(STEP_RUNS.c.run_id == run_id).order_by(STEP_RUNS.c.key)
    parts = {field: _parts(connection, table, run_id) for field, table in PARTS.items()}
    asked = approvals.rows_of(connection, run_id)
    attempts: dict[str, list[StepRun]] = {}
    for row in connection.execute(query).mappings():
        own = {field: found.get(row["key"], []) for field, found in parts.items()}
        approval = approvals.as_json(asked.get(row["step"]))
        attempts.setdefault(row["step"], []).append(from_row(StepRun, row, approval=approval, **own))
    ordered = [sorted(found, key=lambda step_run: step_run.attempt) for found in attempts.values()]
    return [step_run for found in ordered for step_run in (found if all_attempts else found[-1:])]


def _parts(connection: Connection, table: Table, run_id: str) -> dict[int, list[dict[str, Any]]]:
    query = select(table).join(STEP_RUNS).where(STEP_RUNS.c.run_id == run_id)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(query.order_by(table.c.step_run, table.c.position)).mappings():
        found.setdefault(row["step_run"], []).append(plain(row))
    return found


def metrics(connection: Connection, run_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Metrics by run id and name; of a name that several steps or attempts recorded, the last."""
    found: dict[str, dict[str, Any]] = {run_id: {} for run_id in run_ids}
    query = (
        select(STEP_RUNS.c.run_id, METRICS.c.name, METRICS.c.value)
        .join_from(METRICS, STEP_RUNS)
        .order_by(STEP_RUNS.c.key, METRICS.c.position)
    )
    for start in range(0, len(run_ids), _MANY):
        for row in connection.execute(query.where(STEP_RUNS.c.run_id.in_(run_ids[start : start + _MANY]))):
            found[row.run_id][row.name] = row.value
    return found


_MANY = 500  # ids in one statement; SQLite allows 32,766 values
