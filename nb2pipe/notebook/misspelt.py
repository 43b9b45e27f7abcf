"""Tags that look like one of ours but are not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from nb2pipe.notebook.nearest import is_typo

_NO_COLON = re.compile(r"(step|block|after|prev)[ =/.]+(?P<name>\S+)")


def correction(tag: str, words: Iterable[str], prefixes: Iterable[str]) -> str | None:
    """The tag of ours that ``tag`` is one slip away from, or None if it belongs to another tool.

    Args:
        tag: a tag that is not in the grammar.
        words: the one-word tags of the grammar.
        prefixes: what stands before the colon in the others.
    """
    return _correction(tag, tuple(sorted(words)), tuple(sorted(prefixes)))


@lru_cache(maxsize=1024)
def _correction(tag: str, words: tuple[str, ...], prefixes: tuple[str, ...]) -> str | None:
    prefix, colon, rest = tag.partition(":")
    if colon:
        close = _close(prefix, prefixes)
        return f"{close}:{rest.strip()}" if close else None
    spaced = _NO_COLON.fullmatch(tag.strip().lower())
    if spaced:
        return f"step:{spaced['name']}" if spaced[1] in ("step", "block") else f"after:{spaced['name']}"
    if tag.strip().lower() in ("step", "block"):
        return "step:NAME"
    return _close(tag, words)


def _close(word: str, known: tuple[str, ...]) -> str | None:
    folded = word.strip().lower().replace("_", "-").replace(" ", "-")
    if folded in known:
        return folded
    return next((item for item in known if is_typo(folded, item)), None)
