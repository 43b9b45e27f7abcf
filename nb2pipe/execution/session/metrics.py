"""Values of metrics as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

DEPTH = 8
MISSING = object()


def metrics_of(names: Iterable[str], user_ns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Name and value of every metric that is bound."""
    found = ((name, user_ns.get(name, MISSING)) for name in names)
    return [{"name": name, "value": plain(value)} for name, value in found if value is not MISSING]


def plain(value: Any, depth: int = DEPTH) -> Any:
    """A value as JSON: numbers of any library as Python's own, what JSON has no word for as ``{"type", "repr"}``."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(value)
    if depth and isinstance(value, Mapping):
        return {str(key): plain(item, depth - 1) for key, item in value.items()}
    if depth and isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item, depth - 1) for item in value]
    item = getattr(value, "item", None)
    if (callable(item) and getattr(value, "size", None) == 1) or (hasattr(value, "ndim") and value.ndim == 0):
        try:
            return plain(value.item(), depth - 1) if depth else repr(value)
        except Exception:  # foreign: whatever has an item() that is not NumPy's
            return _described(value)
    return _described(value)


def _described(value: Any) -> dict[str, str]:
    cls = type(value)
    return {"type": f"{cls.__module__}.{cls.__qualname__}", "repr": repr(value)}
