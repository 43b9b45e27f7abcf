"""What a bundle holds, as written beside it; a bundle's digest is the digest of this text.

A bundle is made of *groups*. A group is a set of objects that are reached by the same names: it is pickled as one, its
entries are the objects that names, or other groups, refer to. Two names that share an object each have a group of
their own and refer to a third, so that every object exists once, however many names reach it and in whichever
bundle it was written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FORMAT = 1


@dataclass(frozen=True)
class Span:
    """Bytes of the bundle file: where they start, how many, and their hex SHA-256."""

    offset: int
    size: int
    digest: str


@dataclass(frozen=True)
class BufferUse:
    """A buffer that a group needs.

    Args:
        bundle: digest of the bundle that holds it; empty for the group's own bundle.
        index: index among that bundle's buffers.
        private: whether it must share memory with no other use (pandas' copy-on-write frames).
        start: first byte within the buffer.
        size: bytes used.
    """

    bundle: str
    index: int
    private: bool
    start: int
    size: int


@dataclass(frozen=True)
class Reference:
    """An object of another group.

    Args:
        bundle: digest of the bundle; empty for the own one.
        group: index of the group.
        entry: index among its entries; -1 - n for the n-th object in its pickle's memo.
    """

    bundle: str
    group: int
    entry: int


@dataclass(frozen=True)
class Moved:
    """An older object that lives on, changed, in this group: ``reference`` is now ``entry``."""

    reference: Reference
    entry: int


@dataclass(frozen=True)
class Group:
    """Objects pickled as one.

    Args:
        pickle: its in-band bytes.
        buffers: out-of-band buffers in the order of the pickle.
        references: objects of other groups; the pickle names them by index.
        names: variable to entry.
        content: digest of all that the group reaches, whichever bundle holds it.
        supersedes: older groups, as ``digest/group``, whose objects this group changed.
        moved: where the entries of those are now.
        classes: ids of the classes defined in the notebook that it holds.
    """

    pickle: Span
    buffers: tuple[BufferUse, ...] = ()
    references: tuple[Reference, ...] = ()
    names: Mapping[str, int] = field(default_factory=dict)
    content: str = ""
    supersedes: tuple[str, ...] = ()
    moved: tuple[Moved, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """All of a bundle: its size in bytes, its buffers and its groups."""

    size: int
    buffers: tuple[Span, ...]
    groups: tuple[Group, ...]

    def text(self) -> str:
        """The canonical text; equal bundles have equal texts."""
        document = {
            "format": FORMAT,
            "size": self.size,
            "buffers": [_span(each) for each in self.buffers],
            "groups": [_group(each) for each in self.groups],
        }
        return json.dumps(document, sort_keys=True, separators=(",", ":"))

    def needs(self) -> set[str]:
        """Digests of the other bundles that this one refers to."""
        found = {use.bundle for group in self.groups for use in group.buffers}
        found |= {reference.bundle for group in self.groups for reference in group.references}
        return found - {""}


def digest_of(text: str) -> str:
    """Hex SHA-256 of a manifest's text: the bundle's digest."""
    return hashlib.sha256(text.encode()).hexdigest()


def parse_manifest(text: str) -> Manifest:
    """The inverse of :meth:`Manifest.text`.

    Raises:
        ValueError, KeyError, TypeError: the text is no manifest, or of another format.
    """
    document = json.loads(text)
    if document["format"] != FORMAT:
        raise ValueError(f"bundle format {document['format']!r} is not {FORMAT}")
    return Manifest(
        size=document["size"],
        buffers=tuple(Span(*each) for each in document["buffers"]),
        groups=tuple(_read_group(each) for each in document["groups"]),
    )


def _span(span: Span) -> list[Any]:
    return [span.offset, span.size, span.digest]


def _reference(reference: Reference) -> list[Any]:
    return [reference.bundle, reference.group, reference.entry]


def _group(group: Group) -> dict[str, Any]:
    document: dict[str, Any] = {"pickle": _span(group.pickle), "content": group.content}
    if group.buffers:
        document["buffers"] = [[use.bundle, use.index, use.private, use.start, use.size] for use in group.buffers]
    if group.references:
        document["references"] = [_reference(each) for each in group.references]
    if group.names:
        document["names"] = dict(group.names)
    if group.supersedes:
        document["supersedes"] = list(group.supersedes)
    if group.moved:
        document["moved"] = [[*_reference(each.reference), each.entry] for each in group.moved]
    if group.classes:
        document["classes"] = list(group.classes)
    return document


def _read_group(document: dict[str, Any]) -> Group:
    return Group(
        pickle=Span(*document["pickle"]),
        buffers=tuple(BufferUse(*each) for each in document.get("buffers", ())),
        references=tuple(Reference(*each) for each in document.get("references", ())),
        names=document.get("names", {}),
        content=document["content"],
        supersedes=tuple(document.get("supersedes", ())),
        moved=tuple(Moved(Reference(*each[:3]), each[3]) for each in document.get("moved", ())),
        classes=tuple(document.get("classes", ())),
    )
