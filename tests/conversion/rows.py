"""Small notebooks as rows of a table: cells in, orders and findings out.

A row is ``Row(name, cells, orders, codes)``. ``cells`` is one text: cells are separated by lines ``--- tags``, as in

    --- step:load
    x = 1
    --- step:use
    print(x)

``orders`` are the orders between steps that data makes, ``load>use`` and so on, separated by blanks; the shortest set
that says it all (what follows from others is left out). ``codes`` are the codes of findings, separated by blanks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from nb2pipe.conversion import build_pipeline
from nb2pipe.model import Notebook, Pipeline
from nb2pipe.notebook import read_notebook


@dataclass(frozen=True)
class Row:
    """One notebook and what is expected of its pipeline."""

    name: str
    cells: str
    orders: str = ""
    codes: str = ""
    also: dict[str, Any] = field(default_factory=dict)


def notebook_of(cells: str, **metadata: Any) -> Notebook:
    """A notebook from cells written as in a row."""
    parts = [part.split("\n", 1) for part in ("\n" + cells.strip()).split("\n--- ")[1:]]
    made = [
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
