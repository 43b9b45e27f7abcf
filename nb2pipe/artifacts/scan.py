"""Taking values apart one by one: their bytes, the objects they reach, their fingerprint, or why they cannot cross."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nb2pipe.artifacts.arrays import is_array_of_objects, is_plain_array
from nb2pipe.artifacts.context import Context
from nb2pipe.artifacts.mapping import Mappings
from nb2pipe.artifacts.memory import Regions
from nb2pipe.artifacts.pickler import NO_REGIONS, NotebookPickler
from nb2pipe.artifacts.reasons import reason_of
from nb2pipe.artifacts.referencing import ATOMS, ReferencingPickler, is_shareable
from nb2pipe.artifacts.sets import Ordered, ordered_among
from nb2pipe.artifacts.sharing import Piece, overlapping

NAN = re.compile(rb"G[\x7f\xff][\xf8-\xff]")  # as pickle writes a float that is no number
SET = re.compile(rb"[\x8f\x91]\x94")  # as it ends, or begins, a set


@dataclass
class Scan:
    """One value taken apart.

    Args:
        value: the value.
        data: in-band bytes.
        buffers: out-of-band buffers.
        private_buffers: indexes of those that must share memory with no other.
        objects: id of every object that it reaches to the object, kept alive so that ids stay theirs.
        arrays: the arrays in it whose memory others could share.
        private: id to array, for those in frames, whose memory is their own.
        lone: ids of those among them whose memory no other frame has.
        classes: ids of the notebook's classes in it.
        ordered: the sets in it that must be taken apart with their order, by id.
        reason: why it cannot cross; empty if it can.
    """

    value: Any
    data: bytes = b""
    buffers: list[memoryview] = field(default_factory=list)
    private_buffers: set[int] = field(default_factory=set)
    objects: dict[int, Any] = field(default_factory=dict)
    arrays: list[Any] = field(default_factory=list)
    private: dict[int, Any] = field(default_factory=dict)
    lone: set[int] = field(default_factory=set)
    classes: list[str] = field(default_factory=list)
    ordered: Mapping[int, Ordered] = field(default_factory=dict)
    reason: str = ""


def scan(value: Any, context: Context) -> Scan:
    """Take one value apart; never raises, a value that cannot cross has a reason."""
    return _scan(value, value, context, NO_REGIONS)


def _scan(value: Any, pickled: Any, context: Context, regions: Regions) -> Scan:
    file = io.BytesIO()
    pickler = NotebookPickler(file, context, regions)
    ordered: Mapping[int, Ordered] = {}
    try:
        pickler.dump_deep(pickled)
        if SET.search(file.getvalue()):
            ordered = ordered_among(obj for _, obj in pickler.memo.copy().values())
        if ordered or NAN.search(file.getvalue()):
            file = io.BytesIO()
            pickler = ReferencingPickler(file, context, regions, lambda obj: None, ordered)
            pickler.dump_deep(pickled)
    except Exception as error:  # foreign: any __reduce__ may raise anything
        return Scan(value, reason=reason_of(value, error, context))
    found = Scan(value, file.getvalue(), pickler.buffers, pickler.private_buffers, ordered=ordered)
    found.private, found.lone = pickler.private, pickler.lone
    found.objects = {key: obj for key, (_, obj) in pickler.memo.copy().items()}
    found.objects.update({key: each.of for key, each in ordered.items()})
    found.arrays = pickler.arrays
    found.classes = pickler.class_ids
    return found


def scan_all(
    values: Mapping[str, Any], context: Context, older: Mapping[int, Piece]
) -> tuple[dict[str, Scan], Regions, set[int]]:
    """Take values apart, each as a group of its own, memory that they share included as an object that they share.

    Args:
        values: name to value.
        context: the kernel.
        older: id to array, for arrays that stand in older bundles and are not written again.

    Returns:
        The values taken apart; the memory that arrays in them share; and the ids of older arrays that must be written
        again because of what shares them.
    """
    found = {name: _scan(value, [value], context, NO_REGIONS) for name, value in values.items()}
    fresh = {key: piece for each in found.values() for key, piece in pieces(each).items() if key not in older}
    clean = context.mappings.holds_clean
    regions, torn = overlapping(
        {key: piece for key, piece in {**older, **fresh}.items() if piece.is_frame or not clean(piece.array)}
    )
    if regions.regions:
        for name, each in found.items():
            if any(regions.find(piece.array) for piece in pieces(each).values()):
                found[name] = _scan(values[name], [values[name]], context, regions)
    return found, regions, torn


def pieces(each: Scan, *, is_older: bool = False) -> dict[int, Piece]:
    """The arrays in a scanned value that may share memory with others, by id."""
    arrays = {id(array): Piece(array, is_older) for array in each.arrays}
    plain = {key: array for key, array in each.private.items() if is_plain_array(array) or is_array_of_objects(array)}
    return arrays | {key: Piece(array, is_older, True, key in each.lone) for key, array in plain.items()}


def fingerprint(each: Scan, mappings: Mappings) -> tuple[str, ...]:
    """What a scanned value holds: hex digests of its bytes and of each buffer; clean buffers are not read again."""
    return (hashlib.sha256(each.data).hexdigest(), *(mappings.digest(buffer) for buffer in each.buffers))


def shared_objects(scans: Iterable[Scan]) -> set[int]:
    """Ids of the objects that more than one of the scanned values reaches, where it matters that it is the same."""
    seen: dict[int, Any] = {}
    shared: dict[int, Any] = {}
    for each in scans:
        for key, obj in each.objects.items():
            if type(obj) not in ATOMS and key not in each.private:
                if key in seen:
                    shared[key] = obj
                else:
                    seen[key] = obj
    return {key for key, obj in shared.items() if is_shareable(obj)}
