"""Words written as text, so that tables stay easy to read and to add to."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())
