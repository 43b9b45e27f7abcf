"""Small notebooks for the tests of this package."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from nb2pipe.errors import Diagnostic
from nb2pipe.model.notebook import Notebook
from nb2pipe.notebook import read_notebook

PYTHON: Mapping[str, Any] = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}


def code(source: str = "x = 1", *tags: str, **metadata: Any) -> dict[str, Any]:
    """A code cell with tags."""
    if tags:
        metadata["tags"] = list(tags)
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def markdown(source: str, *tags: str) -> dict[str, Any]:
    """A Markdown cell."""
    return {"cell_type": "markdown", "metadata": {"tags": list(tags)} if tags else {}, "source": source}


def document(*cells: dict[str, Any], metadata: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An nbformat 4.5 notebook; cells without id get one."""
    numbered = [{"id": f"id-{index}", **cell} for index, cell in enumerate(cells)]
    return {"cells": numbered, "metadata": {**PYTHON, **(metadata or {})}, "nbformat": 4, "nbformat_minor": 5}


def notebook(*cells: dict[str, Any], metadata: Mapping[str, Any] | None = None) -> Notebook:
    """The same, read."""
    return read_notebook("notebook.ipynb", text=json.dumps(document(*cells, metadata=metadata)))


def codes(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """The codes of diagnostics, in their order."""
    return [item.code for item in diagnostics]
