"""Small notebooks as rows of a table, kept as text in ``rows/``: cells in, orders and findings out.

    === a later binding hides an earlier one
    orders: b>c
    codes: N2P210
    --- step:a
    x = 1
    --- step:b
    x = 2
    --- untagged
    y = 3

The name says what the row shows. ``orders`` are the orders between steps, as few as say it all (what follows from
others is left out); ``codes`` are the codes of findings; a line that would be empty is left out. A cell begins with a
line of ``---`` and its tags, or ``untagged``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nb2pipe.conversion import build_pipeline
from nb2pipe.model import Notebook, Pipeline
from nb2pipe.notebook import read_notebook

ROWS = Path(__file__).parent / "rows"


@dataclass(frozen=True)
class Row:
    """One notebook and what is expected of its pipeline."""

    name: str
    cells: str
    orders: frozenset[str]
    codes: list[str]


def read_rows() -> list[Row]:
    """All rows of all tables."""
    return [row for path in sorted(ROWS.glob("*.txt")) for row in _rows(path.read_text(encoding="utf-8"))]


def _rows(text: str) -> Iterator[Row]:
    for part in ("\n" + text).split("\n=== ")[1:]:
        head, _, cells = part.partition("\n--- ")
        name, *options = head.splitlines()
        found = dict(option.split(": ", 1) for option in options)
        assert set(found) <= {"orders", "codes"}, f"row {name!r} has unknown options"
        orders = frozenset(found.get("orders", "").split())
        yield Row(name, "--- " + cells.rstrip("\n"), orders, found.get("codes", "").split())


def notebook_of(cells: str, **metadata: Any) -> Notebook:
    """A notebook from cells written as in a row."""
    parts = [part.split("\n", 1) for part in ("\n" + cells.strip()).split("\n--- ")[1:]]
    made: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "metadata": {"tags": [] if part[0].strip() == "untagged" else part[0].split()},
            "source": part[1] if len(part) > 1 else "",
            "outputs": [],
            "execution_count": None,
        }
        for number, part in enumerate(parts)
    ]
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {**kernel, **metadata}, "cells": made}
    return read_notebook("row.ipynb", text=json.dumps(document))


def pipeline_of(cells: str, **metadata: Any) -> Pipeline:
    """The pipeline of cells written as in a row."""
    return build_pipeline(notebook_of(cells, **metadata))


def orders_of(pipeline: Pipeline) -> set[str]:
    """The orders of a pipeline as ``a>b``, without those that follow from others."""
    parents = {step.name: set(pipeline.parents(step.name)) for step in pipeline.steps}
    found = set()
    for step, sources in parents.items():
        for source in sources:
            if not any(source in pipeline.ancestors(other) for other in sources - {source}):
                found.add(f"{source}>{step}")
    return found


def codes_of(pipeline: Pipeline) -> list[str]:
    """The codes of a pipeline's findings, sorted, each once."""
    return sorted({finding.code for finding in pipeline.diagnostics if finding.code >= "N2P2"})
