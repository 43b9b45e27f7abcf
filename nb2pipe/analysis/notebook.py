"""Goes through a notebook's cells in order and says what each may do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

from nb2pipe.analysis import figures
from nb2pipe.analysis.effects import Effects, Finding
from nb2pipe.analysis.expressions import EXPRESSIONS, other_expression
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.names import BOUND, BUILTINS
from nb2pipe.analysis.source import parse_source
from nb2pipe.analysis.statements import STATEMENTS, other_statement
from nb2pipe.analysis.tables.magics import LINE_MAGICS
from nb2pipe.analysis.values import NOTHING, UNKNOWN, Value

BUDGET = 600
COMMAND = re.compile(r"([A-Za-z_]\w*)(.*)")


@dataclass(frozen=True)
class CodeCell:
    """A cell to analyse.

    Args:
        index: in the notebook.
        source: as written.
        is_setup: whether it runs again in later steps.
        is_parameters: whether the values that it binds are given anew for a run.
    """

    index: int
    source: str
    is_setup: bool = False
    is_parameters: bool = False


def analyse(cells: Iterable[CodeCell], *, folder: str = "") -> tuple[dict[int, Effects], Machine]:
    """What each cell may do, in the order of Run All.

    Args:
        cells: code cells in notebook order.
        folder: the notebook's folder, for star imports of modules beside it.

    Returns:
        Effects by cell index, and the machine in its last state.
    """
    m = Machine(EXPRESSIONS, STATEMENTS, other_expression, other_statement, folder=folder)
    m.keeps_figures = figures.chosen()
    found = {}
    for cell in cells:
        found[cell.index] = _analyse_cell(m, cell)
    _find_shared(m, found)
    return found, m


def _find_shared(m: Machine, found: dict[int, Effects]) -> None:
    """Finds setup names whose object names of steps may hold as well."""
    own_names = {name for effects in found.values() if effects.values for name in effects.binds}
    for effects in found.values():
        for name, value in effects.values.items():
            if value.own and value.kind not in ("function", "class", "method"):
                holders = m.heap.holders(m.heap.reach(value.own))
                bearers = set().union(*(m.bearers.get(item, ()) for item in holders))
                if bearers - own_names:
                    effects.shared.add(name)


def _analyse_cell(m: Machine, cell: CodeCell) -> Effects:
    effects = m.effects = Effects(cell.index)
    m.cell, m.line, m.is_setup = cell.index, 1, cell.is_setup
    m.called.clear()
    m.kept.clear()
    m.mutated = NOTHING
    tree, problem = parse_source(cell.source)
    if tree is None:
        message, line = problem if problem is not None else ("", 1)
        effects.findings.append(Finding("N2P201", line, {"message": message}))
        return effects
    tree = _automagic(m, cell.source, tree)
    m.budget = BUDGET + 10 * len(tree.body)
    effects.displays = _displays(tree, cell.source)
    try:
        effects.ends = m.run(tree.body)
    except RecursionError:
        _give_up(m, tree)
    if effects.ends:
        m.certain = False
    if cell.is_parameters:
        _forget_parts(m, effects)
    _finish(m, effects)
    return effects


def _forget_parts(m: Machine, effects: Effects) -> None:
    """What a parameter holds is only known when it is given."""
    for name in effects.binds:
        if name in m.names.module.names:
            own = m.heap.reach(m.names.module.names[name].value.own)
            m.heap.flat -= own
            for place in m.heap.texts_of(own):
                del m.heap.texts[place]


def _give_up(m: Machine, tree: ast.Module) -> None:
    """Code nested too deeply to follow may read and bind anything."""
    while m.names.journals:
        m.names.undo()
    m.frame, m.depth, m.loops = m.names.module, 0, 0
    m.importing.clear()
    m.stack.clear()
    m.returned.clear()
    m.wild("code nested too deeply to follow", binds=True)
    for node in tree.body:
        for item in ast.walk(node):
            if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store):
                m.bind_global(item.id, Value(UNKNOWN, m.heap.new()), m.line)


def _automagic(m: Machine, source: str, tree: ast.Module) -> ast.Module:
    """A cell of one line that begins with a magic's name is a command, unless that is a name or it assigns."""
    found = COMMAND.match(source.strip())
    if found is None or found[1] not in LINE_MAGICS or m.wilds:
        return tree
    word, rest = found[1], found[2].strip()
    if word in m.names.module.names or word in BUILTINS or (rest.startswith("=") and not rest.startswith("==")):
        return tree
    return ast.parse(f"get_ipython().run_line_magic({word!r}, {rest!r})")


def _displays(tree: ast.Module, source: str) -> bool:
    return bool(tree.body) and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";")


def _finish(m: Machine, effects: Effects) -> None:
    names = m.names.module.names
    own = frozenset((effects.cell,))
    _note_kept(m, effects)
    for name in (*effects.binds, *effects.changes):
        binding = names.get(name)
        if binding is None:
            continue
        if binding.status != BOUND or binding.sources != own:
            read = effects.reads.get(name)
            if read is not None and binding.sources - own <= read.sources:
                # Who comes after this cell comes after the cells that this cell needs as well.
                names[name] = binding._replace(sources=own)
            continue
        effects.sure.add(name)
        if binding.stable:
            effects.stable.add(name)
    if m.is_setup:
        effects.values = {name: names[name].value for name in effects.binds if name in names}


def _note_kept(m: Machine, effects: Effects) -> None:
    """Notes where functions of modules beside the notebook have put functions, classes or objects of its own."""
    for item in m.kept:
        effects.module_touches.add(m.heap.homes[item])
        if any(_is_of_notebook(m, each) for each in m.heap.reach((item,))):
            effects.module_changes.setdefault(m.heap.homes[item], m.line)


def _is_of_notebook(m: Machine, item: int) -> bool:
    function = m.heap.functions.get(item)
    if function is not None:
        return function.frame.top().kind == "module"
    made = m.heap.classes.get(item) or m.heap.instances.get(item)
    return made is not None and made not in m.heap.class_homes
