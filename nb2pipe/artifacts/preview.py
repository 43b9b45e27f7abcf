"""A short text about a value, for a person: ``1000 rows x 3 columns``, ``int 3``."""

from __future__ import annotations

import sys
from typing import Any

LENGTH = 60
PLAIN = (bool, int, float, complex, str, bytes, type(None))


def qualified_type(value: Any) -> str:
    """The type's public name, such as ``pandas.DataFrame``; ``builtins`` is left out."""
    cls = type(value)
    module, name = str(cls.__module__), cls.__qualname__
    if module in ("builtins", "__main__"):
        return name
    top = module.partition(".")[0]
    public = getattr(sys.modules.get(top), name, None)
    return f"{top}.{name}" if public is cls else f"{module}.{name}"


def preview(value: Any) -> str:
    """A short text about ``value``; it calls nothing that the notebook defines."""
    cls = type(value)
    if cls in PLAIN:
        return _cut(repr(value) if value is None else f"{cls.__name__} {value!r}")
    if cls.__module__ == "builtins":
        return _builtin(value)
    top = str(cls.__module__).partition(".")[0]
    shape = getattr(value, "shape", None) if top in ("numpy", "pandas", "scipy", "torch", "polars") else None
    if isinstance(shape, tuple) and all(isinstance(each, int) for each in shape):
        return _shape(value, shape)
    return ""


def _builtin(value: Any) -> str:
    if isinstance(value, type):
        return "class"
    if isinstance(value, (list, tuple, set, frozenset, dict, bytearray)):
        noun = "item" if len(value) == 1 else "items"
        return f"{len(value)} {noun}"
    if type(value).__name__ == "module":
        return _cut(f"module {value.__name__}")
    return type(value).__name__


def _shape(value: Any, shape: tuple[int, ...]) -> str:
    if len(shape) == 2 and type(value).__name__ == "DataFrame":
        rows = "row" if shape[0] == 1 else "rows"
        columns = "column" if shape[1] == 1 else "columns"
        return f"{shape[0]} {rows} x {shape[1]} {columns}"
    dtype = f" {value.dtype}" if hasattr(value, "dtype") else ""
    return _cut(" x ".join(str(each) for each in shape) + dtype if shape else f"{value!r}{dtype}")


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LENGTH else text[: LENGTH - 1] + "…"
