"""Notebooks to compile."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nb2pipe.conversion import build_pipeline
from nb2pipe.model import Pipeline
from nb2pipe.notebook import read_notebook
from tests.kubeflow.imaged import with_image

IMAGE = "registry.example.com/team/image:1"
EXAMPLES = Path(__file__).parents[2] / "example_notebooks"

Cells = Sequence[tuple[str, str]]


def pipeline_of(folder: Path, cells: Cells, image: str = IMAGE, **settings: Any) -> Pipeline:
    """The pipeline of a notebook that is written into a folder.

    Args:
        folder: where.
        cells: tag, or nothing, and source of each.
        image: for steps that name none.
        settings: of all steps.
    """
    return read(write(folder / "n.ipynb", cells, settings), image)


def write(path: Path, cells: Cells, settings: Mapping[str, Any]) -> Path:
    """Write a notebook."""
    document = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"nb2pipe": dict(settings)} if settings else {},
        "cells": [
            {
                "cell_type": "code",
                "id": f"c{number}",
                "metadata": {"tags": tag.split()} if tag else {},
                "source": source,
                "outputs": [],
                "execution_count": None,
            }
            for number, (tag, source) in enumerate(cells)
        ],
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def read(path: Path, image: str = IMAGE) -> Pipeline:
    """The pipeline of a notebook, every step with an image."""
    return with_image(build_pipeline(read_notebook(str(path))), image)
