"""Quantities of settings: ``500m`` processors, ``1Gi`` of memory, seconds, counts."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

_NUMBER = re.compile(r"(?P<number>[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\s*(?P<unit>[A-Za-z]*)")
_BYTES: Mapping[str, float] = {
    "b": 1,
    "k": 10**3,
    "kb": 10**3,
    "m": 10**6,
    "mb": 10**6,
    "g": 10**9,
    "gb": 10**9,
    "t": 10**12,
    "tb": 10**12,
    "ki": 2**10,
    "kib": 2**10,
    "mi": 2**20,
    "mib": 2**20,
    "gi": 2**30,
    "gib": 2**30,
    "ti": 2**40,
    "tib": 2**40,
}
_MIB = 2**20


class QuantityError(ValueError):
    """The text says how the quantity must be written."""


def read_cpus(value: Any) -> float:
    """Processors: ``2``, ``0.5``, ``"500m"`` (thousandths, as Kubernetes writes)."""
    form = "a number of processors above 0, such as 2, 0.5 or '500m'"
    number, unit = _split(value, form)
    if unit not in ("", "m"):
        raise QuantityError(form)
    cpus = number / 1000 if unit == "m" else number
    if cpus <= 0:
        raise QuantityError(form)
    return cpus


def read_memory_mib(value: Any) -> int:
    """Memory in MiB, rounded up: ``1024`` (MiB), ``"1Gi"``, ``"500M"`` (decimal), ``"1073741824B"``."""
    form = "MiB as a whole number above 0, such as 2048, or a text with its unit, such as '2Gi'"
    number, unit = _split(value, form)
    if not unit:
        if not number.is_integer():
            raise QuantityError(form)
        mib = number
    elif unit == "m":  # Kubernetes: thousandths of a byte
        mib = number / 1000 / _MIB
    elif unit.lower() in _BYTES:
        mib = number * _BYTES[unit.lower()] / _MIB
    else:
        raise QuantityError(form)
    if mib <= 0:
        raise QuantityError(form)
    return math.ceil(mib)


def read_count(value: Any) -> int:
    """A whole number of at least 0, or its digits as text."""
    number, unit = _split(value, "a whole number of at least 0")
    if unit or not number.is_integer():
        raise QuantityError("a whole number of at least 0")
    return int(number)


def read_seconds(value: Any) -> float:
    """Seconds above 0: ``90``, ``0.5``, ``"90"``."""
    form = "seconds as a number above 0, such as 600"
    number, unit = _split(value, form)
    if unit or number <= 0:
        raise QuantityError(form)
    return number


def _split(value: Any, form: str) -> tuple[float, str]:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise QuantityError(form)
    match = _NUMBER.fullmatch(str(value).strip())
    if match is None:
        raise QuantityError(form)
    number = float(match["number"])
    if not math.isfinite(number):
        raise QuantityError(form)
    return number, match["unit"]
