"""Removing runs from the store, or the values of runs whose records stay, and what may then go from the disk."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, func, select, text, update

from nb2pipe.errors import SettingsError
from nb2pipe.model import Delivery, State
from nb2pipe.store.outbox_schema import NOTICES
from nb2pipe.store.run_filter import RunFilter
from nb2pipe.store.schema import ARTIFACTS, NOTEBOOKS, RUNS, SCHEDULES, STEP_RUNS

_FINAL = tuple(state.value for state in State if state.is_final)
_MANY = 500


@dataclass(frozen=True)
class Pruned:
    """What was removed from the store.

    Args:
        run_ids: the runs, newest first.
        folders: their folders, still on the disk, for the caller to remove.
        digests_in_use: bundles that the remaining runs refer to.
    """

    run_ids: tuple[str, ...]
    folders: tuple[Path, ...]
    digests_in_use: frozenset[str]


@dataclass(frozen=True)
class Choice:
    """Which runs to remove: those that fit all of this and are not going on.

    Args:
        ids: only these; None for any.
        wanted: only those that fit.
        keep_last: not the newest so many of each pipeline.
    """

    ids: tuple[str, ...] | None
    wanted: RunFilter
    keep_last: int


def prune(connection: Connection, choice: Choice, home: Path, dry_run: bool) -> Pruned:
    """Remove the runs chosen, or only tell which.

    Raises:
        SettingsError: a run chosen by its id is going on.
    """
    run_ids = _chosen(connection, choice)
    if not dry_run:
        _remove(connection, run_ids)
    folders = tuple(home / "runs" / run_id for run_id in run_ids)
    return Pruned(tuple(run_ids), folders, digests_in_use(connection, without=run_ids))


def give_up_values(connection: Connection, choice: Choice, now: datetime, dry_run: bool) -> Pruned:
    """Let the values of the runs chosen go, or only tell which runs have any; their records stay.

    Raises:
        SettingsError: a run chosen by its id is going on.
    """
    run_ids = _chosen(connection, choice, with_values=True)
    if not dry_run:
        for start in range(0, len(run_ids), _MANY):
            some = RUNS.c.id.in_(run_ids[start : start + _MANY])
            connection.execute(update(RUNS).where(some).values(values_removed_at=now))
    return Pruned(tuple(run_ids), (), digests_in_use(connection, without=run_ids))


def _chosen(connection: Connection, choice: Choice, *, with_values: bool = False) -> list[str]:
    place = func.row_number().over(partition_by=RUNS.c.pipeline, order_by=(RUNS.c.created_at.desc(), RUNS.c.id.desc()))
    numbered = select(RUNS.c.id, place.label("place")).subquery()
    query = (
        select(RUNS.c.id, RUNS.c.state)
        .join(numbered, numbered.c.id == RUNS.c.id)
        .where(numbered.c.place > choice.keep_last, *choice.wanted.conditions())
        .order_by(RUNS.c.created_at.desc(), RUNS.c.id.desc())
    )
    if with_values:
        saved = select(STEP_RUNS.c.run_id).join_from(ARTIFACTS, STEP_RUNS)
        query = query.where(RUNS.c.values_removed_at.is_(None), RUNS.c.id.in_(saved))
    found = [row for row in connection.execute(query) if choice.ids is None or row.id in choice.ids]
    going = [row.id for row in found if row.state not in _FINAL]
    if choice.ids is not None and going:
        raise SettingsError(f"Run {going[0]!r} is going on.", hint=f"Stop it first: nb2pipe cancel {going[0]}")
    return [row.id for row in found if row.state in _FINAL]


def _remove(connection: Connection, run_ids: Sequence[str]) -> None:
    """Remove runs with all that belongs to them, and texts of notebooks that neither a run nor a schedule has."""
    if connection.dialect.name == "postgresql":
        # A run being added now may rely on a text that is about to go: wait for it, and let others wait for us.
        connection.execute(text("LOCK TABLE notebooks IN SHARE ROW EXCLUSIVE MODE"))
    for start in range(0, len(run_ids), _MANY):
        some = run_ids[start : start + _MANY]
        connection.execute(delete(RUNS).where(RUNS.c.id.in_(some)))
        over = (NOTICES.c.run_id.in_(some), NOTICES.c.state != Delivery.PENDING.value)
        connection.execute(delete(NOTICES).where(*over))
    used = select(RUNS.c.notebook_digest).union(select(SCHEDULES.c.notebook_digest))
    connection.execute(delete(NOTEBOOKS).where(NOTEBOOKS.c.digest.not_in(used)))


def digests_in_use(connection: Connection, *, without: Collection[str] = ()) -> frozenset[str]:
    """Digests of all bundles that step runs refer to, those of some runs and of runs without values left out."""
    query = select(STEP_RUNS.c.run_id, ARTIFACTS.c.digest).join_from(ARTIFACTS, STEP_RUNS).join(RUNS)
    query = query.where(RUNS.c.values_removed_at.is_(None)).distinct()
    gone = frozenset(without)
    return frozenset(row.digest for row in connection.execute(query) if row.run_id not in gone)
