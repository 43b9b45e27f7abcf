"""Files, folders and glob patterns on this machine."""

from __future__ import annotations

import glob
import itertools
import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nb2pipe.scheduling.data.confined import below, is_within, paths_within
from nb2pipe.scheduling.data.place import Item, Unseen, digest_of, few

FRESH_NS = 2 * 10**9
"""Times of change are no finer than this everywhere."""


class LocalPlace:
    """A file, a folder with all that is below it, or a pattern. Names that begin with a dot do not count, unless one is
    named itself: programs keep half-written files under such names.

    Args:
        path: absolute.
        within: folder that everything must be in, links resolved; what a link makes seem to be there, or what is
            hidden there by another name, is not looked at. Empty for no such limit.
    """

    def __init__(self, path: str, within: str = "") -> None:
        self._path = path
        self._within = within

    def listing(self, known: Iterable[str]) -> Mapping[str, Item]:
        """What is there now, by path."""
        found: dict[str, Item] = {}
        try:
            for path in self._paths():
                item = _item(path) if is_within(path, self._within) else None
                if item is not None:
                    found[path] = item
                    few(len(found))
            for path in known:
                if path in found or not is_within(path, self._within):
                    continue
                if os.path.lexists(path) and _is_hidden_by_a_fault(path):
                    raise Unseen(f"{path} is there and cannot be looked at")
        except (OSError, ValueError) as error:  # ValueError: a name that no file can have
            raise Unseen(_why(error, self._path)) from error
        return found

    def digest(self, name: str) -> str:
        """Hex SHA-256 of a file."""
        if not is_within(name, self._within):
            raise Unseen(f"{name} leads out of {self._within}")
        try:
            with Path(name).open("rb") as file:
                return digest_of(file)
        except OSError as error:
            raise Unseen(_why(error, name)) from error

    def _paths(self) -> Iterator[str]:
        if self._within:
            yield from paths_within(self._path, self._within)
            return
        if glob.has_magic(self._path) and not os.path.lexists(self._path):
            _look_into_root(self._path)
            yield from sorted(glob.iglob(self._path, recursive=True))  # noqa: PTH207 - leaves out dot files
            return
        try:
            mode = Path(self._path).stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return
        if stat.S_ISDIR(mode):
            yield from below(self._path)
        elif stat.S_ISREG(mode):
            yield self._path
        else:
            raise Unseen(f"{self._path} is neither a file nor a folder")


def _look_into_root(pattern: str) -> None:
    """Patterns skip folders that they may not read; the one that they all begin with must be readable."""
    plain = itertools.takewhile(lambda part: not glob.has_magic(part), Path(pattern).parts)
    try:
        with os.scandir(Path(*plain)):
            pass
    except FileNotFoundError:
        return


def _item(path: str) -> Item | None:
    """A file at a glance; None for what is no file, or has gone."""
    try:
        found = Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    age_ns = time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns)
    mark = f"{found.st_mtime_ns}:{found.st_ctime_ns}:{found.st_size}:{found.st_ino}"
    return Item(mark, abs(age_ns) < FRESH_NS)


def _is_hidden_by_a_fault(path: str) -> bool:
    """Whether a file that was not listed is there for all that."""
    return _item(path) is not None


def _why(error: OSError | ValueError, path: str) -> str:
    return f"{getattr(error, 'filename', None) or path}: {getattr(error, 'strerror', None) or error}"
