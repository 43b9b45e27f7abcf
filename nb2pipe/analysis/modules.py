"""Imported modules: whether they can be found, and which cells use them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from nb2pipe.analysis.effects import Effects
from nb2pipe.analysis.values import ANY, UNKNOWN

EVERYWHERE = {  # where code that names no module sees the change; an empty set stands for any attribute
    "builtins": frozenset[str](),
    "warnings": frozenset[str](),
    "sys": frozenset(
        {"displayhook", "excepthook", "unraisablehook", "breakpointhook", "meta_path", "path_hooks", "modules"}
    ),
}
FRAMES = frozenset({"frame", "series", "index", "groupby", "strings", "indexer", "frameplot"})
KINDS = {  # module to the kinds of values that its classes are
    "pandas": FRAMES,
    "numpy": FRAMES | {"array", "rng"},
    "sklearn": frozenset({"estimator"}),
    "matplotlib": frozenset({"axes"}),
    "seaborn": frozenset({"axes"}),
    "pathlib": frozenset({"path"}),
    "collections": frozenset({"dict", "list"}),
    "logging": frozenset({"logger"}),
    "random": frozenset({"rng"}),
}

_FOUND = set[str]()


def uses_module(effects: Effects, module: str) -> bool:
    """Whether a cell names a module, or something of it."""
    top = module.partition(".")[0]
    if top in effects.imports or any(place[0].partition(".")[0] == top for place in effects.module_reads):
        return True
    return any(
        read.value.kind in ("module", "api") and read.value.detail.partition(".")[0] == top
        for read in effects.reads.values()
    )


def is_touched(effects: Effects, module: str, name: str) -> bool:
    """Whether a cell may see that an attribute of a module, or of a class in it, was set.

    Args:
        effects: of the cell.
        module: dotted path of the module or class.
        name: the attribute.
    """
    if uses_module(effects, module):
        return True
    top = module.partition(".")[0]
    if top in EVERYWHERE and (not EVERYWHERE[top] or module != top or name in EVERYWHERE[top]):
        return True
    foreign = frozenset() if top in sys.stdlib_module_names else frozenset({ANY, UNKNOWN})
    return any(read.value.kind in KINDS.get(top, foreign) | foreign for read in effects.reads.values())


def is_missing(name: str, folder: str) -> bool:
    """Whether no module of this top-level name is installed or stands in the notebook's folder."""
    if not name or name in sys.stdlib_module_names or is_installed(name):
        return False
    return not any((Path(folder) / found).exists() for found in (f"{name}.py", name))


def is_installed(name: str) -> bool:
    """Whether a top-level module is installed; what was not there before may be by now."""
    if name in _FOUND:
        return True
    try:
        found = importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        found = False
    if found:
        _FOUND.add(name)
    return found
