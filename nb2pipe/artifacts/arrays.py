"""NumPy arrays: how they are taken apart, so that what shares memory still does.

NumPy is used only when the notebook has imported it.
"""

from __future__ import annotations

import array as array_module
import mmap
import pickle
import sys
from pathlib import Path
from typing import Any

from nb2pipe.artifacts import hooks
from nb2pipe.artifacts.memory import Region, address_of, extent

SPARSE = 2
SMALL_BYTES = 4096
BUFFERS = (bytearray, array_module.array)
OWN_WAYS = ("__reduce__", "__reduce_ex__", "__setstate__", "__getstate__")


def is_array(value: Any) -> bool:
    """Whether ``value`` is a NumPy array or of a class made from that."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


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


def is_array_of_objects(value: Any) -> bool:
    """Whether ``value`` is a NumPy array whose elements are objects of Python."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(value) is numpy.ndarray and value.size > 0 and value.dtype.kind == "O"


def reduce_array(array: Any) -> tuple[Any, ...]:
    """Take an array apart into a buffer and its shape; strides are kept unless the array is a sparse view."""
    low, high = extent(array)
    writable = array.flags.writeable
    if high - low > SPARSE * array.nbytes + SMALL_BYTES:
        array = array.copy(order="K")
        low, high = extent(array)
    raw = Region(low, high - low, array).bytes_()
    offset = array.__array_interface__["data"][0] - low
    if offset:
        return hooks.make_view, (_Memory(raw), array.dtype, array.shape, array.strides, offset, writable)
    return hooks.make_array, (pickle.PickleBuffer(raw), array.dtype, array.shape, array.strides, writable)


def reduce_view(array: Any, region: Region) -> tuple[Any, ...]:
    """Take apart an array that shares its memory with others."""
    offset = array.__array_interface__["data"][0] - region.start
    memory = region
    if region.holder is not None and array.base is region.holder and region.holder.flags.forc:
        memory = region.holder  # which it has as its base, then
        offset = array.__array_interface__["data"][0] - memory.__array_interface__["data"][0]
    return hooks.make_view, (memory, array.dtype, array.shape, array.strides, offset, array.flags.writeable)


def reduce_region(region: Region) -> tuple[Any, ...]:
    """Take apart memory that several arrays share."""
    if region.holder is not None:
        return hooks.array_memory, (region.holder,)
    return hooks.make_memory, (pickle.PickleBuffer(region.bytes_()),)


def reduce_object_view(array: Any, holder: Any) -> tuple[Any, ...]:
    """Take apart a view of an array of objects."""
    offset = array.__array_interface__["data"][0] - holder.__array_interface__["data"][0]
    return hooks.make_object_view, (holder, array.shape, array.strides, offset, array.flags.writeable)


def reduce_row(row: Any) -> Any:
    """Take apart an element of a structured array, which is a view of it: the array, and where the element is in it."""
    numpy = sys.modules["numpy"]
    base = row.base
    if not isinstance(base, numpy.ndarray) or base.dtype != row.dtype:
        return NotImplemented
    left = row.__array_interface__["data"][0] - base.__array_interface__["data"][0]
    index = [0] * base.ndim
    for axis in sorted(range(base.ndim), key=lambda axis: -abs(base.strides[axis])):
        stride = base.strides[axis]
        if stride and 0 <= left // stride < base.shape[axis]:
            index[axis], left = left // stride, left % stride
    return NotImplemented if left else (hooks.make_row, (base, tuple(index)))


def buffer_under(array: Any) -> Any:
    """The buffer of another type that an array's memory is in, such as a ``bytearray``; None when it is none."""
    base = root_of(array).base
    if isinstance(base, memoryview):
        base = base.obj
    return base if type(base) in BUFFERS else None


def reduce_on_buffer(array: Any, buffer: Any) -> tuple[Any, ...]:
    """Take apart an array whose memory is in a buffer of another type."""
    offset = array.__array_interface__["data"][0] - address_of(memoryview(buffer))
    return hooks.make_view, (buffer, array.dtype, array.shape, array.strides, offset, array.flags.writeable)


def root_of(array: Any) -> Any:
    """The array that an array is a view of; itself when it is of none."""
    numpy = sys.modules["numpy"]
    while True:
        base = array.base
        if isinstance(base, hooks.Window):
            base = base.owner
        if not isinstance(base, numpy.ndarray):
            return array
        array = base


def reduce_subclass(array: Any) -> Any:
    """Take apart an array of a class made from NumPy's, such as a masked one: its memory, and what it has besides."""
    numpy = sys.modules["numpy"]
    kind = type(array)
    if isinstance(array, numpy.memmap):
        found = _reduce_memory_map(array)
        if found is not None:
            return found
    if array.dtype.hasobject or array.nbytes == 0 or _has_own_ways(kind):
        return NotImplemented
    attributes = {key: value for key, value in getattr(array, "__dict__", {}).items() if key != "_mmap"}
    return hooks.make_subclass, (kind, _plain_of(array), array.dtype), attributes, None, None, hooks.set_attributes


def _has_own_ways(kind: type) -> bool:
    """Whether a class says itself how it is pickled."""
    numpy = sys.modules["numpy"]
    known = (numpy.ndarray, numpy.ma.MaskedArray, numpy.recarray, numpy.matrix, numpy.memmap, object)
    return any(name in vars(each) for each in kind.__mro__ if each not in known for name in OWN_WAYS)


def _plain_of(array: Any) -> Any:
    """The array without its class: the very one that it was made from, where that is still there."""
    numpy = sys.modules["numpy"]
    plain, base = numpy.ndarray.view(array, numpy.ndarray), array.base
    if type(base) is numpy.ndarray and _geometry(base) == _geometry(plain):
        return base
    return plain


def _geometry(array: Any) -> tuple[Any, ...]:
    return (*array.__array_interface__["data"], array.shape, array.strides, array.dtype)


def _reduce_memory_map(array: Any) -> tuple[Any, ...] | None:
    """Take apart a file that is mapped as an array: read-only ones are mapped again."""
    name, mapping = getattr(array, "filename", None), getattr(array, "_mmap", None)
    if mapping is None or array.mode == "c":
        return None
    if array.mode != "r" or not name:
        raise pickle.PicklingError(f"it writes to the file that it is mapped from (mode {array.mode!r})")
    state = Path(name).stat()
    low, high = extent(array)
    in_file = array.offset - array.offset % mmap.ALLOCATIONGRANULARITY + low - address_of(memoryview(mapping))
    first = array.__array_interface__["data"][0] - low
    place = (str(name), in_file, high - low, first, array.dtype, array.shape, array.strides, array.offset)
    return hooks.make_memory_map, (type(array), place, (state.st_size, state.st_mtime_ns))


def reduce_archive(archive: Any) -> Any:
    """Take apart an open ``.npz`` file: the place of the file, which is opened again."""
    zipped = archive.zip
    if zipped is None or not isinstance(zipped.filename, str):
        return NotImplemented
    name = Path(zipped.filename).absolute()
    state = name.stat()
    kept = {key: getattr(archive, key) for key in ("allow_pickle", "pickle_kwargs", "max_header_size")}
    return hooks.make_archive, (str(name), (state.st_size, state.st_mtime_ns), kept)


class _Memory:
    """Memory of a single array, taken apart on its own."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def __reduce__(self) -> tuple[Any, ...]:
        return hooks.make_memory, (pickle.PickleBuffer(self.raw),)
