"""Values that steps saved."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Artifact:
    """A value that a step saved.

    Args:
        name: variable name (``@random`` and the like are ambient state).
        digest: digest of the bundle that holds it.
        group: index of the group within the bundle; names in one group share objects.
        size_bytes: bytes of the group, shared buffers counted once.
        type: qualified type name, e.g. ``pandas.DataFrame``.
        preview: short text for a person, e.g. ``1000 rows x 3 columns``.
    """

    name: str
    digest: str
    group: int
    size_bytes: int = 0
    type: str = ""
    preview: str = ""
