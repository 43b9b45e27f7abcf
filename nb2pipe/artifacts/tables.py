"""The tables of CPython's sets: read, and written into new sets.

A set is a table whose size is a power of two. An element is looked for at the places that its hash gives one after the
other, until one is empty; a place whose element was removed is a gap, and not empty. See ``Objects/setobject.c``.
"""

from __future__ import annotations

import ctypes
import functools
import sys
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

WORD = 8
ENTRY = 2  # words: the address of the element, its hash
GAP_HASH = -1
SMALL = 8  # places of the table that is in the object itself
LINEAR, SHIFT = 9, 5
MOST_PLACES = 2**18
"""Of a table that is bigger than it need be, so that what hashes anew keeps its order: four megabytes."""

_allocate = ctypes.pythonapi.PyMem_Malloc
_allocate.restype, _allocate.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
_hold = ctypes.pythonapi.Py_IncRef
_hold.restype, _hold.argtypes = None, [ctypes.py_object]


class _Set(ctypes.Structure):
    _fields_ = (
        ("head", ctypes.c_byte * object.__basicsize__),
        ("fill", ctypes.c_ssize_t),
        ("used", ctypes.c_ssize_t),
        ("mask", ctypes.c_ssize_t),
        ("table", ctypes.c_void_p),
        ("hash", ctypes.c_ssize_t),
        ("finger", ctypes.c_ssize_t),
        ("small", ctypes.c_ssize_t * (SMALL * ENTRY)),
    )


@dataclass(frozen=True)
class Table:
    """The table of a set.

    Args:
        mask: number of places less one.
        finger: where ``pop`` goes on.
        words: of all entries.
    """

    mask: int
    finger: int
    words: array[int]

    def places(self) -> tuple[list[int], list[int]]:
        """Places of the elements, and of the gaps."""
        hashes = self.words[1::ENTRY]
        filled = [place for place, key in enumerate(self.words[::ENTRY]) if key]
        places = [place for place in filled if hashes[place] != GAP_HASH]
        return places, [] if len(places) == len(filled) else [place for place in filled if hashes[place] == GAP_HASH]


@functools.cache
def are_known() -> bool:
    """Whether sets are laid out in memory as they are known to be."""
    has_lock = getattr(sys, "_is_gil_enabled", lambda: True)()
    if sys.implementation.name != "cpython" or not has_lock or ctypes.sizeof(ctypes.c_ssize_t) != WORD:
        return False
    if set.__basicsize__ != ctypes.sizeof(_Set) + WORD:  # the last are weak references
        return False
    return all(_is_read_rightly(size) for size in (3, 100))


def _is_read_rightly(size: int) -> bool:
    value = set(range(size))
    value.discard(1)
    head = _Set.from_address(id(value))
    return (head.used, head.fill, read(value).places()) == (size - 1, size, ([0, *range(2, size)], [1]))


def read(value: Any) -> Table:
    """The table of a set."""
    head = _Set.from_address(id(value))
    words = array("q")
    words.frombytes(ctypes.string_at(head.table, (head.mask + 1) * ENTRY * WORD))
    return Table(head.mask, head.finger, words)


def fill(
    elements: Sequence[Any], mask: int, finger: int, places: Sequence[int], gaps: Sequence[int]
) -> set[Any] | None:
    """A set with this table.

    Args:
        elements: what is in it.
        mask: number of places less one.
        finger: where ``pop`` goes on.
        places: of the elements.
        gaps: places where elements were removed.

    Returns:
        The set; None where the elements would not be found there.
    """
    words = array("q", bytes((mask + 1) * ENTRY * WORD))
    for place in gaps:
        words[place * ENTRY], words[place * ENTRY + 1] = _gap(), GAP_HASH
    for element, place in zip(elements, places, strict=True):
        words[place * ENTRY], words[place * ENTRY + 1] = id(element), hash(element)
    made: set[Any] = set()
    _write(made, elements, words, len(elements) + len(gaps), finger)
    if all(map(made.__contains__, elements)):
        return made
    made.clear()
    return None


def fill_in_order(elements: Sequence[Any]) -> set[Any]:
    """A set with these elements in this order, as far as that is possible."""
    hashes = [hash(each) for each in elements]
    size = max(SMALL, 1 << (4 * len(elements)).bit_length())
    while size <= MOST_PLACES:
        found = _places_in_order(hashes, size)
        made = None if found is None else fill(elements, size - 1, 0, *found)
        if made is not None:
            return made
        size *= 2
    return set(elements)


def move(source: set[Any], target: Any) -> None:
    """Give an empty set, which may be a frozen one, all that another one has."""
    old, new = _Set.from_address(id(source)), _Set.from_address(id(target))
    inside = ctypes.addressof(old) + _Set.small.offset
    new.small = old.small
    if old.table != inside:
        new.table = old.table
    new.mask, new.used, new.fill, new.finger = old.mask, old.used, old.fill, old.finger
    ctypes.memset(inside, 0, SMALL * ENTRY * WORD)
    old.used = old.fill = old.finger = 0
    old.mask, old.table = SMALL - 1, inside


def _write(made: set[Any], elements: Sequence[Any], words: array[int], fill_: int, finger: int) -> None:
    """Put a table into an empty set. At each moment the set must be sound: the garbage collector may look at it."""
    head = _Set.from_address(id(made))
    size = len(words) // ENTRY
    table = head.table if size == SMALL else _allocate(len(words) * WORD)
    if not table:
        raise MemoryError
    for element in elements:
        _hold(element)
    ctypes.memmove(table, words.buffer_info()[0], len(words) * WORD)
    head.table = table
    head.mask, head.used, head.fill, head.finger = size - 1, len(elements), fill_, finger


@functools.cache
def _gap() -> int:
    """Address of what stands where an element was removed; nobody counts who refers to it."""
    value = {1}
    value.discard(1)
    return next(word for word in read(value).words if word not in (0, GAP_HASH))


def _places_in_order(hashes: Sequence[int], size: int) -> tuple[list[int], list[int]] | None:
    """Places, one behind the other, at which elements with these hashes are found in a table of this size.

    Each comes to the first of its own places that is in the part of the table that is left for it; those before it
    become gaps, so that it is looked for beyond them.
    """
    places: list[int] = []
    passed: set[int] = set()
    last = -1
    for number, hash_ in enumerate(hashes):
        end = last + (size - 1 - last) // (len(hashes) - number)
        for place in islice(_looked_at(hash_, size - 1), size):
            passed.add(place)
            if last < place <= end:
                places.append(place)
                last = place
                break
        if len(places) == number or len(passed) * 5 > size * 3:
            return None
    return places, sorted(passed.difference(places))


def _looked_at(hash_: int, mask: int) -> Iterator[int]:
    """The places at which an element is looked for, in turn."""
    rest = hash_ % 2**64
    place = rest & mask
    while True:
        yield from range(place, place + LINEAR + 1 if place + LINEAR <= mask else place + 1)
        rest >>= SHIFT
        place = (place * 5 + 1 + rest) & mask
