"""A notebook as read: its cells, and what their tags say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from nb2pipe.errors import Diagnostic

Language = str


class Role(StrEnum):
    """What a code cell is for."""

    STEP = "step"
    SETUP = "setup"
    PARAMETERS = "parameters"
    METRICS = "metrics"
    SKIP = "skip"


@dataclass(frozen=True)
class Tag:
    """What the tags of one cell say, in one grammar whatever the tags were written in.

    Args:
        role: the cell's role; None when no tag of ours gives it one.
        step: step that the cell starts or continues; None when it follows the cell before.
        after: steps that must run earlier, as declared by ``after:`` or ``prev:``.
        settings: raw settings from tags and from the metadata ``nb2pipe``, not validated yet.
        kale: whether the tags were in Kale's grammar.
    """

    role: Role | None = None
    step: str | None = None
    after: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    kale: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell.

    Args:
        index: position in the notebook, from 0, all cell types counted.
        id: nbformat cell id (made up, stable by position, where the file has none).
        kind: ``code``, ``markdown`` or ``raw``.
        source: text as written, magics included.
        tags: raw tags in their order.
        metadata: the cell's metadata as read.
        tag: what the tags mean.
    """

    index: int
    id: str
    kind: str
    source: str
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    tag: Tag = field(default_factory=Tag)

    @property
    def is_code(self) -> bool:
        """Whether Run All executes this cell."""
        return self.kind == "code" and bool(self.source.strip())


@dataclass(frozen=True)
class Notebook:
    """A notebook as read from its file.

    Args:
        path: where it was read from (a path, a URL, or ``-``).
        folder: absolute folder that relative paths in it refer to.
        cells: all cells in order.
        metadata: the notebook's metadata as read.
        kernel_name: Jupyter kernel spec name, ``python3`` where none is named.
        language: language in lower case, ``python`` where none is named.
        digest: hex SHA-256 of ``text``.
        text: the file's text, as read.
        document: the notebook as nbformat 4.5 JSON (upgraded where the file was older; ids filled in as in ``cells``).
        diagnostics: what was noticed while reading (upgraded, ids made up ...).
    """

    path: str
    folder: str
    cells: tuple[Cell, ...]
    metadata: Mapping[str, Any]
    kernel_name: str
    language: Language
    digest: str
    text: str
    document: Mapping[str, Any]
    diagnostics: tuple[Diagnostic, ...] = ()
