"""NumPy arrays and pandas frames: how they are taken apart, and which share memory.

NumPy is used only when the notebook has imported it.
"""

from __future__ import annotations

import pickle
import sys
from dataclasses import dataclass
from typing import Any

from nb2pipe.artifacts import hooks

SPARSE = 2
SMALL_BYTES = 4096


@dataclass
class Region:
    """Memory that several arrays are views of.

    Args:
        start: address of its first byte.
        size: bytes.
        owner: an object that keeps it alive.
    """

    start: int
    size: int
    owner: Any

    def bytes_(self) -> Any:
        """The memory as a writable NumPy array of bytes."""
        import numpy as np

        return np.asarray(_Interface(self))


class _Interface:
    """NumPy's own protocol for memory at an address."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.__array_interface__ = {
            "data": (region.start, False),
            "shape": (region.size,),
            "typestr": "|u1",
            "version": 3,
        }


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


def extent(array: Any) -> tuple[int, int]:
    """Addresses of the first byte of an array and of the one behind its last."""
    low = high = array.__array_interface__["data"][0]
    for length, stride in zip(array.shape, array.strides, strict=True):
        if stride > 0:
            high += (length - 1) * stride
        else:
            low += (length - 1) * stride
    return low, high + array.itemsize


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


def private_arrays(value: Any) -> list[Any]:
    """The arrays inside a pandas manager or index whose memory is its own as far as its user can tell."""
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return []
    if isinstance(value, pandas.Index):
        return _inner(getattr(value, "_data", None))
    blocks = getattr(value, "blocks", None)
    if blocks is None or not type(value).__module__.startswith("pandas.") or not is_copy_on_write():
        return []
    return [array for block in blocks for array in _inner(getattr(block, "values", None))]


def _inner(values: Any) -> list[Any]:
    if is_plain_array(values):
        return [values]
    names = ("_ndarray", "_data", "_mask", "_codes", "_sp_values")
    return [inner for name in names for inner in [getattr(values, name, None)] if is_plain_array(inner)]


def overlapping(arrays: list[Any]) -> dict[int, Region]:
    """For arrays that share memory with another of ``arrays``: id of the array to the memory that they share."""
    spans = sorted(((*extent(array), array) for array in arrays), key=lambda span: span[:2])
    found: dict[int, Region] = {}
    cluster: list[tuple[int, int, Any]] = []
    end = 0
    for span in [*spans, (sys.maxsize, sys.maxsize, None)]:
        if cluster and span[0] >= end:
            if len(cluster) > 1:
                region = Region(cluster[0][0], end - cluster[0][0], [each[2] for each in cluster])
                found.update({id(each[2]): region for each in cluster})
            cluster, end = [], 0
        cluster.append(span)
        end = max(end, span[1])
    return found
