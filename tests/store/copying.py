"""A new store's file, made once in a process and copied from then on."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from nb2pipe.store import open_store


def copy_new_store(path: Path) -> None:
    """Put the file of a store that is new, with all its tables and nothing in them, at a path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_content())


@functools.cache
def _content() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "store.db")
        open_store(f"sqlite:///{made}", Path(folder)).close()
        return made.read_bytes()
