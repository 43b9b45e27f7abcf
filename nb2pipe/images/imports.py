"""Imports found by parsing, wherever they stand: in functions, in branches, in magics that hold Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from nb2pipe.analysis.commands import split_options
from nb2pipe.analysis.source import parse_source
from nb2pipe.analysis.tables.magics import STATEMENT
from nb2pipe.images.found import Certainty, Found, Import, Place
from nb2pipe.notebook.container_cells import MAGIC, ContainerCellError, read_call

MISSING = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
PYTHON_CELLS = frozenset({"capture", "memit", "prun", "python", "python3", "time", "timeit"})
FRAMES = ("", ".parquet", ".pq", ".arrow", ".feather")
"""Suffixes, none among them, of files in container cells that may hold frames."""

URL = re.compile(r"[a-z][a-z0-9+.-]*://")
PATH_CALLS = ("sys.path.append", "sys.path.insert", "sys.path.extend", "site.addsitedir")


def imports_in(source: str, place: Place, package: str = "") -> Found | None:
    """What a piece of code asks for.

    Args:
        source: as written, magics included.
        place: where it stands; lines are counted from the place's own, or from 1.
        package: dotted name of the package that the code is in, which relative imports refer to.

    Returns:
        None when it is not Python.
    """
    tree, _ = parse_source(source)
    if tree is None:
        return None
    finder = _Finder(place, package)
    finder.look(tree, "always")
    return finder.found


class _Finder:
    def __init__(self, place: Place, package: str) -> None:
        self.found = Found()
        self.place = place
        self.package = package

    def look(self, node: ast.AST, certainty: Certainty) -> None:
        match node:
            case ast.Import():
                for alias in node.names:
                    self.add(alias.name, (), node, certainty)
            case ast.ImportFrom():
                self.import_from(node, certainty)
            case ast.Call():
                self.call(node, certainty)
            case ast.Attribute():
                self.found.attributes.add(node.attr)
            case ast.Constant(value=str(text)) if URL.match(text):
                self.found.texts.add(text)
        for child, how in _children(node, certainty):
            self.look(child, how)

    def at(self, node: ast.AST) -> Place:
        return replace(self.place, line=getattr(node, "lineno", 1) + (self.place.line or 1) - 1)

    def add(self, module: str, names: tuple[str, ...], node: ast.AST, certainty: Certainty) -> None:
        self.found.imports.append(Import(module, names, self.at(node), certainty))

    def inner(self, source: str, node: ast.AST, offset: int) -> None:
        at = self.at(node)
        found = imports_in(source, replace(at, line=(at.line or 1) + offset), self.package)
        if found is not None:
            self.found.add(found)

    def import_from(self, node: ast.ImportFrom, certainty: Certainty) -> None:
        module = node.module or ""
        if node.level:
            parents = self.package.split(".")
            module = ".".join(filter(None, [*parents[: len(parents) - node.level + 1], module]))
        if module and module != "__future__":
            self.add(module, tuple(alias.name for alias in node.names), node, certainty)

    def call(self, node: ast.Call, certainty: Certainty) -> None:
        called = ast.unparse(node.func) if isinstance(node.func, (ast.Name, ast.Attribute)) else ""
        name = called.rpartition(".")[2]
        texts = [item.value for item in node.args if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        if name in ("import_module", "__import__") and texts and not texts[0].startswith("."):
            self.add(texts[0], (), node, certainty)
        elif called in PATH_CALLS:
            self.found.folders += _folders(node)
        elif name == "run_line_magic" and len(texts) == 2:
            self.line_magic(node, *texts)
        elif name == "run_cell_magic" and len(texts) == 3:
            self.cell_magic(node, *texts)

    def line_magic(self, node: ast.Call, name: str, line: str) -> None:
        if name in STATEMENT:
            self.inner(split_options(line, STATEMENT[name]).rest, node, 0)
        elif name == "run":
            self.found.scripts.append(split_options(line, "N").rest.partition(" ")[0].strip("'\""))
        elif name in ("load_ext", "reload_ext") and line.strip().replace(".", "").isidentifier():
            self.add(line.strip(), (), node, "optional")
        elif name in ("matplotlib", "pylab"):
            self.add("matplotlib", (), node, "always")

    def cell_magic(self, node: ast.Call, name: str, line: str, body: str) -> None:
        if name in STATEMENT:
            self.inner(split_options(line, STATEMENT[name]).rest, node, 0)
        if name in PYTHON_CELLS:
            self.inner(body, node, 1)
        elif name in ("writefile", "file"):
            self.found.written[split_options(line).rest.strip("'\"")] = body
        elif name == MAGIC and _may_be_frames(line, body):
            self.add("pandas", (), node, "optional")
            self.add("pyarrow", (), node, "optional")


def _may_be_frames(line: str, body: str) -> bool:
    """Whether a container cell exchanges files that may be Parquet or Arrow."""
    try:
        call = read_call(line, body)
    except ContainerCellError:
        return False
    return any(PurePosixPath(each.path).suffix in FRAMES for each in (*call.inputs, *call.outputs))


def _children(node: ast.AST, certainty: Certainty) -> Iterator[tuple[ast.AST, Certainty]]:
    inner: Certainty = certainty
    if _is_caught(node):
        inner = "optional"
    elif isinstance(node, ast.If):
        if "TYPE_CHECKING" in ast.unparse(node.test):
            yield from ((child, certainty) for child in node.orelse)
            return
        inner = "perhaps" if certainty == "always" else certainty
    yield from ((child, inner) for child in ast.iter_child_nodes(node))


def _is_caught(node: ast.AST) -> bool:
    if isinstance(node, ast.With):
        return any("suppress" in ast.unparse(item.context_expr) for item in node.items)
    return isinstance(node, ast.Try) and any(_catches_missing(handler.type) for handler in node.handlers)


def _catches_missing(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    items = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(ast.unparse(item).rpartition(".")[2] in MISSING for item in items)


def _folders(node: ast.Call) -> Iterator[str]:
    """The literal texts of an argument, joined as a path: ``str(Path("..") / "src")`` is ``../src``."""
    for argument in node.args:
        items = argument.elts if isinstance(argument, (ast.List, ast.Tuple)) else [argument]
        for item in items:
            parts = [part for part in ast.walk(item) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            parts.sort(key=lambda part: (part.lineno, part.col_offset))
            if parts:
                yield "/".join(str(part.value) for part in parts)
