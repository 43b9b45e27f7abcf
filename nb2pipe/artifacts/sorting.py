"""Which objects of a bundle go together, and which stand elsewhere and are referred to."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nb2pipe.artifacts.manifest import Reference
from nb2pipe.artifacts.memory import address_of
from nb2pipe.artifacts.referencing import is_shareable
from nb2pipe.artifacts.scan import Scan
from nb2pipe.artifacts.sharing import Piece

Owners = frozenset[str]


@dataclass(frozen=True)
class Standing:
    """What stands, unchanged, in older bundles and is referred to instead of being written again.

    Args:
        known: id of an object to where it stands.
        nameless: ids of objects that stand there too, but that no reference can name.
        arrays: id to array, for the arrays among them that may share memory with others.
    """

    known: Mapping[int, Reference] = field(default_factory=dict)
    nameless: Container[int] = ()
    arrays: Mapping[int, Piece] = field(default_factory=dict)


@dataclass
class Cell:
    """Objects reached by the same names: a group in the making."""

    owners: Owners
    entries: list[Any] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    data: bytes = b""
    buffers: list[memoryview] = field(default_factory=list)
    private_buffers: set[int] = field(default_factory=set)
    classes: list[str] = field(default_factory=list)
    references: list[tuple[Owners, int] | Reference] = field(default_factory=list)
    living: list[Any] = field(default_factory=list)

    def entry(self, value: Any) -> int:
        """Index of an object among the entries; it becomes one if it is none."""
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = len(self.entries)
            self.entries.append(value)
        return number


@dataclass(frozen=True)
class Sorting:
    """Which cell an object belongs to, or which older bundle; cells come into being as they are referred to."""

    owners: Mapping[int, Owners]
    cells: dict[Owners, Cell]
    standing: Standing
    again: set[int]

    def ready(self, cell: Cell, scans: Mapping[str, Scan]) -> Scan | None:
        """The bytes of a lone name that shares nothing with anything: they were made when it was taken apart."""
        if len(cell.owners) != 1 or len(cell.entries) != 1:
            return None
        scanned = scans[next(iter(cell.owners))]
        if cell.entries[0] is not scanned.value or not self.owners.keys().isdisjoint(scanned.objects):
            return None
        known, nameless = self.standing.known, self.standing.nameless
        stands = any((key in known or key in nameless) and is_shareable(obj) for key, obj in scanned.objects.items())
        return None if stands else scanned

    def number(self, cell: Cell, numbers: dict[int, int], obj: Any) -> int | None:
        """Index among the references of ``cell`` of an object that is not its own; None for one that is."""
        key = id(obj)
        number = numbers.get(key)
        if number is not None:
            return number
        reference = self._reference(cell, key, obj)
        if reference is None:
            return None
        numbers[key] = len(cell.references)
        cell.references.append(reference)
        cell.living.append(obj)
        return numbers[key]

    def _reference(self, cell: Cell, key: int, obj: Any) -> tuple[Owners, int] | Reference | None:
        target = self.standing.known.get(key)
        if target is not None and is_shareable(obj):
            return target
        if key in self.standing.nameless and is_shareable(obj):
            self.again.add(key)
        owner = self.owners.get(key)
        if owner is None or not owner > cell.owners:
            return None
        return owner, self.cells.setdefault(owner, Cell(owner)).entry(obj)


def parted(cells: Sequence[Cell], apart: Collection[str]) -> list[list[Cell]]:
    """Cells by the bundle that they go into: those of names that are to be apart, where no others hang on them.

    Args:
        cells: in the order in which they are written.
        apart: names.

    Returns:
        One list of cells for each bundle, the usual one first.
    """
    if not apart:
        return [[*cells]] if cells else []
    heads: dict[Any, Any] = {}

    def head(tie: Any) -> Any:
        while (above := heads.setdefault(tie, tie)) != tie:
            tie = above
        return tie

    for cell in cells:
        own = [each[0] for each in cell.references if not isinstance(each, Reference)]
        for tie in (*own, *((address_of(each), each.nbytes) for each in cell.buffers)):
            heads[head(tie)] = head(cell.owners)
    usual = {head(cell.owners) for cell in cells if not cell.owners <= {*apart}}
    parts: tuple[list[Cell], list[Cell]] = ([], [])
    for cell in cells:
        parts[head(cell.owners) not in usual].append(cell)
    return [part for part in parts if part]
