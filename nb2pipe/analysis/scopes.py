"""Which names are local to a function."""

from __future__ import annotations

import ast
from typing import NamedTuple

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Scope(NamedTuple):
    """A function's own names.

    Args:
        local: parameters and names assigned in it.
        outer: names declared ``global``.
        generator: whether it yields.
    """

    local: frozenset[str]
    outer: frozenset[str]
    generator: bool


def scope_of(node: FunctionNode) -> Scope:
    """Finds the local names of a function by its body, as the compiler does."""
    arguments = node.args
    names = {item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    names.update(item.arg for item in (arguments.vararg, arguments.kwarg) if item is not None)
    finder = _Finder(names)
    for item in node.body if isinstance(node.body, list) else [node.body]:
        finder.look(item)
    return Scope(frozenset(finder.names - finder.outer - finder.shared), frozenset(finder.outer), finder.generator)


class _Finder:
    """Collects bound names of one scope, not of those inside it."""

    def __init__(self, names: set[str]) -> None:
        self.names = names
        self.outer: set[str] = set()
        self.shared: set[str] = set()
        self.generator = False

    def look(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                self.names.add(node.id)
            return
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.names.add(node.name)
            return
        if isinstance(node, ast.Lambda):
            return
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            self.names.update(walrus_names(node))
            return
        self._bindings(node)
        for child in ast.iter_child_nodes(node):
            self.look(child)

    def _bindings(self, node: ast.AST) -> None:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            self.names.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            self.names.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            self.names.add(node.rest)
        elif isinstance(node, ast.Global):
            self.outer.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            self.shared.update(node.names)
        elif isinstance(node, (ast.Yield, ast.YieldFrom)):
            self.generator = True


def walrus_names(node: ast.AST) -> set[str]:
    """Names that ``:=`` binds inside a comprehension, which belong to the scope around it."""
    found: set[str] = set()
    for item in ast.walk(node):
        if isinstance(item, ast.NamedExpr) and isinstance(item.target, ast.Name):
            found.add(item.target.id)
    return found
