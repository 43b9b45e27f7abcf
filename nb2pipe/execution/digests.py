"""Digests of files and folders that steps read and write."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

LISTED = os.sep
THERE = f"{os.sep}."


def path_digest(path: str) -> str:
    """Digest of what a path holds.

    A path that ends in ``/`` is a folder, of which the names in it count; one that ends in ``/.`` is a folder of
    which only counts whether it is there.
    """
    if path.endswith(THERE):
        return "folder" if Path(path).is_dir() else ""
    return listing_digest(path) if path.endswith(LISTED) else file_digest(path)


def file_digest(path: str) -> str:
    """Hex SHA-256 of a file's bytes, empty text where it cannot be read."""
    try:
        if not Path(path).is_file():
            return ""
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def listing_digest(path: str) -> str:
    """Hex SHA-256 of the sorted names in a folder, empty text where it cannot be read."""
    try:
        names = sorted(os.fsencode(each.name) for each in Path(path).iterdir())
        return hashlib.sha256(b"\0".join(names)).hexdigest()
    except OSError:
        return ""
