"""A place where data is, whatever keeps it: what is there at a glance, and digests of what is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Protocol

MOST_ITEMS = 10_000
_PIECE_BYTES = 1 << 20


class Unseen(Exception):
    """A place cannot be looked at now; the text says why, for a reader."""


@dataclass(frozen=True)
class Item:
    """A file or object at a glance.

    Args:
        mark: changes with its content, and perhaps without it: time of change and size, or what the server says.
        is_fresh: whether it was written so recently that another write might leave the mark as it is.
    """

    mark: str
    is_fresh: bool = False


class Place(Protocol):
    """Where data is."""

    def listing(self, known: Iterable[str]) -> Mapping[str, Item]:
        """What is there now, by name; empty where nothing is.

        Args:
            known: names that were there before.

        Raises:
            Unseen: it cannot be known.
        """

    def digest(self, name: str) -> str:
        """Hex SHA-256 of what is under a name.

        Raises:
            Unseen: it cannot be read.
        """


def is_url(place: str) -> bool:
    """Whether a place is not on this machine's own disks."""
    return "://" in place


def few(count: int) -> None:
    """Refuse to watch too many files.

    Raises:
        Unseen: there are too many.
    """
    if count > MOST_ITEMS:
        raise Unseen(f"more than {MOST_ITEMS} files are there: watch fewer of them, by a pattern")


def digest_of(file: IO[bytes]) -> str:
    """Hex SHA-256 of what is left to read of a file."""
    found = hashlib.sha256()
    while piece := file.read(_PIECE_BYTES):
        found.update(piece)
    return found.hexdigest()
