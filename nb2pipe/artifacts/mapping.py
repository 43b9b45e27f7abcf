"""Buffers of bundles mapped into this process: private, writable, copied by the kernel page by page when written."""

from __future__ import annotations

import ctypes
import hashlib
import mmap
import os
import weakref
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nb2pipe.artifacts.manifest import Span
from nb2pipe.artifacts.memory import address_of, extent


@dataclass
class Mapped:
    """One buffer as mapped.

    Args:
        bundle: digest of its bundle.
        index: index among that bundle's buffers.
        span: where it stands in the file.
        start: address.
        private: whether only one frame uses it.
        memory: the mapping, weakly: it lives as long as someone uses it.
    """

    bundle: str
    index: int
    span: Span
    start: int
    private: bool
    memory: weakref.ref[mmap.mmap]


class Mappings:
    """All buffers that this process has mapped, found by address."""

    def __init__(self) -> None:
        self._by_start: dict[int, Mapped] = {}
        self._shared: dict[tuple[str, int], weakref.ref[mmap.mmap]] = {}
        self._dirty: set[int] = set()
        self._digests: dict[tuple[int, int], str] = {}

    def map(self, path: Path, bundle: str, index: int, span: Span, *, private: bool) -> mmap.mmap:
        """Map a buffer; the same mapping again for the same buffer, unless it is to be private."""
        known = self._shared.get((bundle, index))
        memory = known() if known is not None and not private else None
        if memory is not None:
            return memory
        with path.open("rb") as file:
            memory = mmap.mmap(file.fileno(), span.size, access=mmap.ACCESS_COPY, offset=span.offset)
        reference = weakref.ref(memory)
        start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        self._by_start[start] = Mapped(bundle, index, span, start, private, reference)
        if not private:
            self._shared[bundle, index] = reference
        return memory

    def refresh(self) -> None:
        """Ask the system which mappings were written to; until then they count as they were loaded."""
        self._digests.clear()
        self._dirty = _dirty_starts({start: each.span.size for start, each in self._by_start.items()})

    def find(self, start: int, size: int) -> Mapped | None:
        """The living mapping that holds these addresses, or None."""
        for key in [key for key, mapped in self._by_start.items() if mapped.memory() is None]:
            del self._by_start[key]
        starts = sorted(self._by_start)
        place = bisect_right(starts, start) - 1
        if place < 0:
            return None
        mapped = self._by_start[starts[place]]
        return mapped if start + size <= mapped.start + mapped.span.size else None

    def find_clean(self, buffer: memoryview) -> Mapped | None:
        """The mapping that holds a buffer, if nothing was written to it since it was mapped."""
        if not self._by_start:
            return None
        mapped = self.find(address_of(buffer), buffer.nbytes)
        return mapped if mapped is not None and not self.is_dirty(mapped) else None

    def holds_clean(self, array: Any) -> bool:
        """Whether an array's memory is in a mapping that others may share and that nobody wrote to."""
        if not self._by_start:
            return False
        low, high = extent(array)
        mapped = self.find(low, high - low)
        return mapped is not None and not mapped.private and not self.is_dirty(mapped)

    def is_dirty(self, mapped: Mapped) -> bool:
        """Whether a page of the mapping was written to, as of the last :meth:`refresh`."""
        return mapped.start in self._dirty

    def changed(self) -> set[tuple[str, int]]:
        """Bundle and index of the buffers whose shared mapping holds something else than it did."""
        found = set()
        for each in self._by_start.values():
            memory = each.memory()
            if memory is None or each.private or not self.is_dirty(each):
                continue
            if self.digest(memoryview(memory)) != each.span.digest:
                found.add((each.bundle, each.index))
        return found

    def digest(self, buffer: memoryview) -> str:
        """Hex SHA-256 of a buffer's bytes; not computed when the mapping that holds it is as it was."""
        mapped = self.find_clean(buffer)
        if mapped is not None:
            if buffer.nbytes == mapped.span.size:
                return mapped.span.digest
            return f"{mapped.span.digest}+{address_of(buffer) - mapped.start}:{buffer.nbytes}"
        if self.find(address_of(buffer), buffer.nbytes) is None:
            return hashlib.sha256(buffer).hexdigest()
        key = (address_of(buffer), buffer.nbytes)
        if key not in self._digests:
            self._digests[key] = hashlib.sha256(buffer).hexdigest()
        return self._digests[key]


def _dirty_starts(spans: dict[int, int]) -> set[int]:
    """Which of the mappings (start to size) have pages of their own; all, where the system does not tell."""
    dirty: set[int] = set()
    seen: set[int] = set()
    current: list[int] = []
    try:
        with Path("/proc/self/smaps").open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line[:10] == "Anonymous:":
                    if current and int(line.split()[1]) > 0:
                        dirty.update(current)
                elif line[0] in "0123456789abcdef" and "-" in line[:17]:
                    low, _, high = line.split(None, 1)[0].partition("-")
                    bottom, top = int(low, 16), int(high, 16)
                    current = [start for start, size in spans.items() if start < top and bottom < start + size]
                    seen.update(current)
    except OSError:
        return set(spans)
    return dirty | (set(spans) - seen)


def page_size() -> int:
    """Granularity of mappings, in bytes."""
    return max(mmap.ALLOCATIONGRANULARITY, os.sysconf("SC_PAGE_SIZE"))
