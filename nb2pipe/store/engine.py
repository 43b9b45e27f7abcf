"""From a store's URL to a database engine, set up so that many processes can share it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from nb2pipe.errors import StoreError
from nb2pipe.urls import mask_url

BUSY_TIMEOUT_S = 30.0
_CONNECT_TIMEOUT_S = 10
_SQLITE = "sqlite:///"
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
_KNOWN = "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE"


def make_engine(url: str, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """An engine for a store; connects to nothing yet.

    Args:
        url: ``sqlite:///PATH`` (the path is taken as it stands) or ``postgresql://USER:PASSWORD@HOST/DATABASE``.
        busy_timeout_s: how long to wait for others who write to an SQLite file.

    Raises:
        StoreError: the URL is wrong, or names a database that is not supported.
    """
    if url.startswith(_SQLITE):
        return _sqlite(url.removeprefix(_SQLITE), busy_timeout_s)
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise StoreError(f"{mask_url(url)!r} is not the URL of a store.", hint=f"Write {_KNOWN}.") from error
    if parsed.drivername not in _POSTGRESQL:
        raise StoreError(f"A store cannot be a {parsed.drivername!r} database.", hint=f"Write {_KNOWN}.")
    return _postgresql(parsed)


def sqlite_path(engine: Engine) -> Path | None:
    """File of an SQLite store; None for a store on a server."""
    return Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None


def writer(engine: Engine) -> Engine:
    """The same engine for transactions that write: on SQLite they take the write lock at their beginning.

    A transaction that begins with a read and turns into a write is refused at once by SQLite, whatever the time-out,
    when another process wrote in between.
    """
    return engine.execution_options(nb2pipe_writes=True)


def _sqlite(path: str, busy_timeout_s: float) -> Engine:
    if not path or path == ":memory:":
        raise StoreError("A store in memory would be forgotten at once.", hint="Write sqlite:///PATH.")
    engine = create_engine(
        URL.create("sqlite", database=str(Path(path).expanduser().absolute())),
        connect_args={"timeout": busy_timeout_s},
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    """Leave transactions to us, and let a commit outlive our death, though not always a power cut.

    In WAL mode ``synchronous=NORMAL`` cannot damage the file; after a power cut the last commits may be missing.
    """
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("nb2pipe_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: URL) -> Engine:
    defaults = {"connect_timeout": str(_CONNECT_TIMEOUT_S), "application_name": "nb2pipe"}
    full = url.set(drivername="postgresql+psycopg", query={**defaults, **url.query})
    try:
        return create_engine(full)
    except ImportError as error:
        raise StoreError(
            "A store on PostgreSQL needs the driver psycopg, which is not installed.",
            hint="Install it: pip install 'nb2pipe[postgresql]'.",
        ) from error
