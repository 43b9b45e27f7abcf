"""What is to be said about modules: state that a step leaves in them, and that later steps would not see."""

from __future__ import annotations

from collections.abc import Iterator

from nb2pipe.analysis import Effects
from nb2pipe.analysis.modules import is_touched, uses_module
from nb2pipe.analysis.stateful import IDENTIFIER, keeps_state
from nb2pipe.conversion.diagnose import diagnostic
from nb2pipe.conversion.local import local_findings
from nb2pipe.conversion.summary import Origins
from nb2pipe.errors import Diagnostic
from nb2pipe.model import Notebook, Role

SET_UP = "Put it into a cell tagged `setup`."
ONCE = (
    "Take out of this setup cell what cannot run again in every step: writing a file (a log file may be opened to be "
    "written on, with mode `a`), shell commands, and the use of what steps before it make."
)
NOT_CARRIED = {
    "numpy.errcall": "what NumPy calls on floating-point errors",
    "logging": "the set-up of logging",
    "sys": "`sys`",
    "hooks": "hooks of the interpreter",
    "signals": "what happens on a signal",
    "limits": "limits of the process",
    "atexit": "what is done when the process ends",
    "modules": "a module by loading it again",
    "timezone": "the time zone",
    "ipython": "IPython's configuration",
    "torch.config": "torch's configuration",
}


def module_findings(notebook: Notebook, origins: Origins) -> Iterator[Diagnostic]:
    """What is to be said about modules and the state that they keep."""
    yield from _changed(notebook, origins)
    yield from _stateful(notebook, origins)
    yield from local_findings(notebook, origins)


def _changed(notebook: Notebook, origins: Origins) -> Iterator[Diagnostic]:
    for cell in origins.layout.owner:
        effects = origins.cells[cell]
        if effects.module_stores or effects.ambient or effects.magics or effects.annotates:
            yield from _left_behind(notebook, effects, origins)


def _left_behind(notebook: Notebook, effects: Effects, origins: Origins) -> Iterator[Diagnostic]:
    """State of modules and of IPython that stays in the step that set it."""
    layout = origins.layout
    position = {unit.name: number for number, unit in enumerate(layout.units)}
    cell, step = notebook.cells[effects.cell], layout.owner[effects.cell]
    later = [c for c, other in layout.owner.items() if position[other] > position[step]]
    setups = (each for c, each in origins.cells.items() if c > cell.index and origins.is_shared(c))
    if effects.future is not None and any(each.annotated for each in setups):
        yield diagnostic(
            "N2P209", cell, effects.future, step, what="how annotations are read in setup cells", advice=SET_UP
        )
    if effects.annotates is not None and any(origins.cells[c].asks_annotations for c in later):
        yield diagnostic("N2P209", cell, effects.annotates, step, what="`__annotations__`", advice=SET_UP)
    for module, (name, line) in effects.module_stores.items():
        user = next((c for c in later if is_touched(origins.cells[c], module, name)), None)
        if user is not None:
            words = {"module": module, "name": name, "cell": str(user + 1)}
            yield diagnostic("N2P208", cell, line, layout.owner[user], **words)
    for key, use in effects.ambient.items():
        if use.sets and key in NOT_CARRIED and later:
            advice = ONCE if cell.tag.role is Role.SETUP else SET_UP
            yield diagnostic("N2P209", cell, use.line, step, what=NOT_CARRIED[key], advice=advice)
    for magic, line in effects.magics.items():
        made = next((c for c, e in origins.cells.items() if magic in e.new_magics and c in layout.owner), None)
        if made is not None and layout.owner[made] != step:
            yield diagnostic("N2P222", cell, line, step, magic=magic, made=str(made + 1), source=layout.owner[made])


def _stateful(notebook: Notebook, origins: Origins) -> Iterator[Diagnostic]:
    names = {name for effects in origins.cells.values() for name in effects.imports}
    said = frozenset(word for cell in notebook.cells for word in IDENTIFIER.findall(cell.source))
    roots = [root for effects in origins.cells.values() for root in effects.roots]
    written = {path: text for effects in origins.cells.values() for path, text in effects.sources.items()}
    touched = None
    if not any(effects.skimmed for effects in origins.cells.values()):
        touched = frozenset(place[1] for effects in origins.cells.values() for place in effects.module_touches)
    for name in sorted(names):
        state = keeps_state(name, notebook.folder, said, roots, touched, written)
        if state is None:
            continue
        users = [cell for cell in origins.layout.owner if uses_module(origins.cells[cell], name)]
        first = origins.layout.owner[users[0]] if users else ""
        for cell in users:
            step = origins.layout.owner[cell]
            if step != first:
                words = {"name": name, "variable": state[0], "at": str(state[1]), "source": first}
                yield diagnostic("N2P211", notebook.cells[cell], None, step, **words)
                break
