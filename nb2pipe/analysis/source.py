"""Source of a cell as a syntax tree, IPython's own syntax included; lines are those of the cell as written."""

from __future__ import annotations

import ast
import difflib
import re
import warnings
from functools import cache
from typing import Any, NamedTuple

from nb2pipe.analysis.tables.magics import LINE_MAGICS

MAGIC_LINE = re.compile(r"^(\s*)([%!]{1,2})\s*(.*)$")
ASSIGNED = re.compile(r"^(\s*)([\w.,\[\]'\" ]+?)\s*=\s*([%!])\s*(.+)$")
CELL_MAGIC = re.compile(r"^\s*%%(\w[\w.]*|!)[ \t]*(.*)$")


class SyntaxProblem(NamedTuple):
    """Why a cell is not Python: message and line from 1."""

    message: str
    line: int


def parse_source(source: str) -> tuple[ast.Module | None, SyntaxProblem | None]:
    """The tree of a cell, magics and shell lines as calls of ``get_ipython()``; or why there is none."""
    tree = _parse(source)
    if isinstance(tree, ast.Module):
        return tree, None
    magic = _cell_magic(source)
    if magic is not None:
        return magic, None
    quick = _parse(_translated(source)) if _is_simple(source) else None
    if isinstance(quick, ast.Module):
        return quick, None
    return _by_ipython(source, tree)


def _parse(source: str) -> ast.Module | SyntaxProblem:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = compile(source, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError as error:
        return SyntaxProblem(error.msg or "invalid syntax", error.lineno or 1)
    except (ValueError, RecursionError, MemoryError) as error:
        return SyntaxProblem(str(error) or type(error).__name__, 1)
    assert isinstance(tree, ast.Module)
    return tree


def _cell_magic(source: str) -> ast.Module | None:
    lines = source.split("\n")
    skipped = 0
    while lines and not lines[0].strip():
        lines.pop(0)
        skipped += 1
    found = CELL_MAGIC.match(lines[0]) if lines else None
    if found is None:
        return None
    body = "\n".join(lines[1:])
    text = f"get_ipython().run_cell_magic({found[1]!r}, {found[2]!r}, {body!r})"
    tree = ast.parse(text)
    return ast.increment_lineno(tree, skipped) if skipped else tree


def _is_simple(source: str) -> bool:
    return not any(line.rstrip().endswith("\\") and MAGIC_LINE.match(line) for line in source.split("\n"))


def _translated(source: str) -> str:
    return "\n".join(_translate_line(line) for line in source.split("\n"))


def _translate_line(line: str) -> str:
    found = MAGIC_LINE.match(line)
    if found is not None:
        indent, mark, rest = found[1], found[2], found[3]
        if mark.startswith("!"):
            method = "getoutput" if mark == "!!" else "system"
            return f"{indent}get_ipython().{method}({rest!r})"
        name, _, argument = rest.partition(" ")
        return f"{indent}get_ipython().run_line_magic({name!r}, {argument.strip()!r})" if mark == "%" else line
    assigned = ASSIGNED.match(line)
    if assigned is not None:
        indent, target, mark, rest = assigned[1], assigned[2], assigned[3], assigned[4]
        if mark == "!":
            return f"{indent}{target} = get_ipython().getoutput({rest!r})"
        name, _, argument = rest.partition(" ")
        return f"{indent}{target} = get_ipython().run_line_magic({name!r}, {argument.strip()!r})"
    stripped = line.strip()
    if (stripped.endswith("?") or stripped.startswith("?")) and not stripped.startswith("#"):
        name = stripped.strip("?")
        return f"{line[: len(line) - len(line.lstrip())]}get_ipython().run_line_magic('pinfo', {name!r})"
    return line


def _by_ipython(source: str, first: ast.Module | SyntaxProblem) -> tuple[ast.Module | None, SyntaxProblem | None]:
    assert isinstance(first, SyntaxProblem)
    single = source.strip()
    word, _, rest = single.partition(" ")
    if "\n" not in single and word in LINE_MAGICS:
        return ast.parse(f"get_ipython().run_line_magic({word!r}, {rest!r})"), None
    try:
        text = _transformer().transform_cell(source)
    except SyntaxError as error:
        return None, SyntaxProblem(error.msg or "invalid syntax", error.lineno or 1)
    tree = _parse(text)
    lines = _line_map(source, text)
    if isinstance(tree, SyntaxProblem):
        return None, SyntaxProblem(tree.message, lines.get(tree.line, tree.line))
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            node.lineno = lines.get(node.lineno, node.lineno)
    return tree, None


@cache
def _transformer() -> Any:
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager()


def _line_map(source: str, text: str) -> dict[int, int]:
    """Lines of the transformed text to lines of the source, both from 1."""
    old, new = source.split("\n"), text.rstrip("\n").split("\n")
    stripped = [line.strip() for line in old]
    matcher = difflib.SequenceMatcher(None, [line.strip() for line in new], stripped, autojunk=False)
    found: dict[int, int] = {}
    last = 0
    for tag, start, end, other, other_end in matcher.get_opcodes():
        for offset in range(end - start):
            line = other + offset + 1 if tag == "equal" else min(other + offset + 1, max(other_end, last + 1))
            found[start + offset + 1] = last = min(line, len(old))
    return found
