"""Who made and used what, asked over all runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, or_, select

from nb2pipe.store.schema import ARTIFACTS, STEP_DATA, STEP_INPUTS, STEP_RUNS

_MANY = 400


@dataclass(frozen=True)
class Touch:
    """What of it matters: all runs in which any of this happened.

    Args:
        saved: digests of bundles that a step saved.
        used: digests of bundles that a step read values of.
        read: (path, digest) of files that a step read; an empty one of the two does not matter.
        written: the same for files that a step wrote.
    """

    saved: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    read: tuple[tuple[str, str], ...] = ()
    written: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Known:
    """A name in the store: of a value (its digest is the bundle's) or of a file."""

    name: str
    digest: str


def runs_touching(connection: Connection, what: Touch) -> set[str]:
    """Ids of the runs."""
    found: set[str] = set()
    for table, digests in ((ARTIFACTS, what.saved), (STEP_INPUTS, what.used)):
        rows = _rows(connection, table, table.c.digest, digests)
        found |= {row.run_id for row in rows}
    for use, places in (("read", what.read), ("written", what.written)):
        wanted = set(places)
        of_use = STEP_DATA.c.use == use
        rows = _rows(connection, STEP_DATA, STEP_DATA.c.path, (path for path, _ in places if path), of_use)
        found |= {row.run_id for row in rows if {(row.path, ""), (row.path, row.digest)} & wanted}
        rows = _rows(connection, STEP_DATA, STEP_DATA.c.digest, (digest for path, digest in places if not path), of_use)
        found |= {row.run_id for row in rows}
    return found


def _rows(
    connection: Connection, table: Table, column: ColumnElement[Any], values: Iterable[str], *more: ColumnElement[bool]
) -> list[Row[Any]]:
    wanted = list(dict.fromkeys(values))
    found: list[Row[Any]] = []
    columns = [table.c[name] for name in ("path", "digest") if name in table.c]
    query = select(STEP_RUNS.c.run_id, *columns).join_from(table, STEP_RUNS).distinct()
    for start in range(0, len(wanted), _MANY):
        found += connection.execute(query.where(column.in_(wanted[start : start + _MANY]), *more))
    return found


def artifacts_named(connection: Connection, prefix: str) -> list[Known]:
    """Values whose bundle's digest begins so."""
    query = select(ARTIFACTS.c.name, ARTIFACTS.c.digest).where(ARTIFACTS.c.digest.startswith(prefix, autoescape=True))
    rows = connection.execute(query.distinct().order_by(ARTIFACTS.c.name))
    return [Known(row.name, row.digest) for row in rows if not row.name.startswith("@")]


def data_of_path(connection: Connection, path: str, *, is_end: bool = False) -> list[Known]:
    """Files and URLs of this path; with ``is_end``, also those whose path ends in it, after a ``/``."""
    fits = STEP_DATA.c.path == path
    if is_end:
        fits = or_(fits, STEP_DATA.c.path.endswith(f"/{path}", autoescape=True))
    return _data(connection, fits)


def data_of_digest(connection: Connection, prefix: str) -> list[Known]:
    """Files whose content's digest begins so."""
    return _data(connection, STEP_DATA.c.digest.startswith(prefix, autoescape=True))


def data_paths(connection: Connection, limit: int) -> Collection[str]:
    """Paths that there are, at most so many."""
    query = select(STEP_DATA.c.path).distinct().order_by(STEP_DATA.c.path).limit(limit)
    return [row.path for row in connection.execute(query)]


def _data(connection: Connection, fits: ColumnElement[bool]) -> list[Known]:
    query = select(STEP_DATA.c.path, STEP_DATA.c.digest).where(fits).distinct().order_by(STEP_DATA.c.path)
    return [Known(row.path, row.digest) for row in connection.execute(query)]
