"""Logging, where a handler keeps what it is told: each step has handlers of its own, made by its setup cells."""

from __future__ import annotations

import ast

from nb2pipe.analysis.arguments import Arguments
from nb2pipe.analysis.functions import find_method
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.paths import open_file, path_text
from nb2pipe.analysis.stateful import CHANGES
from nb2pipe.analysis.tables.words import words
from nb2pipe.analysis.values import Value

TELLING = words("debug info warning warn error critical fatal exception log")
CHANGING = words("append clear remove extend pop insert")
STREAMS = frozenset({"buffer", "list"})
MADE = "logging.StreamHandler"


def note_logging(m: Machine, name: str, base: Value, args: Arguments) -> None:
    """Notes what a call of a function of logging, of a logger's method or of one of its lists does.

    Args:
        name: of the function or method.
        base: what it is called on; the module for functions.
    """
    if base.kind == "handlers":
        m.ambient("logging", sees=True, sets=name in CHANGING)
    if name == "basicConfig" and "filename" in args.named:
        made = m.fresh("handler")
        open_log(m, args.named["filename"], args.named.get("filemode"), made)
        args = Arguments(extra=[made])
    if name in ("addHandler", "basicConfig"):
        m.heap.logs.update({item: path for item, path in m.heap.log_files.items() if item in m.heap.reach(args.own)})
        m.heap.keeping.update(item for item in m.heap.reach(args.own) if item in m.heap.storing or _keeps(m, item))
    elif name in TELLING:
        for path in m.heap.logs.values():
            m.access(path, "write")
        if m.heap.keeping:
            m.mutate(m.heap.reach(m.heap.keeping))
            m.effects.told = m.effects.told or m.line


def open_log(m: Machine, path: Value | None, mode: Value | None, handler: Value) -> None:
    """A handler that writes to a file; one that writes on may be made in each step, and is heard of when it is told."""
    if mode is None or mode.const == "a":
        m.heap.log_files.update(dict.fromkeys(handler.own, path_text(path) or "*"))
    else:
        open_file(m, path, mode)


def note_handler(m: Machine, path: str, args: Arguments, made: Value) -> None:
    """Notes that a handler writes to a buffer in memory."""
    stream = args.get(0, "stream")
    if path == MADE and stream is not None and stream.kind in STREAMS:
        m.heap.store(made.own, stream.own)
        m.heap.storing.update(made.own)


def _keeps(m: Machine, item: int) -> bool:
    """Whether an object is a handler of a class of the notebook that changes something when it is told something."""
    made = m.heap.instances.get(item)
    emit = find_method(m, made, "emit") if made is not None else None
    return emit is not None and any(_changes(node) for node in ast.walk(emit.node))


def _changes(node: ast.AST) -> bool:
    if isinstance(node, (ast.AugAssign, ast.Global, ast.Nonlocal)):
        return True
    if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store):
        return True
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in CHANGES
