"""A notebook under test, with the files that stand beside it and what is expected of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PYTHON_KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
NOT_COPIED = ("__pycache__", ".ipynb_checkpoints", ".git", ".cache", ".venv", "node_modules")


@dataclass(frozen=True)
class Subject:
    """One notebook under test.

    Args:
        name: shown in the table; unique within one bench.
        document: the notebook as nbformat 4 JSON.
        folder: folder to copy beside it, None for an empty one.
        files: further files beside it, path to text.
        expect: verdicts that are right for it; empty for the law's own: equal or refused.
        parameters: values given for the notebook's parameters.
        about: one sentence on what it is there for.
    """

    name: str
    document: Mapping[str, Any]
    folder: Path | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    expect: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    about: str = ""

    def lay_out(self, folder: Path) -> Path:
        """Write the notebook and its files into a fresh ``folder``; returns the notebook's path."""
        if folder.exists():
            shutil.rmtree(folder)
        if self.folder is None:
            folder.mkdir(parents=True)
        else:
            shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))
        for name, text in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        path = folder / f"{Path(self.name).name}.ipynb"
        path.write_text(json.dumps(self.document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return path


def make_cell(
    index: int, kind: str, source: str, tags: Sequence[str] = (), metadata: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A cell as nbformat 4.5 JSON, with the id ``c<index>``."""
    cell: dict[str, Any] = {"cell_type": kind, "id": f"c{index}", "metadata": dict(metadata or {}), "source": source}
    if tags:
        cell["metadata"]["tags"] = list(tags)
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def make_document(cells: Iterable[Mapping[str, Any]], metadata: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A Python notebook as nbformat 4.5 JSON."""
    return {
        "cells": [dict(cell) for cell in cells],
        "metadata": {**PYTHON_KERNEL, **(metadata or {})},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def source_of(cell: Mapping[str, Any]) -> str:
    """The cell's text, whether it is stored as text or as lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def tags_of(cell: Mapping[str, Any]) -> list[str]:
    """The cell's tags."""
    return list(cell.get("metadata", {}).get("tags", []))


def clean_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """A copy without outputs and counts, every cell with an id."""
    copy: dict[str, Any] = json.loads(json.dumps(document))
    for index, cell in enumerate(copy["cells"]):
        cell.setdefault("id", f"c{index}")
        if cell["cell_type"] == "code":
            cell |= {"execution_count": None, "outputs": []}
    copy |= {"nbformat": 4, "nbformat_minor": max(5, int(document.get("nbformat_minor", 5)))}
    return copy
