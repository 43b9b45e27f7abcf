"""What is found in code that an image must provide for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Certainty = Literal["always", "perhaps", "optional"]
"""``perhaps`` under an ``if``; ``optional`` where the code catches that the module is missing."""


@dataclass(frozen=True)
class Place:
    """Where in the notebook or in a module beside it.

    Args:
        cell: index of the cell from 0, None in a file.
        cell_id: the cell's id.
        file: the module's file as a reader knows it, relative to the notebook's folder where it is in it.
        line: from 1.
    """

    cell: int | None = None
    cell_id: str | None = None
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        where = self.file if self.cell is None else f"cell {self.cell + 1}"
        return f"{where}, line {self.line}" if self.line else where


@dataclass(frozen=True)
class Import:
    """A module imported by name.

    Args:
        module: dotted and absolute.
        names: what is taken from it, which may be modules too.
        place: where the import stands.
        certainty: whether it must be there.
    """

    module: str
    names: tuple[str, ...]
    place: Place
    certainty: Certainty = "always"

    @property
    def top(self) -> str:
        """The name before the first dot."""
        return self.module.partition(".")[0]


@dataclass
class Found:
    """What one piece of code, or several, asks for.

    Args:
        imports: in order of appearance.
        attributes: names behind a dot, for what packages import only when it is used.
        texts: literal texts that name something elsewhere, such as ``s3://bucket/key``.
        folders: literal folders that the code adds to ``sys.path``.
        scripts: literal paths that ``%run`` runs.
        written: modules that ``%%writefile`` writes, name to source.
    """

    imports: list[Import] = field(default_factory=list)
    attributes: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    folders: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)

    def add(self, other: Found) -> None:
        """Take in what was found elsewhere."""
        self.imports += other.imports
        self.attributes |= other.attributes
        self.texts |= other.texts
        self.folders += other.folders
        self.scripts += other.scripts
        self.written |= other.written


def tops(imports: Sequence[Import]) -> frozenset[str]:
    """The top-level names of what is imported."""
    return frozenset(item.top for item in imports)
