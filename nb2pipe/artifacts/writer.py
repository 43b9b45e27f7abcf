"""Writing one bundle: buffers aligned to pages, pickles behind them, digests computed beside the writing."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import queue
import threading
import uuid
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from nb2pipe.artifacts.manifest import Group, Manifest, Span
from nb2pipe.artifacts.mapping import page_size
from nb2pipe.artifacts.memory import address_of
from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.errors import ArtifactError

CHUNK_BYTES = 4 * 2**20
AHEAD_BYTES = 64 * 2**20
SYNC_FILE_RANGE_WRITE = 2
_libc_sync = getattr(ctypes.CDLL(None), "sync_file_range", None)


class BundleWriter:
    """A bundle in the making; leaves nothing behind unless it is committed.

    Args:
        store: where it will go.
        staging: folder for the file until then, on the same file system as the store.

    Raises:
        ArtifactError: the disk is full or the folder cannot be written (here and in every method).
    """

    def __init__(self, store: ArtifactStore, staging: Path) -> None:
        self._store = store
        self.path = staging / f"{uuid.uuid4().hex}.bundle"
        with _explained(self.path):
            staging.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._end = 0
        self._hashing = _Hashing()
        self._spans: list[tuple[int, int, int]] = []
        self._kept: dict[tuple[int, int], tuple[int, memoryview]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hashing.close()
        with contextlib.suppress(OSError):
            os.close(self._descriptor)
        self.path.unlink(missing_ok=True)

    def add_buffer(self, buffer: memoryview) -> int:
        """Write a buffer once, however often the same memory is added; returns its index."""
        key = (address_of(buffer), buffer.nbytes)
        if key not in self._kept:
            page = page_size()
            self._end = -(-self._end // page) * page
            self._kept[key] = (len(self._spans), buffer)
            self._spans.append(self._write(buffer))
        return self._kept[key][0]

    def add_pickle(self, data: bytes) -> Span:
        """Write the in-band bytes of a group."""
        with _explained(self.path):
            _write_all(self._descriptor, memoryview(data), self._end)
        span = Span(self._end, len(data), hashlib.sha256(data).hexdigest())
        self._end += len(data)
        return span

    def buffer_spans(self) -> tuple[Span, ...]:
        """Where the buffers stand; waits for their digests."""
        digests = self._hashing.results()
        return tuple(Span(offset, size, digests[number]) for number, offset, size in self._spans)

    def commit(self, groups: Sequence[Group]) -> str:
        """Make it a bundle of the store; returns its digest."""
        with _explained(self.path):
            os.fsync(self._descriptor)
            return self._store.commit(Manifest(self._end, self.buffer_spans(), tuple(groups)), self.path)

    def _write(self, buffer: memoryview) -> tuple[int, int, int]:
        flat = buffer.cast("B") if buffer.format != "B" or buffer.ndim != 1 else buffer
        offset = self._end
        number = self._hashing.begin()
        with _explained(self.path):
            for start in range(0, flat.nbytes, CHUNK_BYTES):
                chunk = flat[start : start + CHUNK_BYTES]
                self._hashing.feed(number, chunk)
                _write_all(self._descriptor, chunk, offset + start)
                _begin_flush(self._descriptor, offset + start, chunk.nbytes)
        self._end += flat.nbytes
        return number, offset, flat.nbytes


class _Hashing:
    """Digests computed in a thread beside the writing; hashlib lets go of the interpreter meanwhile."""

    def __init__(self) -> None:
        self._work: queue.Queue[tuple[int, memoryview] | None] = queue.Queue(AHEAD_BYTES // CHUNK_BYTES)
        self._hashers: list[hashlib._Hash] = []
        self._thread: threading.Thread | None = None

    def begin(self) -> int:
        self._hashers.append(hashlib.sha256())
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        return len(self._hashers) - 1

    def feed(self, number: int, chunk: memoryview) -> None:
        self._work.put((number, chunk))

    def _run(self) -> None:
        while (item := self._work.get()) is not None:
            self._hashers[item[0]].update(item[1])

    def close(self) -> None:
        if self._thread is not None:
            self._work.put(None)
            self._thread.join()
            self._thread = None

    def results(self) -> list[str]:
        self.close()
        return [hasher.hexdigest() for hasher in self._hashers]


def _begin_flush(descriptor: int, offset: int, size: int) -> None:
    """Let the system begin to write to the disk, so that the sync at the end has little left to wait for (Linux)."""
    if _libc_sync is not None:
        _libc_sync(descriptor, ctypes.c_int64(offset), ctypes.c_int64(size), SYNC_FILE_RANGE_WRITE)


def _write_all(descriptor: int, data: memoryview, offset: int) -> None:
    while data:
        count = os.pwrite(descriptor, data, offset)
        data = data[count:]
        offset += count


@contextlib.contextmanager
def _explained(path: Path):  # type: ignore[no-untyped-def]
    """Turn what the system says into an error of ours."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            hint = "free some space, `nb2pipe runs prune` removes what old runs left, or set `home` to another disk"
            raise ArtifactError(
                f"the disk is full: {path.parent} has no room for what this step leaves", hint=hint
            ) from error
        raise ArtifactError(f"artifacts cannot be written to {path.parent}: {error.strerror or error}") from error
