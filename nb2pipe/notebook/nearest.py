"""The known name that a misspelt one most likely stands for."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name closest to ``name``, or None if none is close.

    Case and the choice between ``-`` and ``_`` count for nothing.
    """
    folded: dict[str, str] = {}
    for item in known:
        folded.setdefault(_fold(item), item)
    found = get_close_matches(_fold(name), list(folded), n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def suggest(name: str, known: Iterable[str], *, what: str) -> str:
    """A sentence for a hint: the nearest name, else all known ones.

    Args:
        name: the name that is not known.
        known: the names that are.
        what: what they are, in the plural, e.g. ``settings``.
    """
    names = sorted(known)
    if not names:
        return f"There are no {what}."
    close = nearest(name, names)
    listed = f"Known {what}: {', '.join(names)}."
    return f"Did you mean {close!r}? {listed}" if close else listed


def is_typo(word: str, known: str) -> bool:
    """Whether ``word`` differs from ``known`` by one slip: a letter more, less, other, or two swapped.

    The optimal string alignment distance is at most 1.
    """
    if word == known or abs(len(word) - len(known)) > 1:
        return False
    start = 0
    while start < min(len(word), len(known)) and word[start] == known[start]:
        start += 1
    left, right = word[start:], known[start:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or _is_swap(left, right)


def _is_swap(left: str, right: str) -> bool:
    return len(left) >= 2 and left[:2] == right[1::-1] and left[2:] == right[2:]


def _fold(name: str) -> str:
    return name.strip().lower().replace("-", "_").replace(" ", "_")
