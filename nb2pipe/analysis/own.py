"""nb2pipe's own commands in a cell: ``%nb2pipe`` and ``nb2pipe.panel()``, which a run of the notebook leaves out."""

from __future__ import annotations

from collections.abc import Iterator

from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.values import NONE, Value

MAGIC = "nb2pipe"
PAIRS = frozenset({"-p", "-r", "--parameters", "--parameters_raw"})
"""Options of ``run`` with a name and a value, which may look like a notebook."""


def own_magic(m: Machine, line: str) -> Value:
    """``%nb2pipe line``: in a run it says that it is left out; it may not start the run of another notebook."""
    m.ambient("extensions", sees=True, sets=False)
    command, *rest = line.split() or [""]
    notebook = next(_notebooks(rest), None) if command == "run" else None
    if notebook is None:
        m.finding("N2P225", what=f"%{MAGIC} {command}".rstrip())
    else:
        m.finding("N2P226", notebook=notebook)
    return NONE


def _notebooks(words: list[str]) -> Iterator[str]:
    todo = iter(words)
    for word in todo:
        if word in PAIRS:
            next(todo, None)
            next(todo, None)
        elif not word.startswith("-") and word.strip("'\"").endswith(".ipynb"):
            yield word.strip("'\"")
