"""From live values to a bundle: which objects go together, and what is referred to instead of written again."""

from __future__ import annotations

import functools
import hashlib
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nb2pipe.artifacts.context import Context
from nb2pipe.artifacts.manifest import BufferUse, Group, Moved, Reference
from nb2pipe.artifacts.memory import Regions, address_of
from nb2pipe.artifacts.preview import preview, qualified_type
from nb2pipe.artifacts.referencing import ReferencingPickler
from nb2pipe.artifacts.scan import Scan, scan_all, shared_objects
from nb2pipe.artifacts.sorting import Cell, Owners, Sorting, Standing, parted
from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.artifacts.summary import Summary, summary
from nb2pipe.artifacts.writer import BundleWriter
from nb2pipe.model import Artifact


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
        digests: of the bundles; none when there was nothing to write.
        artifacts: one for each name.
        contents: name to digest of all that it reaches.
        reasons: name to reason, for those that cannot cross.
        again: ids of objects of older bundles that must be written again, because no reference can stand for them;
            when there are any, nothing was written.
    """

    digests: list[str] = field(default_factory=list)
    artifacts: list[Artifact] = field(default_factory=list)
    contents: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    again: set[int] = field(default_factory=set)


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
        apart: Collection[str] = (),
    ) -> Saved:
        """Write values as one bundle, or as two.

        Args:
            values: name to value.
            standing: what is referred to instead of being written.
            older: for names whose object the step changed, what it was before.
            apart: names whose values go into a bundle of their own where they share nothing with the others.

        Raises:
            ArtifactError: the disk is full, or the store cannot be written.
        """
        saved = Saved()
        scans, regions, saved.again = scan_all(values, self.context, standing.arrays)
        saved.reasons = {name: each.reason for name, each in scans.items() if each.reason}
        scans = {name: each for name, each in scans.items() if not each.reason}
        cells = self._cells(scans, regions, standing, saved.again)
        if not saved.again:
            for part in parted(cells, apart):
                self._write_bundle(saved, part, values, older or {})
        return saved

    def _write_bundle(
        self, saved: Saved, cells: Sequence[Cell], values: Mapping[str, Any], older: Mapping[str, Older]
    ) -> None:
        with BundleWriter(self.store, self.staging) as writer:
            groups = self._write(writer, cells, older)
            digest = writer.commit(groups)
        saved.digests.append(digest)
        summaries: dict[str, Summary] = {}
        for index, group in enumerate(groups):
            size = group.pickle.size + sum(use.size for use in group.buffers)
            for name in group.names:
                value = values[name]
                saved.artifacts.append(Artifact(name, digest, index, size, qualified_type(value), preview(value)))
                saved.contents[name] = f"{group.content}/{group.names[name]}"
                head = None if name.startswith("@") else summary(value)
                if head is not None:
                    summaries[name] = head
        if summaries:
            self.store.keep_summaries(digest, summaries)

    def _cells(self, scans: Mapping[str, Scan], regions: Regions, standing: Standing, again: set[int]) -> list[Cell]:
        """Sort objects by the names that reach them, and pickle each lot; a lot refers only to later ones."""
        shared = shared_objects(scans.values())
        owners: dict[int, Owners] = {}
        for key in shared:
            owners[key] = frozenset(name for name, each in scans.items() if key in each.objects)
        cells: dict[Owners, Cell] = {}
        for name, each in scans.items():
            place = owners.get(id(each.value), frozenset((name,)))
            cell = cells.setdefault(place, Cell(place))
            cell.names[name] = cell.entry(each.value)
        done: list[Cell] = []
        while cells:
            place = min(cells, key=lambda each: (len(each), sorted(each)))
            cell = cells.pop(place)
            self._pickle(cell, Sorting(owners, cells, standing, again), scans, regions)
            done.append(cell)
        return done

    def _pickle(self, cell: Cell, sorting: Sorting, scans: Mapping[str, Scan], regions: Regions) -> None:
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

    def _write(self, writer: BundleWriter, cells: Sequence[Cell], older: Mapping[str, Older]) -> list[Group]:
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

    def _uses(self, writer: BundleWriter, cell: Cell) -> list[BufferUse]:
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
