"""Notebooks written as plain text, many in one file, so that a new one is a few lines.

    === name: one sentence on what it is there for
    expect: refused
    parameters: {"n": 3}
    # %% [markdown]
    Any text.
    # %% [file helpers.py]
    def f(): ...
    # %% step:load after:other {"nb2pipe": {"cache": false}}
    x = 1

``expect`` (verdicts, separated by spaces), ``parameters`` and ``metadata`` (JSON) are optional lines before the
first cell. The marker of a cell takes tags separated by spaces, then the cell's further metadata as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.law.subject import Subject, make_cell, make_document

SUFFIX = ".percent"
_NOTEBOOK = re.compile(r"^=== (\S+): (.+)$", re.MULTILINE)
_CELL = re.compile(r"^# %%[ \t]*(?:\[(markdown|raw|file)(?: ([^\]]+))?\])?[ \t]*(.*)$", re.MULTILINE)
_OPTION = re.compile(r"^(expect|parameters|metadata): (.+)$", re.MULTILINE)


def read_percent(path: Path) -> Iterator[Subject]:
    """The notebooks of one file.

    Raises:
        ValueError: text that belongs to no notebook or no cell.
    """
    before, *parts = _NOTEBOOK.split(path.read_text(encoding="utf-8"))
    if before.strip() or not parts:
        raise ValueError(f"{path}: must begin with '=== name: sentence'")
    for name, about, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        yield _subject(f"{path.stem}/{name}", about, body)


def _subject(name: str, about: str, body: str) -> Subject:
    head, *parts = _CELL.split(body)
    if _OPTION.sub("", head).strip():
        raise ValueError(f"{name}: unknown option in {head.strip()!r}")
    options = dict(_OPTION.findall(head))
    cells: list[dict[str, Any]] = []
    files: dict[str, str] = {}
    for kind, file, marks, text in zip(parts[::4], parts[1::4], parts[2::4], parts[3::4], strict=True):
        source = text.strip("\n")
        if kind == "file":
            files[file] = source + "\n"
            continue
        tags, brace, settings = marks.partition("{")
        metadata = json.loads(brace + settings) if brace else {}
        cells.append(make_cell(len(cells), kind or "code", source, tags.split(), metadata))
    return Subject(
        name=name,
        document=make_document(cells, json.loads(options.get("metadata", "{}"))),
        files=files,
        expect=tuple(options.get("expect", "").split()),
        parameters=json.loads(options.get("parameters", "{}")),
        about=about,
    )
