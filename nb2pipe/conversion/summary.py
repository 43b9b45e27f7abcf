"""What a step does, put together from its cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from nb2pipe.analysis import Effects
from nb2pipe.analysis.effects import FileAccess, Read, Use
from nb2pipe.analysis.live import live_words
from nb2pipe.conversion.layout import Layout
from nb2pipe.conversion.unit import Unit
from nb2pipe.model import Parameter

RANDOM = frozenset({"random", "numpy.random", "torch"})


@dataclass
class Need:
    """A name that a step gets from other steps: the cells that may have made it, and the read that asks first."""

    name: str
    makers: set[int]
    cell: int
    read: Read
    certain: bool


@dataclass
class Summary:
    """What a step needs and does.

    Args:
        needs: names from other steps' own cells, or from setup cells that a step before ran.
        live: names of live things made in a setup cell that other steps' cells used, to those cells.
        made: names that it binds or changes itself, those that every step makes for itself left out.
        sure: names that it binds or changes for certain.
        dynamic: cell with a construct that may read any name, or None.
        shell: cell with a shell command, or None.
        installs: cell that installs packages, or None.
    """

    unit: Unit
    shared: tuple[int, ...]
    needs: dict[str, Need] = field(default_factory=dict)
    live: dict[str, set[int]] = field(default_factory=dict)
    parameters: set[str] = field(default_factory=set)
    parameter_cells: set[int] = field(default_factory=set)
    binds: dict[str, int] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    sure: set[str] = field(default_factory=set)
    eager: dict[str, int] = field(default_factory=dict)
    ambient: dict[str, tuple[Use, int]] = field(default_factory=dict)
    files: list[tuple[FileAccess, int]] = field(default_factory=list)
    urls: list[FileAccess] = field(default_factory=list)
    imports: dict[str, int] = field(default_factory=dict)
    dynamic: int | None = None
    dynamic_binds: bool = False
    shell: int | None = None
    installs: int | None = None

    @property
    def name(self) -> str:
        """The step's name."""
        return self.unit.name


@dataclass(frozen=True)
class Origins:
    """Where setup cells and parameters cells make a name's value the same in every step.

    Args:
        cells: effects by cell.
        layout: the steps.
        parameters: names of parameters.
        carried: (setup cell, name) whose value is carried from the first step that ran the cell.
    """

    cells: dict[int, Effects]
    layout: Layout
    parameters: frozenset[str]
    carried: frozenset[tuple[int, str]]

    def is_shared(self, cell: int) -> bool:
        """Whether a cell is a setup or parameters cell."""
        return cell not in self.layout.owner

    def maker(self, cell: int, name: str) -> str | None:
        """The step that a value made in a cell comes from; None when every step makes it for itself."""
        owner = self.layout.owner.get(cell)
        if owner is not None:
            return owner
        return self.layout.first_runner(cell) if (cell, name) in self.carried else None


def find_origins(cells: dict[int, Effects], layout: Layout, parameters: tuple[Parameter, ...]) -> Origins:
    """Decides which names of setup cells are carried, and which each step makes for itself."""
    names = frozenset(parameter.name for parameter in parameters)
    carried = set()
    changed = {name for cell in layout.owner for name in cells[cell].changes}
    for cell in (*layout.setup, *layout.parameters):
        effects = cells[cell]
        for name in (*effects.binds, *effects.changes):
            value = effects.values.get(name)
            if cell in layout.parameters and name in names and name not in effects.shared:
                continue
            if value is not None and live_words(value):
                continue
            if name not in effects.stable or name in effects.shared or name in changed:
                carried.add((cell, name))
    return Origins(cells, layout, names, frozenset(carried))


def summarize(unit: Unit, origins: Origins) -> Summary:
    """Puts a step together from its setup cells and its own cells."""
    layout = origins.layout
    summary = Summary(unit, layout.shared_cells(unit))
    first = bool(layout.units) and layout.units[0] is unit
    parameters = [c for c in layout.parameters if first or any(c < own for own in unit.cells)]
    for cell in sorted((*parameters, *summary.shared, *unit.cells)):
        effects = origins.cells[cell]
        own = cell in unit.cells
        if cell in parameters and not first:
            continue
        for name, read in effects.reads.items():
            _need(summary, origins, cell, name, read, own=own)
        counts = own or layout.first_runner(cell) == unit.name
        _collect(summary, origins, effects, counts=counts, own=own)
    return summary


def _need(summary: Summary, origins: Origins, cell: int, name: str, read: Read, *, own: bool) -> None:
    makers = set()
    live = _is_live(origins, name, read)
    for source in read.sources:
        if source in origins.layout.parameters:
            if name in origins.parameters:
                summary.parameters.add(name)
            else:
                summary.parameter_cells.add(source)
        maker = origins.maker(source, name)
        if maker is None or maker == summary.name:
            continue
        if live:
            summary.live.setdefault(name, set()).add(source)
        else:
            makers.add(source)
    if not makers:
        return
    before = summary.needs.get(name)
    if before is None:
        summary.needs[name] = Need(name, makers, cell, read, read.certain)
    else:
        before.makers |= makers
        before.certain = before.certain or read.certain


def _is_live(origins: Origins, name: str, read: Read) -> bool:
    """Whether a name is a connection or the like that only setup cells bind."""
    if not live_words(read.value):
        return False
    makers = [cell for cell, effects in origins.cells.items() if name in effects.binds]
    return bool(makers) and all(origins.is_shared(cell) for cell in makers)


def _collect(summary: Summary, origins: Origins, effects: Effects, *, counts: bool, own: bool) -> None:
    cell = effects.cell
    summary.imports.update({name: cell for name in effects.imports if name not in summary.imports})
    summary.eager.update({name: cell for name in effects.eager if name not in summary.eager})
    if effects.wild is not None and summary.dynamic is None:
        summary.dynamic = cell
    if effects.shell is not None and summary.shell is None:
        summary.shell = cell
    summary.files.extend((access, cell) for access in effects.files if own or access.use != "ensure")
    summary.urls.extend(effects.urls)
    if not counts:
        return
    summary.dynamic_binds = summary.dynamic_binds or effects.wild_binds
    summary.installs = cell if effects.installs is not None and summary.installs is None else summary.installs
    for name in (*effects.binds, *effects.changes, *effects.deletes):
        summary.binds.setdefault(name, cell)
        if own or (cell, name) in origins.carried:
            summary.made.add(name)
    summary.sure |= effects.sure
    for key, use in effects.ambient.items():
        if own or key in RANDOM:
            _add_ambient(summary, key, use, cell)


def _add_ambient(summary: Summary, key: str, use: Use, cell: int) -> None:
    before = summary.ambient.get(key)
    if before is None:
        summary.ambient[key] = (use, cell)
    else:
        old, first = before
        sees = old.sees or (use.sees and not (old.sets and not old.sees))
        summary.ambient[key] = (Use(old.line, sees, old.sets or use.sets), first)
