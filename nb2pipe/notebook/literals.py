"""The value of a literal in a parameters cell, where it is a JSON value."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any


class NotLiteral(Exception):
    """The expression is computed, or its value is not JSON; the text says which."""


_ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_FLOAT_WORDS = frozenset({"nan", "inf", "infinity"})
_LARGEST_BITS = 4096


def literal_value(node: ast.expr) -> Any:
    """The JSON value that ``node`` says.

    Arithmetic on numbers (``60 * 60``) and ``float("nan")`` count as literals too.

    Raises:
        NotLiteral: it is computed from names or calls, or is no JSON value (a tuple, a set, bytes ...).
    """
    if isinstance(node, ast.Constant):
        return _constant(node.value)
    if isinstance(node, ast.List):
        return [literal_value(item) for item in node.elts]
    if isinstance(node, ast.Dict):
        return _dict(node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        value = _number(node.operand)
        return -value if isinstance(node.op, ast.USub) else +value
    if isinstance(node, ast.BinOp):
        return _arithmetic(node)
    if isinstance(node, ast.Call):
        return _float_call(node)
    kinds: Mapping[type[ast.expr], str] = {ast.Tuple: "a tuple", ast.Set: "a set"}
    raise NotLiteral(f"it is {kinds[type(node)]}, which JSON has not" if type(node) in kinds else "it is computed")


def is_immutable(value: Any) -> bool:
    """Whether sharing ``value`` under two names can make no difference."""
    return not isinstance(value, (list, dict))


def _constant(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise NotLiteral(f"it is of type {type(value).__name__}, which JSON has not")


def _dict(node: ast.Dict) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            raise NotLiteral("it is computed")
        name = literal_value(key)
        if not isinstance(name, str):
            raise NotLiteral(f"its key {name!r} is not a text, as JSON wants")
        result[name] = literal_value(value)
    return result


def _number(node: ast.expr) -> Any:
    value = literal_value(node)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise NotLiteral("it is computed")
    return value


def _arithmetic(node: ast.BinOp) -> Any:
    work = _ARITHMETIC.get(type(node.op))
    left, right = _number(node.left), _number(node.right)
    if work is None or (work is operator.pow and _bits(left) * abs(right) > _LARGEST_BITS):
        raise NotLiteral("it is computed")
    try:
        value = work(left, right)
    except (ArithmeticError, ValueError) as error:
        raise NotLiteral(f"it raises {type(error).__name__}") from None
    return _constant(value)


def _bits(value: float) -> int:
    return value.bit_length() if isinstance(value, int) else 0


def _float_call(node: ast.Call) -> float:
    """``float("nan")``, ``float("-inf")``: what papermill writes for values that have no literal."""
    plain = isinstance(node.func, ast.Name) and node.func.id == "float" and len(node.args) == 1 and not node.keywords
    word = node.args[0] if plain else None
    if isinstance(word, ast.Constant) and isinstance(word.value, str):
        text = word.value.strip().lower()
        if text.lstrip("+-") in _FLOAT_WORDS:
            return float(text)
    raise NotLiteral("it is computed")
