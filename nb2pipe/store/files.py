"""The file of an SQLite store: its folder, its backup, and who may set it up."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from nb2pipe.errors import StoreError

_PATIENCE_S = 30.0
_PAUSE_S = 0.05


def make_folder(path: Path) -> None:
    """Make the folder that a store's file goes into.

    Raises:
        StoreError: it cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder of the store, {str(path.parent)!r}, cannot be made ({error.strerror}).",
            hint="Name another home by the setting home (NB2PIPE_HOME), or another store by store_url.",
        ) from error


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Let one process at a time set up a store in this folder; leaves no file behind.

    File systems that know no such lock go without: the database's own locks still keep migrations apart.
    """
    with ExitStack() as stack:
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
            stack.callback(os.close, handle)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def use_write_ahead_log(path: Path) -> None:
    """Switch the file to WAL mode, which it then keeps: readers and a writer no longer wait for each other.

    The switch needs the file for itself, and SQLite gives up at once where it waits elsewhere, so it is tried again.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while not _try_write_ahead_log(path) and time.monotonic() < deadline:
        time.sleep(_PAUSE_S)


def _try_write_ahead_log(path: Path) -> bool:
    with closing(sqlite3.connect(path, timeout=_PATIENCE_S)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                return False
            raise
    return True


def back_up(path: Path, revision: str) -> Path:
    """Copy a store before it is upgraded, to ``store.db.0001.backup`` or the first name of that kind that is free.

    The copy bears its name only when it is whole.

    Raises:
        StoreError: there is no room for it.
    """
    names = (path.with_name(f"{path.name}.{revision}.{suffix}") for suffix in _suffixes())
    target = next(name for name in names if not name.exists())
    partial = target.with_name(f"{target.name}.part")  # whoever is here is alone, so an old one is of a dead process
    try:
        partial.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as copy:
            source.backup(copy)
        partial.rename(target)
    except (sqlite3.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        raise StoreError(
            f"The store {path} must be upgraded, but no backup of it could be made ({error}).",
            hint="Make room beside it. Nothing was changed.",
        ) from error
    return target


def _suffixes() -> Iterator[str]:
    yield "backup"
    number = 2
    while True:
        yield f"{number}.backup"
        number += 1
