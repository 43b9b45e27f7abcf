"""Calls that name names: ``eval``, ``exec``, ``globals`` and their like."""

from __future__ import annotations

import ast
from collections.abc import Callable

from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.magics import ipython_call
from nb2pipe.analysis.values import ANY, NONE, SCALAR, Value, is_known

SPACES = frozenset({"builtins.globals", "builtins.locals", "builtins.vars", "builtins.dir"})


def special_call(m: Machine, path: str, node: ast.Call) -> Value | None:
    """A call of a built-in that reaches names by text; None for all other calls."""
    handler = _HANDLERS.get(path)
    return handler(m, node) if handler is not None else None


def special_method(m: Machine, base: Value, func: ast.Attribute, node: ast.Call) -> Value | None:
    """A method call on the namespace or on IPython itself; None for all others."""
    if base.kind == "namespace":
        return _namespace_method(m, func.attr, node)
    if base.kind == "ipython":
        return ipython_call(m, func.attr, node)
    return None


def _is_global(m: Machine) -> bool:
    return m.frame.find("") is None and m.frame.kind in ("module", "comprehension") and m.depth == 0


def _evaluate(m: Machine, node: ast.Call) -> Value:
    values = [m.eval(item) for item in node.args]
    for keyword in node.keywords:
        values.append(m.eval(keyword.value))
    text = values[0].const if values else None
    if values and isinstance(text, str) and is_known(values[0]):
        tree = _parse(text)
        if tree is None:
            return Value(ANY, m.heap.new())
        if len(values) > 1:
            return Value(ANY, m.heap.new())
        return _run(m, tree)
    if len(values) > 1 and all(value.kind == "dict" for value in values[1:2]):
        return Value(ANY, m.heap.new())
    m.wild(f"`{getattr(node.func, 'id', 'eval')}` of a text that is only known when it runs", binds=True)
    return Value(ANY, m.heap.new())


def _parse(text: str) -> ast.Module | None:
    try:
        return ast.parse(text.strip())
    except SyntaxError:
        return None


def _run(m: Machine, tree: ast.Module) -> Value:
    line = m.line
    for item in ast.walk(tree):
        if hasattr(item, "lineno"):
            item.lineno = line
    if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr):
        return m.eval(tree.body[0].value)
    m.run(tree.body)
    return NONE


def _space(m: Machine, node: ast.Call) -> Value | None:
    if node.args:
        return None
    name = getattr(node.func, "id", "globals")
    if m.is_in_file():
        return Value("dict", m.heap.new())
    if name != "globals" and not _is_global(m):
        return Value("dict", m.heap.new())
    return Value("namespace", detail=name)


def _namespace_method(m: Machine, name: str, node: ast.Call) -> Value | None:
    if name in ("get", "pop", "setdefault", "__getitem__") and node.args:
        key = m.eval(node.args[0])
        if isinstance(key.const, str) and "*" not in key.const:
            for item in node.args[1:]:
                m.eval(item)
            with m.guard():
                value = m.lookup(key.const, m.line)
            m.effects.eager.setdefault(key.const, m.line)
            if name != "get":
                m.bind_global(key.const, value, m.line)
            return value
    for item in node.args:
        m.eval(item)
    m.wild(f"`globals().{name}`", binds=name in ("update", "pop", "setdefault", "clear", "__setitem__"))
    return Value(ANY, m.heap.new())


def namespace_item(m: Machine, key: Value, *, guarded: bool = False) -> Value:
    """``globals()[key]`` and ``key in globals()``."""
    if isinstance(key.const, str) and "*" not in key.const:
        m.effects.eager.setdefault(key.const, m.line)
        if guarded:
            with m.guard():
                return m.lookup(key.const, m.line)
        return m.lookup(key.const, m.line)
    m.wild("`globals()` with a name that is only known when it runs", binds=False)
    return Value(ANY, m.heap.new())


def store_namespace_item(m: Machine, key: Value, value: Value) -> None:
    """``globals()[key] = value``."""
    if isinstance(key.const, str) and "*" not in key.const:
        m.bind_global(key.const, value, m.line)
    else:
        m.wild("`globals()[...] = ...` with a name that is only known when it runs", binds=True)


def _input(m: Machine, node: ast.Call) -> Value:
    for item in node.args:
        m.eval(item)
    m.impure += 1
    return SCALAR


_HANDLERS: dict[str, Callable[[Machine, ast.Call], Value | None]] = {
    "builtins.eval": _evaluate,
    "builtins.exec": _evaluate,
    "builtins.input": _input,
    **dict.fromkeys(SPACES, _space),
}
