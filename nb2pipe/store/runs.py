"""Runs in the store: added, updated, listed, found by what a person types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    text,
    update,
)

from nb2pipe.errors import NotFoundError, SettingsError, StoreError
from nb2pipe.model import Run, State
from nb2pipe.store.columns import Words
from nb2pipe.store.rows import from_row, to_row
from nb2pipe.store.run_filter import RunFilter, newest_first
from nb2pipe.store.schema import NOTEBOOKS, RUN_TAGS, RUNS

UNREADABLE = (StoreError, ValueError, TypeError, KeyError, AttributeError)
"""What reading a row raises that holds what no nb2pipe writes."""
_ELSEWHERE = ("notebook_text", "tags")
_SHOWN = 5
_UNDAMAGE = "Use the nb2pipe that wrote it, or put a backup in its place."
_UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_KEEP_NOTEBOOK = text("INSERT INTO notebooks (digest, text) VALUES (:digest, :text) ON CONFLICT DO NOTHING").bindparams(
    bindparam("digest", type_=Words), bindparam("text", type_=Words)
)


def add(connection: Connection, run: Run, now: datetime) -> None:
    """Keep a new run, and its notebook's text if no run had it yet.

    Adding the same run again does nothing: a connection may break just after the first time succeeded.

    Raises:
        StoreError: there is another run of this id.
    """
    if connection.execute(select(RUNS.c.id).where(RUNS.c.id == run.id)).first():
        if get(connection, run.id) == run:
            return
        raise StoreError(f"The store has a run {run.id!r} already.", hint="Give the new one an id of its own.")
    keep_notebook(connection, run.notebook_digest, run.notebook_text)
    connection.execute(insert(RUNS).values(**to_row(run, RUNS, leave_out=_ELSEWHERE), heartbeat_at=now))
    _write_tags(connection, run)


def add_queued(connection: Connection, run: Run, now: datetime) -> None:
    """Keep a run that waits for a process; the store has its notebook's text already."""
    connection.execute(insert(RUNS).values(**to_row(run, RUNS, leave_out=_ELSEWHERE), heartbeat_at=now))
    _write_tags(connection, run)


def begin(connection: Connection, run: Run, now: datetime) -> bool:
    """Turn a waiting run into one that goes on; of several who try one succeeds, and False tells the others."""
    keep_notebook(connection, run.notebook_digest, run.notebook_text)
    is_free = or_(RUNS.c.pid == 0, and_(RUNS.c.pid == run.pid, RUNS.c.machine == run.machine))
    waiting = (RUNS.c.id == run.id, RUNS.c.state == State.QUEUED.value, is_free)
    row = to_row(run, RUNS, leave_out=_ELSEWHERE)
    return bool(connection.execute(update(RUNS).where(*waiting).values(**row, heartbeat_at=now)).rowcount)


def end_queued(connection: Connection, run_id: str, state: State, message: str, now: datetime) -> bool:
    """End a run that has not begun; False if it does not wait any more."""
    waiting = (RUNS.c.id == run_id, RUNS.c.state == State.QUEUED.value)
    ended = {"state": state.value, "message": message, "ended_at": now}
    return bool(connection.execute(update(RUNS).where(*waiting).values(**ended)).rowcount)


def keep_notebook(connection: Connection, digest: str, text: str) -> None:
    """Keep a notebook's text, if the store does not have it yet."""
    connection.execute(_KEEP_NOTEBOOK, {"digest": digest, "text": text})


def change(connection: Connection, run: Run, now: datetime) -> None:
    """Keep what a run has become; its notebook stays.

    Raises:
        StoreError: the store has no such run.
    """
    row = to_row(run, RUNS, leave_out=(*_ELSEWHERE, "notebook_digest"))
    found = connection.execute(update(RUNS).where(RUNS.c.id == run.id).values(**row, heartbeat_at=now))
    if not found.rowcount:
        raise StoreError(f"The store has no run {run.id!r} to update.", hint="It may have been pruned meanwhile.")
    if _tags(connection, select(RUNS.c.id).where(RUNS.c.id == run.id)).get(run.id, []) != list(run.tags):
        connection.execute(delete(RUN_TAGS).where(RUN_TAGS.c.run_id == run.id))
        _write_tags(connection, run)


def listed(connection: Connection, wanted: RunFilter, limit: int | None, with_text: bool) -> list[Run]:
    """Runs, newest first. One whose record cannot be read is there too, and its message says so."""
    ids = wanted.ordered(select(RUNS.c.id).where(*wanted.conditions())).limit(limit)
    query = select(RUNS).where(RUNS.c.id.in_(ids))
    if with_text:
        query = query.add_columns(NOTEBOOKS.c.text.label("notebook_text")).join(NOTEBOOKS)
    tags = _tags(connection, ids)
    try:
        return _read(connection, wanted.ordered(query), tags)
    except UNREADABLE:
        chosen = list(connection.execute(ids).scalars())
    found: list[Run] = []
    for each in chosen:
        try:
            found += _read(connection, query.where(RUNS.c.id == each), tags)
        except UNREADABLE as error:
            found.append(_damaged(connection, each, error))
    return found


def get(connection: Connection, run_id: str) -> Run:
    """The run of exactly this id, its notebook's text included.

    Raises:
        StoreError: its record holds what no nb2pipe writes.
    """
    query = select(RUNS, NOTEBOOKS.c.text.label("notebook_text")).join(NOTEBOOKS).where(RUNS.c.id == run_id)
    try:
        [found] = _read(connection, query, _tags(connection, select(RUNS.c.id).where(RUNS.c.id == run_id)))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        what = f"The record of run {run_id!r} cannot be read ({type(error).__name__}: {error})."
        raise StoreError(what, hint=_UNDAMAGE) from error
    return found


def find(connection: Connection, word: str) -> str:
    """The id that a person means.

    Args:
        word: an id, the beginning of one or of its tail behind the last dash, ``latest``, or ``-2`` for the last but
            one (``-1`` is the latest).

    Raises:
        SettingsError: no run or several runs fit.
    """
    if word == "latest" or re.fullmatch(r"-[1-9][0-9]*", word):
        return _counted_back(connection, 1 if word == "latest" else -int(word), word)
    if connection.execute(select(RUNS.c.id).where(RUNS.c.id == word)).first():
        return word
    column = RUNS.c.id
    start = word.lower()
    begins = or_(column.startswith(start, autoescape=True), column.contains(f"-{start}", autoescape=True))
    found = connection.execute(newest_first(select(column).where(begins))).scalars()
    fitting = [run_id for run_id in found if run_id.startswith(start) or run_id.rpartition("-")[2].startswith(start)]
    if word and len(fitting) == 1:
        return str(fitting[0])
    if not word or not fitting:
        raise NotFoundError(f"There is no run {word!r}.", hint="nb2pipe runs lists them all.")
    shown = ", ".join(fitting[:_SHOWN]) + (" ..." if len(fitting) > _SHOWN else "")
    raise SettingsError(f"{len(fitting)} runs begin with {word!r}.", hint=f"Type more of the one you mean: {shown}")


def _counted_back(connection: Connection, number: int, word: str) -> str:
    found = connection.execute(newest_first(select(RUNS.c.id)).offset(number - 1).limit(1)).scalar()
    if found is None and number == 1:
        raise NotFoundError(
            f"There is no run {word!r}: the store holds none yet.", hint="nb2pipe config shows which store that is."
        )
    if found is None:
        raise NotFoundError(f"There is no run {word!r}: the store has fewer.", hint="nb2pipe runs lists them all.")
    return str(found)


def _read(connection: Connection, query: Select[Any], tags: Mapping[str, list[str]]) -> list[Run]:
    rows = connection.execute(query).mappings()
    return [from_row(Run, {"notebook_text": "", **dict(row)}, tags=tags.get(row["id"], [])) for row in rows]


def _damaged(connection: Connection, run_id: str, error: BaseException) -> Run:
    """As much of a run as can be told though its record cannot be read."""
    words = ("pipeline", "notebook_path", "notebook_digest", "state", "user")
    row = connection.execute(select(*(RUNS.c[name] for name in words)).where(RUNS.c.id == run_id)).one()
    state = State(row.state) if row.state in set(State) else State.INTERRUPTED
    try:
        created_at = connection.execute(select(RUNS.c.created_at).where(RUNS.c.id == run_id)).scalar_one()
    except UNREADABLE:
        created_at = _UNKNOWN_TIME
    message = f"Its record cannot be read ({type(error).__name__}: {error}). {_UNDAMAGE}"
    path, digest = row.notebook_path, row.notebook_digest
    return Run(run_id, row.pipeline, path, digest, "", {}, state, created_at, user=row.user, message=message)


def _tags(connection: Connection, ids: Select[Any]) -> dict[str, list[str]]:
    query = select(RUN_TAGS).where(RUN_TAGS.c.run_id.in_(ids)).order_by(RUN_TAGS.c.run_id, RUN_TAGS.c.position)
    found: dict[str, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.run_id, []).append(row.tag)
    return found


def _write_tags(connection: Connection, run: Run) -> None:
    rows = [{"run_id": run.id, "position": position, "tag": tag} for position, tag in enumerate(run.tags)]
    if rows:
        connection.execute(insert(RUN_TAGS), rows)
