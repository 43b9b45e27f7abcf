"""Types of parameters: from annotations, from values, and whether a value is of one."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, get_args

from nb2pipe.model.pipeline import ParameterType

_NAMES: Mapping[str, ParameterType] = {
    "int": "int",
    "float": "float",
    "str": "str",
    "bool": "bool",
    "list": "list",
    "List": "list",
    "Sequence": "list",
    "Iterable": "list",
    "Collection": "list",
    "dict": "dict",
    "Dict": "dict",
    "Mapping": "dict",
    "MutableMapping": "dict",
    "Any": "any",
    "object": "any",
    "None": "none",
}
_WORDS: Mapping[ParameterType, str] = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "list": "a list",
    "dict": "an object",
    "none": "any JSON value",
    "any": "any JSON value",
}
KNOWN = get_args(ParameterType)


def type_of(value: Any) -> ParameterType:
    """The type of a JSON value."""
    if value is None:
        return "none"
    found: ParameterType = _NAMES[type(value).__name__]
    return found


def words(kind: ParameterType) -> str:
    """The type in words for a message: ``a whole number``."""
    return _WORDS[kind]


def is_of(value: Any, kind: ParameterType, *, nullable: bool = False) -> bool:
    """Whether a JSON value may be given for a parameter of type ``kind``; a whole number may be for a ``float``."""
    if kind in ("any", "none") or (value is None and nullable):
        return True
    if kind == "float" and type(value) is int:
        return True
    return type_of(value) == kind


def read_annotation(node: ast.expr | None) -> tuple[ParameterType | None, bool]:
    """The type that an annotation says, and whether it allows None.

    Returns:
        The type, or None where the annotation says none that JSON has (``Path``, ``np.ndarray``).
    """
    members = _members(node) if node is not None else []
    kinds = {_NAMES.get(member) for member in members} - {"none"}
    nullable = "None" in members
    if not kinds:
        return ("none" if nullable else None), nullable
    if kinds == {"int", "float"}:
        return "float", nullable
    if len(kinds) == 1:
        return kinds.pop(), nullable
    return "any", nullable


def parse_annotation(text: str) -> ast.expr | None:
    """An annotation given as text, as in ``"int | None"`` or a type comment; None if it cannot be parsed."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return None


def _members(node: ast.expr) -> list[str]:
    """Names of the types in a union; one for anything else."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _members(node.left) + _members(node.right)
    if isinstance(node, ast.Subscript):
        return _subscript(node)
    if isinstance(node, ast.Attribute):
        return [node.attr]
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            inner = parse_annotation(node.value)
            return _members(inner) if inner is not None else [node.value]
        return ["None"] if node.value is None else ["?"]
    return [node.id] if isinstance(node, ast.Name) else ["?"]


def _subscript(node: ast.Subscript) -> list[str]:
    name = _members(node.value)[0]
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Optional":
        return [*_members(inner[0]), "None"]
    if name == "Union":
        return [member for item in inner for member in _members(item)]
    if name in ("Annotated", "Final", "ClassVar"):
        return _members(inner[0])
    if name == "Literal":
        return [
            type(item.value).__name__.replace("NoneType", "None") for item in inner if isinstance(item, ast.Constant)
        ]
    return [name]
