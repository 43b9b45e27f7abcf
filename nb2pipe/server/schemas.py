"""JSON schemas of the values that the service answers with, made from the dataclasses themselves."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
TIME: Schema = {"type": "string", "format": "date-time"}
ANYTHING: Schema = {}
_PLAIN: Mapping[Any, Schema] = {str: TEXT, bool: FLAG, int: WHOLE, datetime: TIME, Any: ANYTHING, object: ANYTHING}
# Numbers that JSON does not know (NaN, infinities) go as their names.
_FLOAT: Schema = {"anyOf": [NUMBER, {"enum": ["NaN", "Infinity", "-Infinity"]}]}


def array(items: Schema) -> Schema:
    """A list of such values."""
    return {"type": "array", "items": items}


def mapping(values: Schema) -> Schema:
    """An object with any names."""
    return {"type": "object", "additionalProperties": values}


def nullable(schema: Schema) -> Schema:
    """Such a value, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def record(properties: Mapping[str, Schema], *, optional: tuple[str, ...] = (), title: str = "") -> Schema:
    """An object with exactly these members.

    Args:
        properties: name to schema.
        optional: those that may be missing.
        title: what it is.
    """
    required = [name for name in properties if name not in optional]
    named = {"title": title} if title else {}
    return {
        **named,
        "type": "object",
        "properties": dict(properties),
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


class Schemas:
    """Schemas of dataclasses by name, for the ``components`` of a description; each dataclass is described once."""

    def __init__(self) -> None:
        self.found: dict[str, Schema] = {}

    def of(self, kind: Any) -> Schema:
        """The schema of what :func:`nb2pipe.model.json.to_json` makes of a value of this type.

        Raises:
            TypeError: JSON has nothing for it.
        """
        if kind in _PLAIN:
            return _PLAIN[kind]
        if kind is float:
            return _FLOAT
        if kind is type(None):
            return {"type": "null"}
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return {"type": "string", "enum": [each.value for each in kind]}
        if dataclasses.is_dataclass(kind) and isinstance(kind, type):
            return self.named(kind.__name__, lambda: record(self.fields(kind), title=kind.__name__))
        return self._generic(kind)

    def fields(self, kind: type) -> dict[str, Schema]:
        """Schemas of the fields of a dataclass."""
        hints = get_type_hints(kind)
        names = [field.name for field in dataclasses.fields(kind)]
        return {name: self.of(hints[name]) for name in names}

    def named(self, name: str, make: Any) -> Schema:
        """A reference to a schema of this name, made when it is first asked for."""
        if name not in self.found:
            self.found[name] = {}  # so that a value that holds its own kind ends
            self.found[name] = make()
        return {"$ref": f"#/components/schemas/{name}"}

    def _generic(self, kind: Any) -> Schema:
        origin, inner = get_origin(kind), get_args(kind)
        if origin in (Union, types.UnionType):
            return {"anyOf": [self.of(each) for each in inner]}
        if origin is Literal:
            return {"enum": list(inner)}
        if origin in (tuple, list):
            return array(self.of(inner[0]))
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return mapping(self.of(inner[1]))
        raise TypeError(f"no schema for {kind!r}")
