"""The texts of magics and shell lines: their options, what IPython puts into them, and the code in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.paths import known_text, squeeze
from nb2pipe.analysis.source import parse_source

FIELD = re.compile(r"\{([^{}]+)\}|(?<![\\$])\$([A-Za-z_]\w*)")
OPTION = re.compile(r"\s*(--?)([A-Za-z][\w-]*)(?:=(\S+)|\s+|$)")
WORD = re.compile(r"[^\W\d]\w*")


class Options(NamedTuple):
    """What a magic's line begins with: letters or words to their values, and the rest of the line."""

    given: dict[str, str]
    rest: str


def split_options(line: str, valued: str = "") -> Options:
    """Parts the options of a magic from what they are for.

    Args:
        line: what stands behind the magic's name.
        valued: letters of the options that take a value.
    """
    given: dict[str, str] = {}
    while found := OPTION.match(line):
        name, value = found[2], found[3] or ""
        line = line[found.end() :]
        if found[1] == "-":
            letter, attached = name[0], name[1:]
            if letter in valued:
                if not attached and not value:
                    attached, _, line = line.lstrip().partition(" ")
                given[letter] = attached or value
                continue
        given[name] = value
    return Options(given, line.strip())


def fields_of(text: str) -> Iterator[tuple[str, ast.expr]]:
    """The ``{expression}`` and ``$name`` in a text, each with its tree."""
    for found in FIELD.finditer(text):
        try:
            yield found[0], ast.parse((found[1] or found[2]).strip(), mode="eval").body
        except SyntaxError:
            continue


def read_names(m: Machine, text: str) -> None:
    """IPython puts the values of ``{expression}`` and ``$name`` into commands and magics."""
    for written, tree in fields_of(text):
        for item in ast.walk(tree):
            if isinstance(item, ast.Name):
                known = m.names.module.names.get(item.id)
                if known is not None or written.startswith("{"):
                    with m.guard():
                        m.lookup(item.id, m.line)
                    m.effects.eager.setdefault(item.id, m.line)


def filled_in(m: Machine, text: str) -> str:
    """A text as IPython fills it in, ``*`` for what is not known."""
    for written, tree in fields_of(text):
        with m.guard():
            text = text.replace(written, known_text(m.eval(tree)))
    return squeeze(text)


def read_words(m: Machine, text: str) -> None:
    """Names that a magic such as ``%pinfo`` looks up by itself."""
    for name in WORD.findall(text):
        if name in m.names.module.names or m.wilds:
            with m.guard():
                m.lookup(name, m.line)
            m.effects.eager.setdefault(name, m.line)


@contextmanager
def at_top(m: Machine) -> Iterator[None]:
    """Code that runs in the notebook's own namespace, whatever function asks for it."""
    before, m.frame = m.frame, m.names.module
    try:
        yield
    finally:
        m.frame = before


def run_text(m: Machine, text: str, *, binds: bool = True, offset: int | None = None) -> bool:
    """Runs code in a magic; False when it is no code.

    Args:
        text: the code.
        binds: whether names that it binds stay.
        offset: lines of the cell before the first line of the code; None when all of it is at the running line.
    """
    tree, error = parse_source(text)
    if tree is None:
        line = (error.line if error else 1) + (offset or 0)
        m.finding("N2P201", message=error.message if error else "", at=str(line))
        return False
    for item in ast.walk(tree):
        if isinstance(item, (ast.expr, ast.stmt, ast.excepthandler, ast.pattern, ast.keyword, ast.arg, ast.alias)):
            item.lineno = m.line if offset is None else item.lineno + offset
    with at_top(m):
        _run(m, tree, binds=binds)
    return True


def _run(m: Machine, tree: ast.Module, *, binds: bool) -> None:
    if binds:
        m.run(tree.body)
        return
    before = dict(m.effects.binds)
    m.names.begin()
    m.run(tree.body)
    m.names.undo()
    m.effects.binds = before
