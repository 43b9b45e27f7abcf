"""Values of the model as JSON, and back."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_json(value: Any) -> Any:
    """A value of the model as JSON-ready data: dataclasses as objects, times as ISO 8601 text.

    Args:
        value: a dataclass of the model, or anything made of them and plain data.

    Raises:
        TypeError: the value holds something that JSON cannot.
    """
    if isinstance(value, StrEnum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise TypeError(f"{type(value).__name__!r} is not JSON")


def from_json(cls: type[T], data: Any) -> T:
    """The inverse of :func:`to_json` for one dataclass of the model.

    Unknown fields are ignored, missing ones take their defaults, so that newer and older records can be read.

    Raises:
        TypeError: a field without default is missing, or ``data`` is not an object.
    """
    result: T = _read(cls, data)
    return result


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _read(kind: Any, data: Any) -> Any:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        names = {f.name for f in dataclasses.fields(kind)}
        return kind(**{key: _read(hints[key], item) for key, item in data.items() if key in names})
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if data is None:
            return None
        return _read(_choice([arg for arg in get_args(kind) if arg is not type(None)], data), data)
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in data)
    if origin is Literal:
        return data
    if isinstance(kind, type) and issubclass(kind, datetime):
        return datetime.fromisoformat(data)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(data)
    return data


def _choice(kinds: list[Any], data: Any) -> Any:
    """Of several dataclasses the one whose ``kind`` the data names."""
    if len(kinds) == 1:
        return kinds[0]
    named = {_hints(kind)["kind"].__args__[0]: kind for kind in kinds}
    wanted = data.get("kind") if isinstance(data, dict) else None
    if wanted not in named:
        raise TypeError(f"of no known kind: {wanted!r}; known are {', '.join(named)}")
    return named[wanted]
