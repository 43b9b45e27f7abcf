"""Container cells are steps of their own: a step that has one among other cells is parted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from nb2pipe.conversion.unit import Unit
from nb2pipe.model import Notebook
from nb2pipe.notebook.container_cells import is_container_cell


def part_units(notebook: Notebook, units: Iterable[Unit]) -> list[Unit]:
    """Units of a Python notebook such that no container cell shares one with other cells.

    The first part keeps the step's name, those behind it are called ``NAME-2``, ``NAME-3`` and so on. What the tags and
    settings of a container cell say is for its part alone, what those of the other cells say is for all parts.
    """
    whole = list(units)
    if notebook.language not in ("python", "ipython"):
        return whole
    taken = {unit.name for unit in whole}
    found = []
    for unit in whole:
        alone = [cell for cell in unit.cells if is_container_cell(notebook.cells[cell].source)]
        for number, cells in enumerate(_runs(notebook, unit)):
            name = unit.name if number == 0 else _free(unit.name, taken)
            taken.add(name)
            tagged = tuple(cell for cell in unit.tagged if cell in cells or cell not in alone)
            after = dict.fromkeys(name for cell in tagged for name in notebook.cells[cell].tag.after)
            found.append(replace(unit, name=name, cells=cells, tagged=tagged, after=tuple(after), tag=unit.name))
    return found


def _runs(notebook: Notebook, unit: Unit) -> list[tuple[int, ...]]:
    """The cells of a unit, each container cell by itself."""
    if not unit.cells:
        return [unit.cells]

    def key(cell: int) -> int:
        return cell if is_container_cell(notebook.cells[cell].source) else -1

    return [tuple(cells) for _, cells in groupby(unit.cells, key)]


def _free(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"
