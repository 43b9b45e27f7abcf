"""The cells of a step."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """A step's cells.

    Args:
        name: the step.
        cells: its own code cells in notebook order.
        tagged: cells whose tags concern it, empty ones included.
        after: steps it declares to come after.
        tag: the step as tagged, where this is a part of it; empty where it is all of it.
    """

    name: str
    cells: tuple[int, ...]
    tagged: tuple[int, ...]
    after: tuple[str, ...] = ()
    tag: str = ""

    @property
    def step(self) -> str:
        """The step as tagged."""
        return self.tag or self.name
