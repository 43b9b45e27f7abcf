"""Whether two values hold the same although they are not built the same: what libraries keep for speed does not count.

Reading a frame may put its columns together in memory, reading an attribute may fill a cache. This is asked only of
values whose bytes differ, and it reads everything.
"""

from __future__ import annotations

import functools
import hashlib
import io
import sys
from collections.abc import Hashable, Mapping
from typing import Any

from nb2pipe.artifacts.context import Context, module_of
from nb2pipe.artifacts.frames import given_attributes
from nb2pipe.artifacts.pickler import NotebookPickler
from nb2pipe.artifacts.sets import places_of_sets

# Attributes that libraries fill when they are read, by the top-level module of the class.
CACHES: Mapping[str, frozenset[str]] = {
    "scipy": frozenset({"_has_sorted_indices", "_has_canonical_format", "has_sorted_indices", "has_canonical_format"}),
    "networkx": frozenset({"__networkx_cache__", "nodes", "edges", "adj", "degree"}),
    "geopandas": frozenset({"_sindex"}),
}


def same_content(left: Any, right: Any, context: Context) -> bool:
    """Whether two values hold the same, caches left out; False where that cannot be told."""
    try:
        first, second = _taken_apart(left, context), _taken_apart(right, context)
    except Exception:  # foreign: any __reduce__ may raise anything
        return False
    if first[0] != second[0] or [each.nbytes for each in first[1]] != [each.nbytes for each in second[1]]:
        return False
    pairs = zip(first[1], second[1], strict=True)
    return all(hashlib.sha256(one).digest() == hashlib.sha256(other).digest() for one, other in pairs)


def _taken_apart(value: Any, context: Context) -> tuple[tuple[bytes, list[Any]], list[memoryview]]:
    file = io.BytesIO()
    pickler = _CanonicalPickler(file, context)
    pickler.dump_deep(value)
    return (file.getvalue(), places_of_sets(obj for _, obj in pickler.memo.copy().values())), pickler.buffers


class _CanonicalPickler(NotebookPickler):
    """Pickles for comparison only."""

    def reducer_override(self, obj: Any) -> Any:
        """As for saving, but frames column by column and without caches."""
        kind = type(obj)
        pandas = sys.modules.get("pandas")
        if pandas is not None and isinstance(obj, (pandas.DataFrame, pandas.Series)):
            return _reduce_frame(obj)
        if pandas is not None and isinstance(obj, pandas.api.extensions.ExtensionArray) and hasattr(obj, "_ndarray"):
            return tuple, ((kind, obj.dtype, obj._ndarray, getattr(obj, "_freq", None)),)
        hidden: frozenset[str] = _cached_names(kind) if isinstance(kind, Hashable) else frozenset()
        if hidden:
            reduced = obj.__reduce_ex__(5)
            if isinstance(reduced, tuple) and len(reduced) > 2 and isinstance(reduced[2], dict):
                state = {key: value for key, value in reduced[2].items() if key not in hidden}
                return (*reduced[:2], state, *reduced[3:])
        return super().reducer_override(obj)


def _reduce_frame(frame: Any) -> tuple[Any, ...]:
    if frame.ndim == 1:
        columns = [frame._values]
        axes = [frame.index, frame.name]
    else:
        columns = [frame.iloc[:, number]._values for number in range(frame.shape[1])]
        axes = [frame.index, frame.columns]
    names = [name for name in getattr(frame, "_metadata", ()) if name != "_name"]
    own = {name: getattr(frame, name, None) for name in names}
    own |= given_attributes(frame)
    flags = frame.flags.allows_duplicate_labels
    return tuple, ((type(frame), axes, [_contiguous(column) for column in columns], frame.attrs, flags, own),)


def _contiguous(values: Any) -> Any:
    numpy = sys.modules["numpy"]
    return numpy.ascontiguousarray(values) if type(values) is numpy.ndarray else values


@functools.cache
def _cached_names(kind: type) -> frozenset[str]:
    found = {
        name
        for cls in kind.__mro__
        for name, value in vars(cls).items()
        if isinstance(value, functools.cached_property)
    }
    for cls in kind.__mro__:
        found |= CACHES.get(module_of(cls).partition(".")[0], frozenset())
    return frozenset(found)
