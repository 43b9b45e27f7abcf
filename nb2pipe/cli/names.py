"""Names that a user typed, held against those that there are."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from nb2pipe.errors import SettingsError
from nb2pipe.model import Pipeline


def known_name(kind: str, name: str, known: Iterable[str]) -> str:
    """The name itself.

    Raises:
        SettingsError: it is not one of the known ones; says the nearest.
    """
    names = list(known)
    if name in names:
        return name
    near = get_close_matches(name, names, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(names) or 'none'}."
    raise SettingsError(f"there is no {kind} {name!r}", hint=hint)


def known_step(pipeline: Pipeline, name: str) -> str:
    """The name of a step of this pipeline, checked."""
    return known_name("step", name, (step.name for step in pipeline.steps))
