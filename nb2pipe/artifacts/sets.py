"""Sets made again with the order that they had.

The order of a set hangs on the hashes of what is in it, on the order in which that came, on what was in it once, and on
how its table grew. A set that adding its elements in their order does not make again is taken apart with its table: the
place of each element, the places where some were removed, and where ``pop`` goes on.

CPython only, and only where its memory is laid out as known here; elsewhere sets are left to pickle.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Mapping
from typing import Any

from nb2pipe.artifacts import tables
from nb2pipe.artifacts.instances import set_instance

KINDS = (set, frozenset)
# What has the same hash in every kernel; other things may have one that hangs on where they are in memory.
STEADY = frozenset({str, bytes, int, float, complex, bool})
REDUCES: tuple[Any, ...] = (set.__reduce__, frozenset.__reduce__)
WAYS = ("__reduce_ex__", "__getstate__", "__setstate__")
NUMBERS = "Q"


class Ordered:
    """Stands in a pickle for a set that is taken apart with its table.

    Args:
        of: the set.
    """

    __slots__ = ("of",)

    def __init__(self, of: Any) -> None:
        self.of = of


def ordered_among(objects: Iterable[Any]) -> Mapping[int, Ordered]:
    """Those sets that pickle would not make again as they are, by id."""
    if not tables.are_known():
        return {}
    return {id(obj): Ordered(obj) for obj in objects if type(obj) in KINDS and not _is_plain(obj)}


def _is_plain(value: Any) -> bool:
    """Whether adding the elements in their order makes the same table, in every kernel.

    The gaps of a small set that is empty do not count: the ``__repr__`` of a dataclass has such a set, and uses it.
    """
    table = tables.read(value)
    if not value and table.mask < tables.SMALL:
        return True
    return _is_steady(value) and table == tables.read(type(value)(list(value)))


def _is_steady(value: Any) -> bool:
    kinds = set(map(type, value))
    if tuple in kinds:
        kinds.remove(tuple)
        for each in value:
            if type(each) is tuple:
                kinds.update(map(type, each))
    return STEADY.issuperset(kinds) and not (float in kinds and any(_has_nan(each) for each in value))


def _has_nan(value: Any) -> bool:
    return any(each != each for each in value) if type(value) is tuple else bool(value != value)


def places_of_sets(objects: Iterable[Any]) -> list[tuple[int, int, Any]]:
    """What can be compared of the tables of those objects that are sets, in turn."""
    found = [tables.read(obj) for obj in objects if type(obj) in KINDS] if tables.are_known() else []
    return [(table.mask, table.finger, table.places()) for table in found]


def reduce_set(value: Any) -> tuple[Any, ...]:
    """Take a set apart with its table."""
    table = tables.read(value)
    numbers = (table.mask, table.finger, *(array(NUMBERS, each).tobytes() for each in table.places()))
    return make_set, (type(value),), (tuple(value), numbers, None), None, None, set_set


def reduce_subclass(value: Any) -> Any:
    """Take an object of a class made from ``set`` or ``frozenset`` apart, unless the class says how that is done."""
    kind = type(value)
    has_own_ways = kind.__reduce__ not in REDUCES or any(
        getattr(kind, name, None) is not getattr(object, name, None) for name in WAYS
    )
    if has_own_ways or not tables.are_known():
        return NotImplemented
    make, arguments, (elements, numbers, _), *others = reduce_set(value)
    return make, arguments, (elements, numbers, object.__getstate__(value)), *others


def make_set(kind: Any) -> Any:
    """An empty set, to be filled."""
    return (frozenset if issubclass(kind, frozenset) else set).__new__(kind)


def set_set(target: Any, state: tuple[tuple[Any, ...], tuple[int, int, bytes, bytes], Any]) -> None:
    """Fill a set with its elements, in their order.

    Their hashes may be others than they were, where these hang on places in memory: then the table becomes as big as it
    takes to keep the order, for a few dozen of them.
    """
    elements, (mask, finger, places, gaps), own = state
    if not tables.are_known():
        raise TypeError(f"{sys.implementation.name} does not keep sets as the Python did that this one comes from")
    if own is not None:
        set_instance(target, own)
    made = tables.fill(elements, mask, finger, array(NUMBERS, places), array(NUMBERS, gaps))
    tables.move(tables.fill_in_order(elements) if made is None else made, target)
