"""Steps that are continued after another step has begun: whether they can run in one piece, and where."""

from __future__ import annotations

from dataclasses import replace

from nb2pipe.analysis import Effects
from nb2pipe.conversion.accesses import accesses_clash
from nb2pipe.conversion.diagnose import diagnostic
from nb2pipe.conversion.layout import Layout
from nb2pipe.conversion.unit import Unit
from nb2pipe.errors import Diagnostic
from nb2pipe.model import Notebook


def arrange(notebook: Notebook, layout: Layout, cells: dict[int, Effects]) -> tuple[Layout, list[Diagnostic]]:
    """An order of whole steps that gives what the cells give in their order.

    A step whose cells stand apart runs where its first cell stands, if none of its later cells minds, else where its
    last one stands, if none of its earlier cells minds; else it is refused.
    """
    problems: list[Diagnostic] = []
    position: dict[str, int] = {}
    for unit in layout.units:
        if not unit.cells:
            position[unit.name] = unit.tagged[0] if unit.tagged else 0
            continue
        between = [c for c in layout.owner if unit.cells[0] < c < unit.cells[-1] and c not in unit.cells]
        position[unit.name] = unit.cells[0]
        if not between:
            continue
        clash = _first_clash(unit, between, cells, forward=False)
        if clash is None:
            continue
        if _first_clash(unit, between, cells, forward=True) is None:
            position[unit.name] = unit.cells[-1]
            continue
        problems.append(_problem(notebook, layout, unit, clash))
    units = tuple(sorted(layout.units, key=lambda unit: position[unit.name]))
    return replace(layout, units=units), problems


def _first_clash(
    unit: Unit, between: list[int], cells: dict[int, Effects], *, forward: bool
) -> tuple[int, int, str] | None:
    for own in unit.cells:
        for other in between:
            if (other > own) if forward else (other < own):
                what = _clash(cells[min(own, other)], cells[max(own, other)])
                if what is not None:
                    return own, other, what
    return None


def _clash(first: Effects, second: Effects) -> str | None:
    """What two cells share so that they cannot change places."""
    writes = {*first.binds, *first.changes, *first.deletes}
    for name, read in second.reads.items():
        if first.cell in read.sources or name in writes:
            return f"`{name}`"
    rewrites = {*second.binds, *second.changes, *second.deletes}
    for name in rewrites:
        if name in writes or name in first.reads:
            return f"`{name}`"
    for key, use in second.ambient.items():
        if key in first.ambient and (use.sets or first.ambient[key].sets):
            return f"the ambient state `{key}`"
    if first.wild or second.wild:
        return first.wild_words or second.wild_words
    if first.shell and second.shell:
        return "shell commands"
    for old in first.files:
        for new in second.files:
            if accesses_clash(old, new):
                return f"the file `{old.path}`"
    return None


def _problem(notebook: Notebook, layout: Layout, unit: Unit, clash: tuple[int, int, str]) -> Diagnostic:
    own, other, what = clash
    return diagnostic(
        "N2P304",
        notebook.cells[own],
        None,
        unit.name,
        step=unit.name,
        other=layout.owner[other],
        own=str(own + 1),
        between=str(other + 1),
        what=what,
    )
