"""Memory by its address: what arrays and buffers lie in."""

from __future__ import annotations

import ctypes
import sys
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Region:
    """Memory that several arrays are views of.

    Args:
        start: address of its first byte.
        size: bytes.
        owner: an object that keeps it alive.
        holder: an array whose memory it is: one in an older bundle, one of objects, or one that the others are views
            of; or None.
        with_frame: whether a pandas frame has its values there too.
    """

    start: int
    size: int
    owner: Any
    holder: Any = None
    with_frame: bool = False

    def bytes_(self) -> Any:
        """The memory as a writable NumPy array of bytes."""
        return sys.modules["numpy"].asarray(_Interface(self))


@dataclass(frozen=True)
class Regions:
    """Regions that lie apart from each other, found by address."""

    regions: tuple[Region, ...] = ()
    starts: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, regions: Iterable[Region]) -> Regions:
        """Regions in any order."""
        ordered = tuple(sorted(regions, key=lambda each: each.start))
        return cls(ordered, [each.start for each in ordered])

    def find(self, array: Any) -> Region | None:
        """The region in which an array lies, or None."""
        if not self.regions:
            return None
        low, high = extent(array)
        place = bisect_right(self.starts, low) - 1
        found = self.regions[place] if place >= 0 else None
        return found if found is not None and high <= found.start + found.size else None


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


class _Buffer(ctypes.Structure):
    """CPython's own ``Py_buffer``, as far as the address goes, with room for the rest."""

    _fields_ = (("buf", ctypes.c_void_p), ("obj", ctypes.py_object), ("rest", ctypes.c_byte * 128))


def address_of(buffer: memoryview) -> int:
    """Address of a buffer's first byte."""
    view = _Buffer()
    ctypes.pythonapi.PyObject_GetBuffer(ctypes.py_object(buffer), ctypes.byref(view), 0)
    try:
        return int(view.buf or 0)
    finally:
        ctypes.pythonapi.PyBuffer_Release(ctypes.byref(view))


def extent(array: Any) -> tuple[int, int]:
    """Addresses of the first byte of an array and of the one behind its last."""
    low = high = array.__array_interface__["data"][0]
    for length, stride in zip(array.shape, array.strides, strict=True):
        if stride > 0:
            high += (length - 1) * stride
        else:
            low += (length - 1) * stride
    return low, high + array.itemsize
