"""What ``id()`` gave in one step and is looked up by in another, where the same object has another identity."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import TypeGuard

from nb2pipe.analysis.source import parse_source
from nb2pipe.conversion.diagnose import diagnostic
from nb2pipe.conversion.summary import Origins, Summary
from nb2pipe.errors import Diagnostic
from nb2pipe.model import Notebook

ASKED = re.compile(r"\bid\b")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
NOT_KEPT = (ast.Compare, ast.JoinedStr, ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def identity_findings(notebook: Notebook, summaries: list[Summary], origins: Origins) -> Iterator[Diagnostic]:
    """Names that keep identities, read where identities are asked for again, in another step."""
    trees = {cell: tree for cell in origins.cells if (tree := _asks(notebook.cells[cell].source)) is not None}
    if not trees or any("id" in effects.binds for effects in origins.cells.values()):
        return
    asking = _asking(trees, origins)
    kept = {cell: _kept(tree) for cell, tree in trees.items()}
    keepers = {node.name for tree in trees.values() for node in ast.walk(tree) if _is_class(node) and _kept(node)}
    for summary in summaries:
        for cell in summary.unit.cells:
            for name, read in origins.cells[cell].reads.items() if cell in asking else ():
                is_keeper = read.value.kind == "instance" and read.value.detail in keepers
                made = [each for each in sorted(read.sources) if is_keeper or name in kept.get(each, ())]
                source = next((origins.layout.owner[each] for each in made if each in origins.layout.owner), "")
                if source not in ("", summary.name):
                    words = {"name": name, "made": str(made[0] + 1), "source": source}
                    yield diagnostic("N2P227", notebook.cells[cell], read.line, summary.name, **words)


def _asking(trees: Mapping[int, ast.Module], origins: Origins) -> set[int]:
    """Cells that ask for identities, themselves or by functions and classes of the notebook that do."""
    defined = {node.name for tree in trees.values() for node in ast.walk(tree) if isinstance(node, DEFINITIONS)}
    found = set(trees)
    for cell, effects in origins.cells.items():
        if any(name in defined or read.value.detail in defined for name, read in effects.reads.items()):
            found.add(cell)
    return found


def _is_class(node: ast.AST) -> TypeGuard[ast.ClassDef]:
    return isinstance(node, ast.ClassDef)


def _asks(source: str) -> ast.Module | None:
    """The tree of a cell that uses the name ``id``, None for others."""
    tree = parse_source(source)[0] if ASKED.search(source) else None
    return tree if tree is not None and any(_is_id(node) for node in ast.walk(tree)) else None


def _is_id(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "id" and isinstance(node.ctx, ast.Load)


def _kept(tree: ast.AST) -> set[str]:
    """Names bound to something made with identities, or whose method is called with some."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            found.update(name for target in node.targets for name in _roots(target) if _holds(node.value, target))
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
            found.update(_roots(node.target) if node.value is not None and _holds(node.value, node.target) else ())
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _holds(*node.args):
            found.update(_roots(node.func))
    return found


def _holds(*nodes: ast.AST) -> bool:
    """Whether an identity may be in what is made here, rather than only compared or shown."""
    return any(
        _is_id(node) or (not isinstance(node, NOT_KEPT) and _holds(*ast.iter_child_nodes(node))) for node in nodes
    )


def _roots(target: ast.AST) -> Iterator[str]:
    """The names that an assignment binds, or whose object it changes."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, (ast.Attribute, ast.Subscript, ast.Starred)):
        yield from _roots(target.value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for each in target.elts:
            yield from _roots(each)
