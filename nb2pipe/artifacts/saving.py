"""From live values to a bundle: which objects go together, and what is referred to instead of written again."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nb2pipe.artifacts.context import Context
from nb2pipe.artifacts.manifest import BufferUse, Group, Moved, Reference
from nb2pipe.artifacts.mapping import Mappings, address_of
from nb2pipe.artifacts.pickler import NotebookPickler, ReferencingPickler
from nb2pipe.artifacts.preview import preview, qualified_type
from nb2pipe.artifacts.scan import Scan, scan_all, shared_objects
from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.artifacts.writer import BundleWriter
from nb2pipe.model import Artifact

Owners = frozenset[str]


@dataclass(frozen=True)
class Older:
    """What a name held when the step began, where the step changed that very object.

    Args:
        reference: the object in its bundle.
        supersedes: older groups that are out of date by it, as ``digest/group``.
    """

    reference: Reference
    supersedes: tuple[str, ...]


@dataclass
class Saved:
    """What was written.

    Args:
        digest: the bundle; empty when there was nothing to write.
        artifacts: one for each name.
        contents: name to digest of all that it reaches.
        reasons: name to reason, for those that cannot cross.
    """

    digest: str = ""
    artifacts: list[Artifact] = field(default_factory=list)
    contents: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


@dataclass
class _Cell:
    """Objects reached by the same names: a group in the making."""

    owners: Owners
    entries: list[Any] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    data: bytes = b""
    buffers: list[memoryview] = field(default_factory=list)
    private_buffers: set[int] = field(default_factory=set)
    classes: list[str] = field(default_factory=list)
    references: list[tuple[Owners, int] | Reference] = field(default_factory=list)

    def entry(self, value: Any) -> int:
        """Index of an object among the entries; it becomes one if it is none."""
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = len(self.entries)
            self.entries.append(value)
        return number


class Saver:
    """Saves values of one kernel.

    Args:
        store: where bundles go.
        staging: folder for files being written, on the same file system.
        context: the kernel.
        mappings: what it has mapped.
    """

    def __init__(self, store: ArtifactStore, staging: Path, context: Context, mappings: Mappings) -> None:
        self.store = store
        self.staging = staging
        self.context = context
        self.mappings = mappings

    def save(
        self,
        values: Mapping[str, Any],
        *,
        known: Mapping[int, Reference] | None = None,
        older: Mapping[str, Older] | None = None,
    ) -> Saved:
        """Write values as one bundle.

        Args:
            values: name to value.
            known: id of an object that already stands, unchanged, in an older bundle, to where.
            older: for names whose object the step changed, what it was before.

        Raises:
            ArtifactError: the disk is full, or the store cannot be written.
        """
        saved = Saved()
        scans = scan_all(values, self.context, self.mappings)
        saved.reasons = {name: each.reason for name, each in scans.items() if each.reason}
        scans = {name: each for name, each in scans.items() if not each.reason}
        if not scans:
            return saved
        cells = self._cells(scans, known or {})
        with BundleWriter(self.store, self.staging) as writer:
            groups = self._write(writer, cells, older or {})
            saved.digest = writer.commit(groups)
            sizes = [group.pickle.size + sum(use.size for use in group.buffers) for group in groups]
        for index, group in enumerate(groups):
            for name in group.names:
                value = values[name]
                artifact = Artifact(name, saved.digest, index, sizes[index], qualified_type(value), preview(value))
                saved.artifacts.append(artifact)
                saved.contents[name] = f"{group.content}/{group.names[name]}"
        return saved

    def _cells(self, scans: Mapping[str, Scan], known: Mapping[int, Reference]) -> list[_Cell]:
        """Sort objects by the names that reach them, and pickle each lot; a lot refers only to later ones."""
        shared = shared_objects(scans.values())
        owners: dict[int, Owners] = {}
        for key in shared:
            owners[key] = frozenset(name for name, each in scans.items() if key in each.objects)
        cells: dict[Owners, _Cell] = {}
        for name, each in scans.items():
            place = owners.get(id(each.value), frozenset((name,)))
            cell = cells.setdefault(place, _Cell(place))
            cell.names[name] = cell.entry(each.value)
        done: list[_Cell] = []
        regions = {key: region for each in scans.values() for key, region in each.regions.items()}
        while cells:
            place = min(cells, key=lambda each: (len(each), sorted(each)))
            cell = cells.pop(place)
            self._pickle(cell, owners, cells, known, regions)
            done.append(cell)
        return done

    def _pickle(
        self,
        cell: _Cell,
        owners: Mapping[int, Owners],
        cells: dict[Owners, _Cell],
        known: Mapping[int, Reference],
        regions: Mapping[int, Any],
    ) -> None:
        numbers: dict[int, int] = {}
        living: dict[int, Any] = {}

        def outside(obj: Any) -> int | None:
            key = id(obj)
            number = numbers.get(key)
            if number is not None:
                return number
            target = known.get(key)
            owner = owners.get(key)
            if target is None and (owner is None or owner == cell.owners):
                return None
            living[key] = obj
            reference: Any = target
            if target is None and owner is not None:
                reference = (owner, cells.setdefault(owner, _Cell(owner)).entry(obj))
            numbers[key] = len(cell.references)
            cell.references.append(reference)
            return numbers[key]

        file = io.BytesIO()
        pickler: NotebookPickler
        if owners or known:
            pickler = ReferencingPickler(file, self.context, regions, outside)
        else:
            pickler = NotebookPickler(file, self.context, regions)
        pickler.dump_deep(cell.entries)
        cell.data, cell.buffers, cell.classes = file.getvalue(), pickler.buffers, pickler.classes
        cell.private_buffers = pickler.private_buffers

    def _write(self, writer: BundleWriter, cells: Sequence[_Cell], older: Mapping[str, Older]) -> list[Group]:
        places = {cell.owners: index for index, cell in enumerate(cells)}
        uses = [self._uses(writer, cell) for cell in cells]
        pickles = [writer.add_pickle(cell.data) for cell in cells]
        spans = writer.buffer_spans()
        groups: list[Group] = []
        contents: dict[int, str] = {}
        for index in reversed(range(len(cells))):
            cell = cells[index]
            references = tuple(
                each if isinstance(each, Reference) else Reference("", places[each[0]], each[1])
                for each in cell.references
            )
            hasher = hashlib.sha256(pickles[index].digest.encode())
            for use in uses[index]:
                span = spans[use.index] if not use.bundle else self.store.manifest(use.bundle).buffers[use.index]
                hasher.update(f"{span.digest}/{use.start}/{use.size}".encode())
            for each in references:
                inner = contents[each.group] if not each.bundle else self.content_of(each)
                hasher.update(f"{inner}/{each.entry}".encode())
            contents[index] = hasher.hexdigest()
            changed = [(name, older[name]) for name in cell.names if name in older]
            groups.append(
                Group(
                    pickle=pickles[index],
                    buffers=tuple(uses[index]),
                    references=references,
                    names=dict(sorted(cell.names.items())),
                    content=contents[index],
                    supersedes=tuple(sorted({key for _, each in changed for key in each.supersedes})),
                    moved=tuple(Moved(each.reference, cell.names[name]) for name, each in changed),
                    classes=tuple(sorted(set(cell.classes))),
                )
            )
        return groups[::-1]

    def content_of(self, reference: Reference) -> str:
        """Content digest of a group of another bundle."""
        return self.store.manifest(reference.bundle).groups[reference.group].content

    def _uses(self, writer: BundleWriter, cell: _Cell) -> list[BufferUse]:
        """Where the buffers of a group stand: as they were mapped, or in the new bundle."""
        uses = []
        for number, buffer in enumerate(cell.buffers):
            private = number in cell.private_buffers
            mapped = self.mappings.find_clean(buffer)
            if mapped is not None:
                start = address_of(buffer) - mapped.start
                uses.append(BufferUse(mapped.bundle, mapped.index, private, start, buffer.nbytes))
            else:
                uses.append(BufferUse("", writer.add_buffer(buffer), private, 0, buffer.nbytes))
        return uses
