"""NumPy arrays and pandas frames: how they are taken apart, and which share memory.

NumPy is used only when the notebook has imported it.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Mapping
from typing import Any

from nb2pipe.artifacts import hooks
from nb2pipe.artifacts.memory import Region, extent

SPARSE = 2
SMALL_BYTES = 4096


def is_plain_array(value: Any) -> bool:
    """Whether ``value`` is a NumPy array whose bytes say all about it."""
    numpy = sys.modules.get("numpy")
    return (
        numpy is not None
        and type(value) is numpy.ndarray
        and value.size > 0
        and value.itemsize > 0
        and not value.dtype.hasobject
    )


def reduce_array(array: Any) -> tuple[Any, ...]:
    """Take an array apart into a buffer and its shape; strides are kept unless the array is a sparse view."""
    low, high = extent(array)
    if high - low > SPARSE * array.nbytes + SMALL_BYTES:
        writable = array.flags.writeable
        array = array.copy(order="K")
        array.flags.writeable = writable
        low, high = extent(array)
    raw = Region(low, high - low, array).bytes_()
    if not array.flags.writeable:
        raw.flags.writeable = False
    offset = array.__array_interface__["data"][0] - low
    if offset:
        return (
            hooks.make_view,
            (_memory(raw), array.dtype, array.shape, array.strides, offset, array.flags.writeable),
        )
    return hooks.make_array, (pickle.PickleBuffer(raw), array.dtype, array.shape, array.strides)


def reduce_view(array: Any, region: Region) -> tuple[Any, ...]:
    """Take apart an array that shares its memory with others."""
    offset = array.__array_interface__["data"][0] - region.start
    return hooks.make_view, (region, array.dtype, array.shape, array.strides, offset, array.flags.writeable)


def reduce_region(region: Region) -> tuple[Any, ...]:
    """Take apart memory that several arrays share."""
    if region.holder is not None:
        return hooks.array_memory, (region.holder,)
    return hooks.make_memory, (pickle.PickleBuffer(region.bytes_()),)


class _Memory:
    """Memory of a single array, taken apart on its own."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def __reduce__(self) -> tuple[Any, ...]:
        return hooks.make_memory, (pickle.PickleBuffer(self.raw),)


def _memory(raw: Any) -> _Memory:
    return _Memory(raw)


def is_copy_on_write() -> bool:
    """Whether pandas copies on write, so that frames never share memory for their user."""
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return False
    if int(pandas.__version__.partition(".")[0]) >= 3:
        return True
    return bool(pandas.get_option("mode.copy_on_write") is True)


def is_of_pandas(value: Any, module: str) -> bool:
    """Whether pandas made ``value``: a frame, series or index, of a class of the user's too, or something inside them.

    Args:
        value: anything.
        module: the module that its class says it is from; pandas 3 says ``pandas`` for what is public.
    """
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return False
    return module.startswith("pandas.") or isinstance(value, (pandas.DataFrame, pandas.Series, pandas.Index))


def private_arrays(value: Any) -> list[Any]:
    """The arrays inside a pandas manager or index whose memory is its own as far as its user can tell."""
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return []
    if isinstance(value, pandas.Index):
        return _inner(vars(value).get("_data"))  # a RangeIndex would make its values to answer getattr
    blocks = getattr(value, "blocks", None)
    if blocks is None or not type(value).__module__.startswith("pandas.") or not is_copy_on_write():
        return []
    return [array for block in blocks for array in _inner(getattr(block, "values", None))]


def reduce_frame(value: Any) -> Any:
    """Take a pandas frame or series apart as pandas does, without the list that all of its class have in common.

    Pandas puts that list of the class into the state of each, where it would look like something that they share.
    """
    pandas = sys.modules.get("pandas")
    if pandas is None or not isinstance(value, (pandas.DataFrame, pandas.Series)):
        return NotImplemented
    reduced = value.__reduce_ex__(5)
    if not (isinstance(reduced, tuple) and len(reduced) > 2 and isinstance(reduced[2], dict)):
        return reduced
    state = {key: item for key, item in reduced[2].items() if key != "_metadata" or item != type(value)._metadata}
    return (*reduced[:2], state, *reduced[3:])


def _inner(values: Any) -> list[Any]:
    """An array of NumPy's; or one of pandas' own and what it keeps its values in."""
    if values is None or is_plain_array(values):
        return [] if values is None else [values]
    names = ("_ndarray", "_data", "_mask", "_codes", "_sp_values")
    return [values, *(inner for name in names for inner in [getattr(values, name, None)] if is_plain_array(inner))]


def overlapping(arrays: Mapping[int, Any], older: Mapping[int, Any]) -> tuple[dict[int, Region], set[int]]:
    """Which arrays share memory with others.

    Args:
        arrays: id to array.
        older: arrays that stand in older bundles and are not written again.

    Returns:
        For arrays that share memory, id to that memory; and the ids of older arrays whose memory is shared but is not
        wholly in any one of them, so that they must be written again.
    """
    spans = sorted(
        ((*extent(array), key) for key, array in {**older, **arrays}.items()), key=lambda span: (span[0], -span[1])
    )
    found: dict[int, Region] = {}
    torn: set[int] = set()
    cluster: list[tuple[int, int, int]] = []
    end = 0
    for span in [*spans, (sys.maxsize, sys.maxsize, 0)]:
        if cluster and span[0] >= end:
            keys = [each[2] for each in cluster]
            if len(keys) > 1 and any(key in arrays for key in keys):
                region, whole = _region(cluster, end, arrays, older)
                found.update({key: region for key in keys if key in arrays})
                torn.update(() if whole else (key for key in keys if key in older))
            cluster, end = [], 0
        cluster.append(span)
        end = max(end, span[1])
    return found, torn


def _region(
    cluster: list[tuple[int, int, int]], end: int, arrays: Mapping[int, Any], older: Mapping[int, Any]
) -> tuple[Region, bool]:
    """The memory that a cluster of arrays shares, and whether older arrays in it need not be written again."""
    start = cluster[0][0]
    old = [each for each in cluster if each[2] in older]
    for low, high, key in old:
        if low == start and high == end:
            return Region(start, end - start, older[key], older[key]), True
    return Region(start, end - start, [arrays.get(each[2]) for each in cluster]), not old
