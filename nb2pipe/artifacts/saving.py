"""From live values to a bundle: which objects go together, and what is referred to instead of written again."""

from __future__ import annotations

import functools
import hashlib
import io
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nb2pipe.artifacts.context import Context
from nb2pipe.artifacts.manifest import BufferUse, Group, Moved, Reference
from nb2pipe.artifacts.memory import Regions, address_of
from nb2pipe.artifacts.preview import preview, qualified_type
from nb2pipe.artifacts.referencing import ReferencingPickler, is_shareable
from nb2pipe.artifacts.scan import Scan, scan_all, shared_objects
from nb2pipe.artifacts.sharing import Piece
from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.artifacts.summary import Summary, summary
from nb2pipe.artifacts.writer import BundleWriter
from nb2pipe.model import Artifact

Owners = frozenset[str]


@dataclass(frozen=True)
class Older:
    """What a name held when the step began, where the step changed that very object.

    Args:
        references: the object in its bundle, and in the bundles before that.
        supersedes: older groups that are out of date by it, as ``digest/group``, and memory, as ``digest#buffer``.
    """

    references: tuple[Reference, ...]
    supersedes: tuple[str, ...]


@dataclass
class Saved:
    """What was written.

    Args:
        digest: the bundle; empty when there was nothing to write.
        artifacts: one for each name.
        contents: name to digest of all that it reaches.
        reasons: name to reason, for those that cannot cross.
        again: ids of objects of older bundles that must be written again, because no reference can stand for them;
            when there are any, nothing was written.
    """

    digest: str = ""
    artifacts: list[Artifact] = field(default_factory=list)
    contents: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    again: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Standing:
    """What stands, unchanged, in older bundles and is referred to instead of being written again.

    Args:
        known: id of an object to where it stands.
        nameless: ids of objects that stand there too, but that no reference can name.
        arrays: id to array, for the arrays among them that may share memory with others.
    """

    known: Mapping[int, Reference] = field(default_factory=dict)
    nameless: Container[int] = ()
    arrays: Mapping[int, Piece] = field(default_factory=dict)


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
    living: list[Any] = field(default_factory=list)

    def entry(self, value: Any) -> int:
        """Index of an object among the entries; it becomes one if it is none."""
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = len(self.entries)
            self.entries.append(value)
        return number


@dataclass(frozen=True)
class _Sorting:
    """Which cell an object belongs to, or which older bundle; cells come into being as they are referred to."""

    owners: Mapping[int, Owners]
    cells: dict[Owners, _Cell]
    standing: Standing
    again: set[int]

    def ready(self, cell: _Cell, scans: Mapping[str, Scan]) -> Scan | None:
        """The bytes of a lone name that shares nothing with anything: they were made when it was taken apart."""
        if len(cell.owners) != 1 or len(cell.entries) != 1:
            return None
        scanned = scans[next(iter(cell.owners))]
        if cell.entries[0] is not scanned.value or not self.owners.keys().isdisjoint(scanned.objects):
            return None
        known, nameless = self.standing.known, self.standing.nameless
        stands = any((key in known or key in nameless) and is_shareable(obj) for key, obj in scanned.objects.items())
        return None if stands else scanned

    def number(self, cell: _Cell, numbers: dict[int, int], obj: Any) -> int | None:
        """Index among the references of ``cell`` of an object that is not its own; None for one that is."""
        key = id(obj)
        number = numbers.get(key)
        if number is not None:
            return number
        reference = self._reference(cell, key, obj)
        if reference is None:
            return None
        numbers[key] = len(cell.references)
        cell.references.append(reference)
        cell.living.append(obj)
        return numbers[key]

    def _reference(self, cell: _Cell, key: int, obj: Any) -> tuple[Owners, int] | Reference | None:
        target = self.standing.known.get(key)
        if target is not None and is_shareable(obj):
            return target
        if key in self.standing.nameless and is_shareable(obj):
            self.again.add(key)
        owner = self.owners.get(key)
        if owner is None or not owner > cell.owners:
            return None
        return owner, self.cells.setdefault(owner, _Cell(owner)).entry(obj)


NOTHING = Standing()


class Saver:
    """Saves values of one kernel.

    Args:
        store: where bundles go.
        staging: folder for files being written, on the same file system.
        context: the kernel.
    """

    def __init__(self, store: ArtifactStore, staging: Path, context: Context) -> None:
        self.store = store
        self.staging = staging
        self.context = context

    def save(
        self,
        values: Mapping[str, Any],
        *,
        standing: Standing = NOTHING,
        older: Mapping[str, Older] | None = None,
    ) -> Saved:
        """Write values as one bundle.

        Args:
            values: name to value.
            standing: what is referred to instead of being written.
            older: for names whose object the step changed, what it was before.

        Raises:
            ArtifactError: the disk is full, or the store cannot be written.
        """
        saved = Saved()
        scans, regions, saved.again = scan_all(values, self.context, standing.arrays)
        saved.reasons = {name: each.reason for name, each in scans.items() if each.reason}
        scans = {name: each for name, each in scans.items() if not each.reason}
        cells = self._cells(scans, regions, standing, saved.again)
        if not cells or saved.again:
            return saved
        with BundleWriter(self.store, self.staging) as writer:
            groups = self._write(writer, cells, older or {})
            saved.digest = writer.commit(groups)
            sizes = [group.pickle.size + sum(use.size for use in group.buffers) for group in groups]
        summaries: dict[str, Summary] = {}
        for index, group in enumerate(groups):
            for name in group.names:
                value = values[name]
                artifact = Artifact(name, saved.digest, index, sizes[index], qualified_type(value), preview(value))
                saved.artifacts.append(artifact)
                saved.contents[name] = f"{group.content}/{group.names[name]}"
                head = None if name.startswith("@") else summary(value)
                if head is not None:
                    summaries[name] = head
        if summaries:
            self.store.keep_summaries(saved.digest, summaries)
        return saved

    def _cells(self, scans: Mapping[str, Scan], regions: Regions, standing: Standing, again: set[int]) -> list[_Cell]:
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
        while cells:
            place = min(cells, key=lambda each: (len(each), sorted(each)))
            cell = cells.pop(place)
            self._pickle(cell, _Sorting(owners, cells, standing, again), scans, regions)
            done.append(cell)
        return done

    def _pickle(self, cell: _Cell, sorting: _Sorting, scans: Mapping[str, Scan], regions: Regions) -> None:
        ready = sorting.ready(cell, scans)
        if ready is None:
            file = io.BytesIO()
            numbers: dict[int, int] = {}
            ordered = {key: each for name in cell.owners for key, each in scans[name].ordered.items()}
            outside = functools.partial(sorting.number, cell, numbers)
            pickler = ReferencingPickler(file, self.context, regions, outside, ordered)
            pickler.dump_deep(cell.entries)
            cell.data, cell.buffers, cell.classes = file.getvalue(), pickler.buffers, pickler.class_ids
            cell.private_buffers = pickler.private_buffers
        else:
            cell.data, cell.buffers, cell.classes = ready.data, ready.buffers, ready.classes
            cell.private_buffers = ready.private_buffers

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
                    moved=tuple(Moved(old, cell.names[name]) for name, each in changed for old in each.references),
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
            mapped = self.context.mappings.find_clean(buffer)
            if mapped is not None:
                start = address_of(buffer) - mapped.start
                uses.append(BufferUse(mapped.bundle, mapped.index, private, start, buffer.nbytes))
            else:
                uses.append(BufferUse("", writer.add_buffer(buffer), private, 0, buffer.nbytes))
        return uses
