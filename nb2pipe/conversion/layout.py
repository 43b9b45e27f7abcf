"""Which cells a step runs: its own, and the setup cells that run with it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from nb2pipe.analysis import CodeCell, Effects
from nb2pipe.analysis.places import contains
from nb2pipe.conversion.accesses import accesses_clash
from nb2pipe.conversion.parts import part_units
from nb2pipe.conversion.unit import Unit
from nb2pipe.model import Notebook, Role
from nb2pipe.notebook import assign_cells


@dataclass(frozen=True)
class Layout:
    """Steps in order, and the cells that run in several of them.

    Args:
        units: the steps.
        setup: cells tagged ``setup`` that run again in every step behind them.
        parameters: cells tagged ``parameters``.
        owner: own cell to the step that runs it.
    """

    units: tuple[Unit, ...]
    setup: tuple[int, ...]
    parameters: tuple[int, ...]
    owner: dict[int, str] = field(default_factory=dict)

    def shared_cells(self, unit: Unit) -> tuple[int, ...]:
        """Setup cells that run with a step: those before its last own cell."""
        last = max(unit.cells, default=-1)
        return tuple(cell for cell in self.setup if cell < last)

    def first_runner(self, cell: int) -> str | None:
        """The first step that runs a setup or parameters cell."""
        if cell in self.parameters:
            return self.units[0].name if self.units else None
        return next((unit.name for unit in self.units if cell in self.shared_cells(unit)), None)


def read_layout(notebook: Notebook) -> Layout:
    """The layout that tags and cell order make."""
    code = {cell.index for cell in notebook.cells if cell.is_code}
    assigned = assign_cells(notebook)
    units = []
    for name, tagged in assigned.items():
        after = dict.fromkeys(name for index in tagged for name in notebook.cells[index].tag.after)
        units.append(Unit(name, tuple(index for index in tagged if index in code), tagged, tuple(after)))
    setup = tuple(i for i in sorted(code) if notebook.cells[i].tag.role is Role.SETUP)
    parameters = tuple(i for i in sorted(code) if notebook.cells[i].tag.role is Role.PARAMETERS)
    if not units and (setup or parameters):
        units = [Unit("start", (), ())]
    return _with_owner(Layout(tuple(part_units(notebook, units)), setup, parameters))


def code_cells(notebook: Notebook, layout: Layout) -> list[CodeCell]:
    """The cells to analyse, in the order of Run All."""
    own = {index for unit in layout.units for index in unit.cells}
    shared = {*layout.setup, *layout.parameters}
    return [
        CodeCell(c.index, c.source, c.index in shared, c.index in layout.parameters)
        for c in notebook.cells
        if c.index in own | shared
    ]


def adopt(layout: Layout, cells: dict[int, Effects]) -> Layout:
    """Setup cells that cannot run twice become own cells of the step that follows them.

    Such are cells that use or change what a step before them made, that write files, that read a file which a step
    behind them writes, and those behind the last step.
    """
    units = list(layout.units)
    kept = []
    for cell in layout.setup:
        if not _must_run_once(cell, layout, cells):
            kept.append(cell)
            continue
        position = _home(units, cell)
        unit = units[position]
        units[position] = replace(unit, cells=tuple(sorted((*unit.cells, cell))))
    parameters = layout.parameters
    return _with_owner(Layout(tuple(units), tuple(kept), parameters))


def _home(units: list[Unit], cell: int) -> int:
    """The step that runs next after a cell, or the last one."""
    following = [
        (min(c for c in unit.cells if c > cell), n) for n, unit in enumerate(units) if any(c > cell for c in unit.cells)
    ]
    if following:
        return min(following)[1]
    return max(range(len(units)), key=lambda n: max(units[n].cells, default=-1))


def _must_run_once(cell: int, layout: Layout, cells: dict[int, Effects]) -> bool:
    effects = cells[cell]
    if not any(cell in layout.shared_cells(unit) for unit in layout.units):
        return True
    if (
        any(access.use == "write" for access in effects.files)
        or (effects.shell and not effects.installs)
        or effects.wild
        or effects.containers
    ):
        return True
    if any(effects.binds.keys() & cells[own].deletes.keys() for own in layout.owner):
        return True
    if any(_rewrites(cells[own], effects) for own in layout.owner if own > cell):
        return True
    earlier = [cells[own] for own in layout.owner if own < cell]
    if not earlier:
        return False
    own_cells = {found.cell for found in earlier}
    if any(read.sources & own_cells for read in effects.reads.values()):
        return True
    touched = {*effects.binds, *effects.changes, *effects.deletes}
    keys = {key for key, use in effects.ambient.items() if use.sets}
    return any(touched & {*e.binds, *e.changes, *e.deletes} or keys & e.ambient.keys() or e.wild_binds for e in earlier)


def _rewrites(later: Effects, setup: Effects) -> bool:
    """Whether a later cell writes a file that a setup cell reads, so that it would read something else again.

    A folder that the setup cell makes may be filled, but not removed.
    """
    written = [access for access in later.files if access.use == "write"]
    return any(
        accesses_clash(old, new)
        for old in setup.files
        for new in written
        if old.use != "ensure" or not contains(old.path, new.path)
    )


def _with_owner(layout: Layout) -> Layout:
    owner = {cell: unit.name for unit in layout.units for cell in unit.cells}
    units = tuple(sorted(layout.units, key=lambda unit: min(unit.cells or unit.tagged, default=0)))
    return replace(layout, owner=owner, units=units)
