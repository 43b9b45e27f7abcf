"""Types of parameters in Kubeflow, and values as they come back from there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from nb2pipe.model import Parameter

KINDS = {
    "int": "NUMBER_INTEGER",
    "float": "NUMBER_DOUBLE",
    "str": "STRING",
    "bool": "BOOLEAN",
    "list": "LIST",
    "dict": "STRUCT",
}
"""Kubeflow's name of each type of parameter that it has."""
MOST_EXACT = 2**53 - 1
"""Up to here a float that is whole can have been one integer alone."""


def value_of(parameter: Parameter, given: Mapping[str, Any]) -> Any:
    """The value of a parameter for a step, of the type that the notebook declares.

    Kubeflow hands every number over as a float. So whole numbers become integers again where the parameter is one; in
    lists and dicts they take the type that the default has at that place, and integers where it has none. It also hands
    the keys of dicts over in any order: they come as in the default, and those that it has not by name.

    Args:
        parameter: as declared in the notebook.
        given: values by name as they came; one that is missing has its default.

    Raises:
        ValueError: a whole number is so big that it may have been another one when it was sent.
    """
    if parameter.name not in given:
        return parameter.default
    return _like(parameter.default, given[parameter.name], parameter.type)


def unsendable(value: Any) -> int | float | None:
    """A number in a value that would not arrive as it is: an integer that a float rounds, or no number of JSON."""
    if isinstance(value, (list, dict)):
        inner = value.values() if isinstance(value, dict) else value
        return next((found for each in inner if (found := unsendable(each)) is not None), None)
    if isinstance(value, float):
        return None if math.isfinite(value) else value
    return value if isinstance(value, int) and abs(value) > MOST_EXACT else None


def _like(default: Any, value: Any, kind: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float, list, dict)):
        return value
    if isinstance(value, list):
        inner = default if isinstance(default, list) else []
        first = inner[0] if inner else None
        return [
            _like(inner[number] if number < len(inner) else first, item, _kind(first))
            for number, item in enumerate(value)
        ]
    if isinstance(value, dict):
        known = default if isinstance(default, dict) else {}
        keys = [*(key for key in known if key in value), *sorted(key for key in value if key not in known)]
        return {key: _like(known.get(key), value[key], _kind(known.get(key))) for key in keys}
    if kind == "float" or (isinstance(default, float) and kind != "int"):
        return float(value)
    if not float(value).is_integer():
        return value
    if abs(value) > MOST_EXACT:
        raise ValueError(f"a parameter came as {value:.0f}, which may have been rounded: send such numbers as text")
    return int(value)


def _kind(value: Any) -> str:
    return "float" if isinstance(value, float) else "any"
