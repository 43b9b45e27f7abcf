"""What a database says when something is wrong, in words that say what to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from nb2pipe.errors import StoreError

_ELSEWHERE = "or name another store by the setting store_url (NB2PIPE_STORE_URL)"

_LITTLE_BYTES = 65536
_GONE = ("no longer holds the run that this belongs to", "Another nb2pipe removed it while it went on.")

_SQLITE = {
    "SQLITE_NOTADB": ("is no database of SQLite", f"Move the file away, {_ELSEWHERE}. nb2pipe left it as it is."),
    "SQLITE_CORRUPT": (
        "is damaged",
        f"Put a backup in its place, or move it away to begin a new one, {_ELSEWHERE}. nb2pipe left it as it is.",
    ),
    "SQLITE_CANTOPEN": (
        "cannot be opened",
        f"See that its folder exists and that you may write there, {_ELSEWHERE}.",
    ),
    "SQLITE_READONLY": ("cannot be written to", f"Get the right to write to the file and its folder, {_ELSEWHERE}."),
    "SQLITE_PERM": ("cannot be written to", f"Get the right to write to the file and its folder, {_ELSEWHERE}."),
    "SQLITE_FULL": (
        "cannot grow: the disk is full",
        "Make room (nb2pipe runs prune removes old runs). What was recorded before is kept.",
    ),
    "SQLITE_BUSY": ("is locked by another program", "Close the program that holds it, then try again."),
    "SQLITE_CONSTRAINT": _GONE,
    "SQLITE_IOERR": ("cannot be read or written", "Look at the disk: the system reported an input or output error."),
}

_POSTGRESQL = {
    "23": _GONE,
    "42501": ("does not give this user the rights needed", "Let its owner grant them, or use another user."),
    "42P07": ("holds tables of something else", "Give nb2pipe a database of its own."),
    "53100": ("cannot grow: the server's disk is full", "Make room on the server. What was recorded is kept."),
    "53300": ("has no connection left", "Raise max_connections on the server, or stop some clients."),
    "XX001": ("is damaged", "Restore a backup on the server."),
    "XX002": ("is damaged", "Restore a backup on the server."),
}


@contextmanager
def as_store_errors(engine: Engine) -> Iterator[None]:
    """Turn the database's own errors into :class:`StoreError`.

    Raises:
        StoreError: the database refused what was tried; a transaction under way was rolled back.
    """
    try:
        yield
    except DBAPIError as error:
        raise explain(engine, error) from error


def explain(engine: Engine, error: DBAPIError) -> StoreError:
    """The error of ours for one of the database's."""
    where = place(engine)
    what, hint = (
        _sqlite(error, Path(engine.url.database or "")) if engine.dialect.name == "sqlite" else _postgresql(error)
    )
    said = " ".join(str(error.orig).split())
    return StoreError(f"The store {where} {what} ({said}).", hint=hint)


def place(engine: Engine) -> str:
    """Where the store is, without its password."""
    if engine.dialect.name == "sqlite":
        return str(engine.url.database)
    return engine.url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def is_unreachable(error: DBAPIError) -> bool:
    """Whether a server did not answer, or is just going down or coming up."""
    code = getattr(error.orig, "sqlstate", "")
    return error.connection_invalidated or code is None or code.startswith(("08", "57P"))


def _sqlite(error: DBAPIError, path: Path) -> tuple[str, str]:
    name = getattr(error.orig, "sqlite_errorname", "SQLITE_CORRUPT")  # none where Python cannot decode a text
    if name.startswith("SQLITE_IOERR") and _is_full(path):
        name = "SQLITE_FULL"  # SQLite's memory shared between processes has no error of its own for that
    for known, words in _SQLITE.items():
        if name.startswith(known):
            return words
    return "refused what was asked", "This should not happen: please report it."


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _LITTLE_BYTES
    except OSError:
        return False


def _postgresql(error: DBAPIError) -> tuple[str, str]:
    code = getattr(error.orig, "sqlstate", None) or ""
    for known, words in _POSTGRESQL.items():
        if code.startswith(known):
            return words
    if not code and "FATAL" in str(error.orig):  # libpq gives no code for what a server answers to a connection
        hint = "Correct the database, user or password in the setting store_url; createdb NAME makes a database."
        return "refuses the connection", hint
    if is_unreachable(error):
        return "cannot be reached", "See that the server runs and that the host, port and database name are right."
    return "refused what was asked", "This should not happen: please report it."
