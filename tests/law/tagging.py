"""Step tags for notebooks that have none, and for the hardest test of all: every code cell a step of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.law.subject import clean_document, source_of, tags_of

SPLITS = ("auto", "each", "none")
STEPS_WITHOUT_HEADINGS = 4
_HEADING = re.compile(r"^#{1,4} ", re.MULTILINE)
_KEPT = {"parameters", "pipeline-parameters", "setup", "imports", "functions", "skip", "metrics", "pipeline-metrics"}
_OURS = re.compile(r"^(?:step|block|after|prev):")


def tag_document(document: Mapping[str, Any], split: str) -> dict[str, Any]:
    """The notebook with step tags.

    Args:
        document: nbformat 4 JSON.
        split: ``auto`` keeps the tags there are, else tags at headings, else every few cells; ``each`` makes
            every code cell that has no other role a step; ``none`` leaves the notebook alone.
    """
    copy = clean_document(document)
    if split == "each":
        _tag_each(copy["cells"])
    elif split == "auto" and not any(_is_tagged(cell) for cell in copy["cells"]):
        _tag_sections(copy["cells"])
    elif split not in SPLITS:
        raise ValueError(f"unknown split {split!r}; known are {', '.join(SPLITS)}")
    return copy


def _is_tagged(cell: Mapping[str, Any]) -> bool:
    return any(tag in _KEPT or _OURS.match(tag) for tag in tags_of(cell))


def _is_code(cell: Mapping[str, Any]) -> bool:
    return cell["cell_type"] == "code" and bool(source_of(cell).strip())


def _tag_each(cells: list[dict[str, Any]]) -> None:
    for index, cell in enumerate(cells):
        tags = [tag for tag in tags_of(cell) if not _OURS.match(tag)]
        if _is_code(cell) and not _KEPT & set(tags):
            tags.insert(0, f"step:cell-{index + 1}")
        cell["metadata"]["tags"] = tags


def _tag_sections(cells: list[dict[str, Any]]) -> None:
    sections: list[list[dict[str, Any]]] = [[]]
    for cell in cells:
        if cell["cell_type"] == "markdown" and _HEADING.search(source_of(cell)):
            sections.append([])
        elif _is_code(cell):
            sections[-1].append(cell)
    sections = [section for section in sections if section]
    if len(sections) < 2:
        code = [cell for section in sections for cell in section]
        size = -(-len(code) // STEPS_WITHOUT_HEADINGS) or 1
        sections = [code[start : start + size] for start in range(0, len(code), size)]
    for number, section in enumerate(sections, 1):
        section[0]["metadata"]["tags"] = [*tags_of(section[0]), f"step:section-{number}"]
