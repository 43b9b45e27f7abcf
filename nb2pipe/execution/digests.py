"""Digests of files and folders that steps read and write."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

LISTED = os.sep
THERE = f"{os.sep}."
BIG_BYTES = 4 * 2**20
"""Files of this size take longer to read than their digest takes to look up."""
SETTLED_NS = 10**9
"""A file that was written a moment ago may be written again without another time of change."""


def digest_memory(artifacts: Path) -> Path:
    """The folder that remembers digests of big files, beside the artifacts, where every step's kernel can write."""
    return artifacts / "digests"


def path_digest(path: str, memory: Path | None = None) -> str:
    """Digest of what a path holds.

    A path that ends in ``/`` is a folder, of which the names in it count; one that ends in ``/.`` is a folder of
    which only counts whether it is there.

    Args:
        path: the path.
        memory: folder that remembers digests of big files; None to read every file.
    """
    if path.endswith(THERE):
        return "folder" if Path(path).is_dir() else ""
    return listing_digest(path) if path.endswith(LISTED) else file_digest(path, memory)


def file_digest(path: str, memory: Path | None = None) -> str:
    """Hex SHA-256 of a file's bytes, empty text where it cannot be read.

    Args:
        path: the file.
        memory: as for :func:`path_digest`. A digest is remembered for one size, inode, and times of change to the
            nanosecond.
    """
    try:
        if not Path(path).is_file():
            return ""
        with Path(path).open("rb") as file:
            before = os.fstat(file.fileno())
            if memory is None or before.st_size < BIG_BYTES:
                return hashlib.file_digest(file, "sha256").hexdigest()
            place = memory / f"{hashlib.sha256(os.fsencode(path)).hexdigest()[:32]}.json"
            known = _remembered(place, _marks(before))
            if known:
                return known
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            if _marks(os.fstat(file.fileno())) == _marks(before):
                _remember(place, before, digest)
            return digest
    except OSError:
        return ""


def _marks(status: os.stat_result) -> list[int]:
    return [status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns]


def _remembered(place: Path, marks: Sequence[int]) -> str:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        entry = json.loads(place.read_text(encoding="utf-8"))
        if entry["marks"] == list(marks):
            return str(entry["digest"])
    return ""


def _remember(place: Path, status: os.stat_result, digest: str) -> None:
    if time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) < SETTLED_NS:
        return
    part = place.with_name(f"{place.name}.{os.getpid()}.part")
    with contextlib.suppress(OSError):  # a full disk: only time is lost
        place.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps({"marks": _marks(status), "digest": digest}), encoding="utf-8")
        part.replace(place)


def listing_digest(path: str) -> str:
    """Hex SHA-256 of the sorted names in a folder, empty text where it cannot be read."""
    try:
        names = sorted(os.fsencode(each.name) for each in Path(path).iterdir())
        return hashlib.sha256(b"\0".join(names)).hexdigest()
    except OSError:
        return ""
