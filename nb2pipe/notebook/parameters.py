"""The parameters of a notebook: literals in the cells tagged ``parameters``."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nb2pipe.errors import Diagnostic
from nb2pipe.model.notebook import Cell, Notebook, Role
from nb2pipe.model.pipeline import Parameter
from nb2pipe.notebook.literals import NotLiteral, is_immutable, literal_value
from nb2pipe.notebook.types import is_of, parse_annotation, read_annotation, type_of, words
from nb2pipe.notebook.values import resolve_parameters

__all__ = ["parse_cell", "read_parameters", "resolve_parameters"]

_LINE_MAGIC = re.compile(r"^(\s*)(?:(?P<names>[A-Za-z_][\w, ]*=)\s*)?[%!](?!=).*$")
_OTHER_CELL_MAGIC = re.compile(r"\s*%%(?!time\b|capture\b)")  # these two run the cell in the notebook's namespace
_TYPE_COMMENT = re.compile(r"^type:\s*(?P<type>[\w.\[\], |]+?)(?:\s{2,}|\s+#\s*|$)(?P<rest>.*)$")
_HARMLESS_CALLS = frozenset({"len", "print", "str", "repr", "bool", "display"})


@dataclass(frozen=True)
class _Binding:
    """One assignment of one name at the top level of the cell."""

    name: str
    value: ast.expr
    annotation: ast.expr | None
    line: int
    end_line: int
    shared: bool


def read_parameters(notebook: Notebook) -> tuple[tuple[Parameter, ...], tuple[Diagnostic, ...]]:
    """The parameters of a notebook, and what is to be said about them.

    A parameter is a name that a parameters cell binds to a JSON literal, and to nothing else. Everything else in the
    cell is ordinary code and stays to the cell. All cells tagged ``parameters`` count, as in Kale; the values of a
    cell ``injected-parameters``, papermill's trace in an executed notebook, take the place of the defaults.

    Args:
        notebook: the notebook as read.

    Returns:
        The parameters in order of appearance, and diagnostics.
    """
    found: dict[str, Parameter] = {}
    diagnostics: list[Diagnostic] = []
    if notebook.language not in ("python", "ipython"):
        return (), ()
    for cell in notebook.cells:
        if cell.tag.role is not Role.PARAMETERS:
            continue
        parameters, more = read_cell(cell)
        diagnostics.extend(more)
        injected = "injected-parameters" in cell.tags
        if injected and parameters:
            message = f"{len(parameters)} values injected by an earlier run count as defaults."
            diagnostics.append(_at(cell, "N2P144", "info", message, "Run the original notebook to have its own."))
        for parameter in parameters:
            known = found.get(parameter.name)
            if known and not (injected and _adjoin(notebook, known.cell_index, cell.index)):
                message = f"Parameter {parameter.name!r} is defined in cell {known.cell_index + 1} too."
                diagnostics.append(_at(cell, "N2P140", "error", message, "Keep one.", parameter.line))
            found[parameter.name] = parameter
    return tuple(found.values()), tuple(diagnostics)


def _adjoin(notebook: Notebook, first: int, second: int) -> bool:
    """Whether no code between two parameters cells could see the values of the first."""
    between = notebook.cells[first + 1 : second]
    return not any(cell.is_code and cell.tag.role not in (Role.PARAMETERS, Role.SKIP) for cell in between)


def read_cell(cell: Cell) -> tuple[list[Parameter], list[Diagnostic]]:
    """The parameters that one cell binds, in order of appearance, and diagnostics about it."""
    tree = parse_cell(cell.source)
    if tree is None:
        message = "The parameters cell cannot be parsed as Python, so no parameters are found in it."
        return [], [_at(cell, "N2P143", "warning", message, "Correct it, or move what is not Python elsewhere.")]
    comments = _comments(cell.source)
    changed = _changed_elsewhere(tree)
    found: dict[str, Parameter] = {}
    notes: list[Diagnostic] = []
    for binding in _bindings(tree):
        try:
            parameter = _parameter(binding, comments, changed, cell.index)
        except NotLiteral as reason:
            found.pop(binding.name, None)
            message = f"{binding.name!r} is not a parameter: {reason}."
            notes.append(_at(cell, "N2P141", "info", message, "The cell computes it as it stands.", binding.line))
            changed.setdefault(binding.name, "it is bound to something else before")
            continue
        if binding.name in found:
            message = f"Parameter {binding.name!r} is bound twice; the last value counts, as in Run All."
            notes.append(_at(cell, "N2P140", "warning", message, "Keep one.", binding.line))
        if not is_of(parameter.default, parameter.type, nullable=parameter.nullable):
            message = f"Default of {binding.name!r} is not {words(parameter.type)}, as its annotation says."
            notes.append(_at(cell, "N2P142", "warning", message, "Correct one of them.", binding.line))
        found[binding.name] = parameter
    return list(found.values()), notes


def parse_cell(source: str) -> ast.Module | None:
    """The cell parsed, with lines of IPython syntax blanked so that line numbers stay; None if it is no Python.

    IPython's own transformer would be exact, but loading it takes longer than all else here, and a magic in this cell
    can bind no parameter.
    """
    if _OTHER_CELL_MAGIC.match(source):
        return None
    for text in (source, _without_magics(source)):
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            continue
    return None


def _without_magics(source: str) -> str:
    lines = source.split("\n")
    if lines and lines[0].startswith("%%"):
        lines[0] = ""
    return "\n".join(_LINE_MAGIC.sub(_blank, line) for line in lines)


def _blank(match: re.Match[str]) -> str:
    return f"{match[1]}{match['names']} object()" if match["names"] else f"{match[1]}pass"


def _bindings(tree: ast.Module) -> Iterator[_Binding]:
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield _binding(node.target, node.value, node, annotation=node.annotation)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _unpack(target, node.value, node, shared=len(node.targets) > 1)


def _unpack(target: ast.expr, value: ast.expr, node: ast.Assign, *, shared: bool) -> Iterator[_Binding]:
    if isinstance(target, ast.Name):
        yield _binding(target, value, node, shared=shared)
    elif isinstance(target, (ast.Tuple, ast.List)):
        names = [item for item in target.elts if isinstance(item, ast.Name)]
        values = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
        if len(names) == len(target.elts) == len(values):
            for name, item in zip(names, values, strict=True):
                yield _binding(name, item, node, shared=shared)
        else:
            for name in names:
                yield _binding(name, value, node, shared=shared)


def _binding(
    target: ast.Name,
    value: ast.expr,
    node: ast.Assign | ast.AnnAssign,
    *,
    annotation: ast.expr | None = None,
    shared: bool = False,
) -> _Binding:
    return _Binding(target.id, value, annotation, node.lineno, node.end_lineno or node.lineno, shared)


def _parameter(binding: _Binding, comments: Mapping[int, str], changed: Mapping[str, str], index: int) -> Parameter:
    if binding.name in changed:
        raise NotLiteral(changed[binding.name])
    value = literal_value(binding.value)
    if not is_immutable(value) and (binding.shared or f"{binding.name}!" in changed):
        raise NotLiteral("the cell uses its list or object elsewhere, so that a copy would not be the same")
    comment, annotation = comments.get(binding.end_line, ""), binding.annotation
    typed = _TYPE_COMMENT.match(comment)
    if typed and annotation is None:
        annotation, comment = parse_annotation(typed["type"]), typed["rest"]
    kind, nullable = read_annotation(annotation)
    return Parameter(
        name=binding.name,
        type=kind or type_of(value),
        default=value,
        help=comment,
        cell_index=index,
        line=binding.line,
        nullable=nullable or annotation is None or value is None,
    )


def _changed_elsewhere(tree: ast.Module) -> dict[str, str]:
    """Names that the cell binds by other means than plain assignment, with the reason.

    A key with ``!`` behind it is a name whose value is used where a list or object could be shared or changed.
    """
    plain = {id(item) for node in tree.body for item in _plain_targets(node)}
    changed: dict[str, str] = {}
    for node in _module_scope(tree):
        for name in _bound_names(node):
            changed[name] = "the cell binds it in another way as well"
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                changed.setdefault(f"{node.id}!", "used")
            elif id(node) not in plain:
                changed[node.id] = "the cell changes it"
    return changed


def _plain_targets(node: ast.stmt) -> Iterator[ast.expr]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    for target in targets:
        yield target
        if isinstance(target, (ast.Tuple, ast.List)):
            yield from target.elts


def _bound_names(node: ast.AST) -> list[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Global):
        return list(node.names)
    return [node.name] if isinstance(node, ast.ExceptHandler) and node.name else []


def _module_scope(tree: ast.AST) -> Iterator[ast.AST]:
    """Nodes whose names are the module's; of inner functions only what they read or declare ``global``."""
    todo = list(ast.iter_child_nodes(tree))
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from (item for item in ast.walk(node) if item is not node and _reaches_out(item))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _HARMLESS_CALLS:
            todo.extend(item for item in ast.iter_child_nodes(node) if not isinstance(item, ast.Name))
        else:
            todo.extend(ast.iter_child_nodes(node))


def _reaches_out(node: ast.AST) -> bool:
    return isinstance(node, ast.Global) or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))


def _comments(source: str) -> dict[int, str]:
    """Comment behind the code of each line, by line from 1."""
    found: dict[int, str] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(_without_magics(source)).readline):
            if token.type == tokenize.COMMENT and token.line[: token.start[1]].strip():
                found[token.start[0]] = token.string.lstrip("#").strip()
    except (tokenize.TokenError, SyntaxError):
        return found
    return found


def _at(cell: Cell, code: str, severity: Any, message: str, hint: str, line: int | None = None) -> Diagnostic:
    return Diagnostic(code, severity, message, hint, cell_index=cell.index, cell_id=cell.id, line=line)
