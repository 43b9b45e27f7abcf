"""Small plans made by hand, for tests that need no analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from nb2pipe.model import Cell, Edge, Link, Notebook, Pipeline, Step


def make_notebook(sources: Sequence[str], folder: Path = Path("/tmp")) -> Notebook:
    """A notebook of code cells ``c0``, ``c1`` ..."""
    cells = tuple(Cell(index, f"c{index}", "code", source) for index, source in enumerate(sources))
    document = {
        "cells": [
            {"cell_type": "code", "id": cell.id, "metadata": {}, "source": cell.source, "outputs": []} for cell in cells
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return Notebook("made.ipynb", str(folder), cells, {}, "python3", "python", "0", "", document)


def make_pipeline(
    steps: Mapping[str, Sequence[int]], edges: Sequence[tuple[str, str]], sources: Sequence[str] | None = None
) -> Pipeline:
    """A plan with the given cells for each step and the given orders, without any analysis."""
    count = 1 + max(index for cells in steps.values() for index in cells)
    notebook = make_notebook(sources or ["pass"] * count)
    link = Link("declared", "after", "declared by the test")
    return Pipeline(
        "made",
        notebook,
        (),
        tuple(Step(name, tuple(cells)) for name, cells in steps.items()),
        tuple(Edge(source, target, (link,)) for source, target in edges),
    )
