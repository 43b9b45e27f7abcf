"""The folder of bundles: content-addressed, written whole or not at all, verified, pruned."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from nb2pipe.artifacts.manifest import Manifest, Span, digest_of, parse_manifest
from nb2pipe.artifacts.summary import Summary
from nb2pipe.errors import ArtifactError
from nb2pipe.model.json import from_json, to_json

AGAIN = "run again with --no-cache: the step that made it will make it anew"
CHUNK_BYTES = 8 * 2**20
STAGING_S = 86_400.0
SUMMARIES = ".summaries"
MOST_SUMMARY_BYTES = 32 * 2**20


class ArtifactStore:
    """Bundles under one folder: ``ab/abcd….bundle`` holds the bytes, ``ab/abcd….json`` the manifest and its seal.

    ``ab/abcd….summaries`` holds what is shown of its values; it is nothing that a step relies on, and may be missing.

    A bundle exists when its manifest does; the manifest is written last. Several processes may write and read at once.

    Args:
        folder: the folder; it need not exist yet.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self._manifests: dict[str, tuple[Manifest, tuple[int, ...]]] = {}

    def bundle_path(self, digest: str) -> Path:
        """File with the bytes of bundle ``digest``."""
        return self.folder / digest[:2] / f"{digest}.bundle"

    def manifest_path(self, digest: str) -> Path:
        """File with the manifest of bundle ``digest``; it exists only once the bundle is whole."""
        return self.folder / digest[:2] / f"{digest}.json"

    def keep_summaries(self, digest: str, summaries: Mapping[str, Summary]) -> None:
        """Keep what is shown of the values of a bundle; where that cannot be written there is none.

        Args:
            digest: the bundle.
            summaries: by name of the variable.
        """
        path = self.manifest_path(digest).with_suffix(SUMMARIES)
        part = self.folder / "staging" / f"{path.name}.{os.getpid()}"
        with contextlib.suppress(OSError):
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(to_json(dict(summaries))), "utf-8", errors="replace")
            part.replace(path)

    def summary(self, digest: str, name: str) -> Summary | None:
        """What is shown of a value; None where nothing was kept of it."""
        path = self.manifest_path(digest).with_suffix(SUMMARIES)
        try:
            if path.stat().st_size > MOST_SUMMARY_BYTES:
                return None
            found = json.loads(path.read_text("utf-8"))
            return from_json(Summary, found[name]) if name in found else None
        except (OSError, ValueError, TypeError):
            return None

    def exists(self, digest: str) -> bool:
        """Whether the bundle is there, whole as far as its size tells, with all that it refers to."""
        try:
            manifest = self.manifest(digest)
            size = self.bundle_path(digest).stat().st_size
        except (ArtifactError, OSError):
            return False
        return size == manifest.size and all(self.exists(other) for other in manifest.needs())

    def is_sound(self, digest: str) -> bool:
        """Whether the bundle is there with all that it refers to, and unchanged; a file that was touched is read."""
        try:
            if not self.is_as_written(digest):
                self.verify(digest)
            return all(self.is_sound(other) for other in self.manifest(digest).needs())
        except (ArtifactError, OSError):
            return False

    def manifest(self, digest: str) -> Manifest:
        """What bundle ``digest`` holds.

        Raises:
            ArtifactError: there is no such bundle, or its manifest is damaged.
        """
        return self._read(digest)[0]

    def content(self, digest: str, group: int, name: str) -> str:
        """A digest of all that ``name`` reaches, the same in whichever bundle and beside whatever else it stands.

        Raises:
            ArtifactError: there is no such bundle or name.
        """
        try:
            found = self.manifest(digest).groups[group]
            return f"{found.content}/{found.names[name]}"
        except (IndexError, KeyError):
            raise ArtifactError(f"artifact {digest[:12]} holds no {name!r} in group {group}", hint=AGAIN) from None

    def is_as_written(self, digest: str) -> bool:
        """Whether the bundle's file is the very file that was sealed, unchanged since (by inode, size and time)."""
        return self._read(digest)[1] == _seal(self.bundle_path(digest))

    def _read(self, digest: str) -> tuple[Manifest, tuple[int, ...]]:
        if digest not in self._manifests:
            path = self.manifest_path(digest)
            try:
                document = json.loads(path.read_text(encoding="utf-8"))
                text, seal = document["manifest"], tuple(document["seal"])
                if digest_of(text) != digest:
                    raise ValueError("the text does not fit its digest")
                self._manifests[digest] = (parse_manifest(text), seal)
            except FileNotFoundError:
                raise ArtifactError(f"artifact {digest[:12]} is missing from {self.folder}", hint=AGAIN) from None
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise ArtifactError(f"the manifest {path} is damaged: {error}", hint=AGAIN) from error
        return self._manifests[digest]

    def commit(self, manifest: Manifest, staged: Path) -> str:
        """Take a staged file into the store under the digest of its manifest; the staged file is gone afterwards.

        Raises:
            OSError: the disk is full, or the folder cannot be written.
        """
        text = manifest.text()
        digest = digest_of(text)
        path = self.bundle_path(digest)
        if self._has_sound(digest):
            staged.unlink()
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        staged.replace(path)
        document = json.dumps({"manifest": text, "seal": _seal(path)})
        part = staged.with_suffix(".json")
        try:
            _write_synced(part, document)
            part.replace(self.manifest_path(digest))
        finally:
            part.unlink(missing_ok=True)
        self._manifests.pop(digest, None)
        return digest

    def _has_sound(self, digest: str) -> bool:
        try:
            self._manifests.pop(digest, None)
            return self.is_as_written(digest)
        except (ArtifactError, OSError):
            return False

    def verify(self, digest: str) -> None:
        """Check every byte of a bundle against its manifest.

        Raises:
            ArtifactError: it is missing or damaged.
        """
        manifest = self.manifest(digest)
        path = self.bundle_path(digest)
        spans = [*manifest.buffers, *(group.pickle for group in manifest.groups)]
        try:
            with path.open("rb") as file:
                for span in spans:
                    check_span(path, file.fileno(), span)
        except OSError as error:
            raise ArtifactError(f"artifact {path} cannot be read: {error}", hint=AGAIN) from error

    def digests(self) -> Iterator[str]:
        """Digests of all bundles in the store."""
        for path in sorted(self.folder.glob("??/*.json")):
            yield path.stem

    def prune(self, keep: Collection[str], *, grace_s: float = 0.0) -> int:
        """Remove bundles that are neither in ``keep`` nor referred to by one that stays, and what killed writers left.

        Args:
            keep: digests of bundles in use.
            grace_s: seconds that a file must have been left alone: a step that ends at this moment has written a
                bundle that is in nobody's ``keep`` yet, so give some where other runs may be under way.

        Returns:
            Bytes freed.
        """
        wanted: set[str] = set()
        todo = list(keep)
        while todo:
            digest = todo.pop()
            if digest not in wanted:
                wanted.add(digest)
                with contextlib.suppress(ArtifactError):
                    todo.extend(self.manifest(digest).needs())
        latest = time.time() - grace_s
        freed = 0
        for path in sorted(self.folder.glob("??/*")):
            if path.stem not in wanted and path.suffix in (".json", ".bundle", SUMMARIES):
                freed += _remove(path, latest)
                self._manifests.pop(path.stem, None)
        abandoned = latest - STAGING_S
        return freed + sum(_remove(path, abandoned) for path in sorted(self.folder.glob("staging/*")))


def _remove(path: Path, latest: float) -> int:
    """Remove a file that was last written before ``latest``; returns the bytes freed."""
    try:
        status = path.stat()
        if status.st_mtime > latest:
            return 0
        path.unlink()
    except FileNotFoundError:
        return 0
    return status.st_size


def check_span(path: Path, descriptor: int, span: Span) -> None:
    """Check the bytes of one span of a bundle file.

    Raises:
        ArtifactError: they are not what was written.
    """
    hasher = hashlib.sha256()
    left, offset = span.size, span.offset
    while left:
        data = os.pread(descriptor, min(left, CHUNK_BYTES), offset)
        if not data:
            raise ArtifactError(f"artifact {path} is damaged: it ends at byte {offset}", hint=AGAIN)
        hasher.update(data)
        left -= len(data)
        offset += len(data)
    if hasher.hexdigest() != span.digest:
        raise ArtifactError(f"artifact {path} is damaged: bytes {span.offset} to {offset} changed", hint=AGAIN)


def _seal(path: Path) -> tuple[int, ...]:
    status = path.stat()
    return (status.st_ino, status.st_size, status.st_mtime_ns)


def _write_synced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
