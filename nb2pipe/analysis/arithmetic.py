"""Values that operators make."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from nb2pipe.analysis.calls import touch
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.paths import join_paths, known_text, squeeze
from nb2pipe.analysis.values import ANY, IMMUTABLE, SCALAR, TEXT, Value

SPREADS = ("frame", "series", "array", "index")
FOLDS: dict[type, Callable[[Any, Any], Any]] = {ast.Add: operator.add, ast.Sub: operator.sub}


def combine(m: Machine, left: Value, right: Value, op: ast.operator) -> Value:
    """The value of ``left op right``."""
    touch(m, left)
    touch(m, right)
    for kind in SPREADS:
        if kind in (left.kind, right.kind):
            return m.fresh(kind)
    if isinstance(op, ast.Div) and "path" in (left.kind, right.kind):
        return join_paths(left, right)
    if left.kind in ("str", "path"):
        return _text_of(left, right, op)
    if left.kind in IMMUTABLE and right.kind in IMMUTABLE:
        return _fold(left, right, op)
    kind = left.kind if left.kind in ("list", "tuple", "set", "dict", "scalar") and left.kind == right.kind else ANY
    own = m.heap.new(flat=kind != ANY)
    if left.kind not in ("instance",):
        m.heap.store(own, m.heap.parts(left.own) | m.heap.parts(right.own))
    return Value(kind, own)


def _text_of(left: Value, right: Value, op: ast.operator) -> Value:
    if isinstance(op, ast.Add):
        return Value("str", const=squeeze(known_text(left) + known_text(right)))
    if isinstance(op, ast.Mod) and isinstance(left.const, str) and "%" in left.const:
        return Value("str", const=squeeze(left.const.partition("%")[0] + "*"))
    return TEXT


def _fold(left: Value, right: Value, op: ast.operator) -> Value:
    fold = FOLDS.get(op.__class__)
    if fold is not None and isinstance(left.const, (int, float)) and isinstance(right.const, (int, float)):
        return Value("scalar", const=fold(left.const, right.const))
    return SCALAR
