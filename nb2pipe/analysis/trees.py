"""Syntax trees of Python files, parsed once for each state of a file."""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

MOST_BYTES = 2**20
"""Bigger files hold tables rather than code, and are not followed."""


def tree_of(path: Path) -> ast.Module | None:
    """The tree of a Python file as it is now; None where there is none that can be read."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    if status.st_size > MOST_BYTES:
        return None
    return _parsed(path, (status.st_mtime_ns, status.st_size, status.st_ino))


@lru_cache(maxsize=512)
def _parsed(path: Path, state: tuple[int, int, int]) -> ast.Module | None:
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
        return None
