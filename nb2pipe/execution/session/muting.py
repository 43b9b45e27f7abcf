"""Keeping a stretch of code from being heard: what it prints and shows is dropped."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

MISSING = object()


@contextmanager
def muted(shell: Any) -> Iterator[None]:
    """Drop what is printed and shown. The streams stay the objects they are, since handlers of logging keep them."""
    publisher = getattr(shell, "display_pub", None)
    mouths = [(sys.stdout, "write", len), (sys.stderr, "write", len), (publisher, "publish", _nothing)]
    before = [(owner, name, vars(owner).get(name, MISSING)) for owner, name, _ in mouths if hasattr(owner, name)]
    try:
        for owner, name, instead in mouths:
            if hasattr(owner, name):
                setattr(owner, name, instead)
        yield
    finally:
        for owner, name, value in before:
            if value is MISSING:
                delattr(owner, name)
            else:
                setattr(owner, name, value)


def _nothing(*_: Any, **__: Any) -> None:
    return None
