"""Assignment to names, elements, attributes and tuples of them."""

from __future__ import annotations

import ast

from nb2pipe.analysis.dynamic import store_namespace_item
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.members import store_attribute, store_element
from nb2pipe.analysis.values import ANY, IMMUTABLE, Value


def assign(m: Machine, target: ast.expr, value: Value, *, stable: bool = False) -> None:
    """Assigns a value to a target."""
    if isinstance(target, ast.Name):
        m.bind(target.id, value, m.at(target), stable=stable)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(m, target.elts, value, stable=stable)
    elif isinstance(target, ast.Starred):
        own = m.heap.new(flat=True)
        m.heap.store(own, value.own)
        assign(m, target.value, Value("list", own), stable=stable)
    elif isinstance(target, ast.Attribute):
        store_attribute(m, m.eval(target.value), target.attr, value)
    elif isinstance(target, ast.Subscript):
        base = m.eval(target.value)
        index = m.eval(target.slice)
        if base.kind == "namespace":
            store_namespace_item(m, index, value)
        else:
            store_element(m, base, index, value)


def _unpack(m: Machine, targets: list[ast.expr], value: Value, *, stable: bool) -> None:
    plain = not any(isinstance(item, ast.Starred) for item in targets)
    if value.items is not None and plain and len(value.items) == len(targets):
        for target, item in zip(targets, value.items, strict=True):
            assign(m, target, item, stable=stable)
        return
    for target in targets:
        assign(m, target, _piece(m, value), stable=stable)


def _piece(m: Machine, value: Value) -> Value:
    if value.kind == "split":
        return m.fresh("frame" if value.detail == "frame" else ANY)
    if value.kind == "axes":
        return value
    if value.kind in IMMUTABLE:
        return Value("scalar")
    if value.kind in ("iterator", "?"):
        m.mutate(value.own)
    return m.part(value._replace(items=None))
