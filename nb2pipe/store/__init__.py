"""What nb2pipe keeps about runs, in SQLite or PostgreSQL.

Importing this is cheap: SQLAlchemy comes in with the first store that is opened.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nb2pipe.store.processes import is_alive, this_process, with_process

if TYPE_CHECKING:
    from nb2pipe.store.prune import Pruned
    from nb2pipe.store.store import Store

__all__ = ["Pruned", "Store", "is_alive", "open_store", "this_process", "with_process"]


def open_store(url: str | None, home: Path, *, clock: Callable[[], datetime] | None = None) -> Store:
    """Open the store, made or upgraded first if need be. An SQLite file is copied before it is upgraded.

    Args:
        url: ``sqlite:///PATH`` (the path is taken as it stands) or ``postgresql://USER:PASSWORD@HOST/DATABASE``; None
            for ``store.db`` in ``home``.
        home: folder under which runs have theirs.
        clock: aware time for heartbeats; None for the system's, or the server's for PostgreSQL.

    Raises:
        StoreError: the store is damaged, newer than this nb2pipe, out of reach, or not a store; it is left as it was.
    """
    from nb2pipe.store.store import open_database  # brings in SQLAlchemy, 0.15 s

    return open_database(url or f"sqlite:///{home / 'store.db'}", home, clock)


def __getattr__(name: str) -> Any:
    """The classes, for those who need them at run time; naming them in annotations costs nothing."""
    if name == "Store":
        from nb2pipe.store.store import Store

        return Store
    if name == "Pruned":
        from nb2pipe.store.prune import Pruned

        return Pruned
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
