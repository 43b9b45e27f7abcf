"""Names that code needs in the namespace before it runs, because it will not ask for them by looking them up.

Python asks for a name when it reads it. It does not when it deletes it, when it walks the namespace itself
(``globals()``, ``dir()``, ``%who``), or when a library reads a text and looks names up on its own
(``df.query("a > @x")``, SQL on frames, formulas, ``!echo $x``).
"""

from __future__ import annotations

import ast
import opcode
import re
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from nb2pipe.execution.session.walking import WALKERS, walked_names

WORD = re.compile(r"[^\W\d]\w*")
SHELL_NAME = re.compile(r"\$\{?\s*([^\W\d]\w*)|\{([^{}]*)\}")
WALKERS_WITHOUT_ARGUMENTS = frozenset({"locals", "vars", "dir"})
BY_KEY = frozenset({"get", "pop", "setdefault"})
WALKING_MAGICS = frozenset(
    {"who", "whos", "who_ls", "reset", "reset_selective", "store", "xdel", "psearch", "macro", "run", "logstart"}
)
TEXT_MAGICS = frozenset(
    {"bash", "sh", "script", "html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG", "writefile", "file"}
    | {"perl", "ruby", "system", "sx", "!", "cmd"}
)
SHOWING = frozenset(
    {"print", "display", "Markdown", "HTML", "title", "xlabel", "ylabel", "zlabel", "set_title", "set_xlabel", "text"}
    | {
        "set_ylabel",
        "set_zlabel",
        "suptitle",
        "legend",
        "annotate",
        "format",
        "join",
        "split",
        "startswith",
        "endswith",
    }
    | {"replace", "strip", "write", "info", "debug", "warning", "error", "critical", "exception", "warn", "input"}
    | {"add_argument", "figtext", "set_label", "progress", "tqdm", "Exception", "ValueError", "TypeError", "KeyError"}
    | {"RuntimeError", "AssertionError", "strftime", "strptime", "date_range", "compile", "match", "search", "findall"}
)
SHOWN_KEYWORDS = frozenset({"label", "title", "help", "description", "desc", "end", "sep", "name", "format", "caption"})
READERS_OF_TEXT = frozenset(
    {"query", "eval", "sql", "execute", "ols", "logit", "probit", "glm", "gls", "wls", "rlm", "mixedlm", "gee", "phreg"}
    | {"from_formula", "dmatrix", "dmatrices", "read_sql", "sqldf", "exec", "evaluate"}
)
DELETE_GLOBAL = opcode.opmap["DELETE_GLOBAL"]
EXTENDED_ARG = opcode.opmap["EXTENDED_ARG"]


@dataclass
class Needs:
    """What code needs beforehand.

    Args:
        names: words that, where they are names that stand ready, must be put in.
        everything: whether all names must be.
        submodules: modules inside packages that it imports by their full name.
    """

    names: set[str] = field(default_factory=set)
    everything: bool = False
    submodules: set[str] = field(default_factory=set)


def needs_of_cell(source: str, transform: Callable[[str], str]) -> Needs:
    """What a cell needs.

    Args:
        source: the cell as written.
        transform: IPython's own transformer.
    """
    needs = Needs()
    _read_source(source, transform, needs)
    return needs


def needs_of_code(code: types.CodeType) -> Needs:
    """What a function that comes from an earlier step needs."""
    needs = Needs()
    todo = [code]
    while todo:
        each = todo.pop()
        todo += [inner for inner in each.co_consts if isinstance(inner, types.CodeType)]
        needs.names.update(_deleted_globals(each))
        walked = walked_names(each)
        needs.names |= walked or set()
        needs.everything = needs.everything or walked is None or "__main__" in each.co_consts
        if READERS_OF_TEXT & set(each.co_names):
            for text in each.co_consts:
                if isinstance(text, str):
                    needs.names.update(WORD.findall(text))
    return needs


def _deleted_globals(code: types.CodeType) -> Iterator[str]:
    argument = 0
    for operation, value in zip(code.co_code[::2], code.co_code[1::2], strict=True):
        argument = argument << 8 | value
        if operation == DELETE_GLOBAL:
            yield code.co_names[argument]
        if operation != EXTENDED_ARG:
            argument = 0


def _read_source(source: str, transform: Callable[[str], str], needs: Needs) -> None:
    try:
        tree = ast.parse(transform(source))
    except (SyntaxError, ValueError):
        return
    _Reader(transform, needs).visit(tree)


class _Reader(ast.NodeVisitor):
    """Walks a cell for what it needs."""

    def __init__(self, transform: Callable[[str], str], needs: Needs) -> None:
        self._transform = transform
        self._needs = needs
        self._depth = 0

    def visit_Delete(self, node: ast.Delete) -> None:
        """``del x``."""
        for target in node.targets:
            self._needs.names.update(each.id for each in ast.walk(target) if isinstance(each, ast.Name))
            self.visit(target)

    def visit_Import(self, node: ast.Import) -> None:
        """``import a.b``."""
        self._imports(each.name for each in node.names)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """``from a import b``, where ``b`` may be a module too."""
        if node.module and not node.level:
            self._imports([node.module, *(f"{node.module}.{each.name}" for each in node.names)])

    def _imports(self, names: Iterable[str]) -> None:
        for name in names:
            if name.partition(".")[0] == "__main__":
                self._needs.everything = True
            if "." in name:
                self._needs.submodules.add(name)

    def visit_Expr(self, node: ast.Expr) -> None:
        """An expression as a statement; a text alone is a comment."""
        if not isinstance(node.value, ast.Constant):
            self.visit(node.value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """``x["a text"]``: the text is a key; ``globals()["name"]`` asks for that name alone."""
        if self._is_walker(node.value) and _text(node.slice):
            if not isinstance(node.ctx, ast.Store):
                self._needs.names.add(_text(node.slice))
            return
        self.visit(node.value)
        if not isinstance(node.slice, ast.Constant):
            self.visit(node.slice)

    def visit_Compare(self, node: ast.Compare) -> None:
        """``"name" in globals()`` asks for that name alone."""
        if isinstance(node.ops[0], (ast.In, ast.NotIn)) and self._is_walker(node.comparators[0]) and _text(node.left):
            self._needs.names.add(_text(node.left))
            return
        self.generic_visit(node)

    def _inner(self, node: ast.AST) -> None:
        self._depth += 1
        self.generic_visit(node)
        self._depth -= 1

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """An annotation kept as text: ``dataclass`` and its like look for its names without asking for them."""
        for each in ast.walk(node.annotation):
            text = each.id if isinstance(each, ast.Name) else _text(each)
            self._needs.names.update(WORD.findall(text or ""))
        if node.value is not None:
            self.visit(node.value)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _inner

    def _is_walker(self, node: ast.AST) -> bool:
        """Whether a call gives the whole namespace; ``locals()`` inside a function does not."""
        if not isinstance(node, ast.Call):
            return False
        name = _called(node)
        return name in WALKERS or (name in WALKERS_WITHOUT_ARGUMENTS and not node.args and not self._depth)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """An f-string: what stands between its fields may be read by a library too."""
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """``raise E("a text")``: the text is for people."""

    def visit_Constant(self, node: ast.Constant) -> None:
        """A text of several words, or one with ``@``, may be read by a library."""
        if not isinstance(node.value, str):
            return
        if node.value == "__main__":
            self._needs.everything = True
        words = WORD.findall(node.value)
        if words and words[0] != node.value.strip():
            self._needs.names.update(words)

    def visit_Call(self, node: ast.Call) -> None:
        """A call: some walk the namespace, some only show their texts."""
        name = _called(node)
        if name in ("run_line_magic", "run_cell_magic", "system", "getoutput"):
            self._magic(name, [_text(each) for each in node.args])
            return
        if self._is_walker(node):
            self._needs.everything = True
        if name in BY_KEY and self._is_walker(getattr(node.func, "value", node)) and node.args and _text(node.args[0]):
            self._needs.names.add(_text(node.args[0]))
            return
        if name in READERS_OF_TEXT:
            for each in ast.walk(node):
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    self._needs.names.update(WORD.findall(each.value))
        self.visit(node.func)
        for value in node.args:
            if not (name in SHOWING and isinstance(value, (ast.Constant, ast.JoinedStr))):
                self.visit(value)
            elif isinstance(value, ast.JoinedStr):
                self._fields(value)
        for keyword in node.keywords:
            if keyword.arg not in SHOWN_KEYWORDS or not isinstance(keyword.value, (ast.Constant, ast.JoinedStr)):
                self.visit(keyword.value)

    def _fields(self, text: ast.JoinedStr) -> None:
        for value in text.values:
            if isinstance(value, ast.FormattedValue):
                self.visit(value.value)

    def _magic(self, call: str, texts: list[str]) -> None:
        if call in ("system", "getoutput"):
            self._needs.names.update(_shell_names(" ".join(texts)))
            return
        name, line = texts[0], texts[1] if len(texts) > 1 else ""
        if name in WALKING_MAGICS and (name != "run" or "-i" in line.split()):
            self._needs.everything = True
        self._needs.names.update(WORD.findall(line))
        if call == "run_cell_magic" and len(texts) > 2:
            before = len(self._needs.names)
            if name not in TEXT_MAGICS:
                _read_source(texts[2], self._transform, self._needs)
                if len(self._needs.names) == before and not _is_python(texts[2], self._transform):
                    self._needs.names.update(WORD.findall(texts[2]))


def _is_python(source: str, transform: Callable[[str], str]) -> bool:
    try:
        ast.parse(transform(source))
    except (SyntaxError, ValueError):
        return False
    return True


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _text(node: Any) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _shell_names(line: str) -> Iterator[str]:
    for dollar, braces in SHELL_NAME.findall(line):
        yield from WORD.findall(dollar or braces)
