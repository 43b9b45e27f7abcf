"""Imported modules: whether they can be found, and whether those beside the notebook keep state."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

CHANGES = frozenset({"append", "add", "extend", "insert", "pop", "remove", "clear", "appendleft"})


def is_missing(name: str, folder: str) -> bool:
    """Whether no module of this top-level name is installed or stands in the notebook's folder."""
    if not name or name in sys.stdlib_module_names or _is_installed(name):
        return False
    return not any((Path(folder) / found).exists() for found in (f"{name}.py", name))


@cache
def _is_installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def keeps_state(name: str, folder: str) -> tuple[str, int] | None:
    """Where a module beside the notebook changes a variable of its own when its functions are called.

    Args:
        name: top-level module name.
        folder: the notebook's folder.

    Returns:
        The variable and the line, or None. A cache (``d[key] = value``, or a value made once) does not count.
    """
    path = Path(folder) / f"{name}.py"
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return None
    return next(_changes(tree), None)


def _changes(tree: ast.Module) -> Iterator[tuple[str, int]]:
    assigned = [node for node in tree.body if isinstance(node, (ast.Assign, ast.AnnAssign))]
    own = {name for node in assigned for name in _stored(node)}
    for node in ast.walk(tree):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        shared = {name for item in ast.walk(node) if isinstance(item, ast.Global) for name in item.names}
        local = _stored(node)
        local |= {item.arg for item in ast.walk(node) if isinstance(item, ast.arg)}
        for item in ast.walk(node):
            if isinstance(item, ast.AugAssign) and isinstance(item.target, ast.Name) and item.target.id in shared:
                yield item.target.id, item.lineno
            called = item.func if isinstance(item, ast.Call) else None
            if not isinstance(called, ast.Attribute) or called.attr not in CHANGES:
                continue
            if isinstance(called.value, ast.Name) and called.value.id in own - (local - shared):
                yield called.value.id, called.lineno


def _stored(node: ast.AST) -> set[str]:
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)}
