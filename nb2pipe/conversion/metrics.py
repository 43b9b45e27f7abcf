"""Which names a metrics cell names."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb2pipe.analysis.source import parse_source


def metric_names(source: str) -> tuple[str, ...]:
    """Names whose values are recorded: displayed, printed or assigned at the cell's top level.

    A bare name, ``print(name)`` (Kale's form), a tuple or list of names, the values of a dict (``{"acc": acc}``), and
    names that the cell assigns count, in order of appearance.
    """
    tree, _ = parse_source(source)
    if tree is None:
        return ()
    found: dict[str, None] = {}
    for node in tree.body:
        found.update(dict.fromkeys(_named(node)))
    return tuple(name for name in found if not name.startswith("_"))


def _named(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Expr):
        value = node.value
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in ("print", "display"):
            for item in value.args:
                yield from _shown(item)
        else:
            yield from _shown(value)
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _shown(target)
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
        yield from _shown(node.target)


def _shown(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        for item in node.elts:
            yield from _shown(item)
    elif isinstance(node, ast.Dict):
        for item in node.values:
            yield from _shown(item)
    elif isinstance(node, ast.JoinedStr):
        for item in node.values:
            if isinstance(item, ast.FormattedValue):
                yield from _shown(item.value)
