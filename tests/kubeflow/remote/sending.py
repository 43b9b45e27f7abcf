"""Notebooks to send, and what their pods say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nb2pipe.kubeflow.marks import marked_notebook, marked_step
from nb2pipe.model import CellFailure, CellRun, DataUse, Metric, State, StepRun
from tests.kubeflow.notebooks import Cells, write

IMAGE = "registry.example.com/team/image:1"
CELLS: Cells = [
    ("parameters", "n = 3"),
    ("step:load", "x = n"),
    ("step:train_it", "y = x + 1"),
    ("metrics", "y"),
]
FAILURE = CellFailure("exception", "ValueError", "no such luck", "try again", "Traceback ...", 2, "c2", 1)


def notebook(folder: Path, name: str = "churn") -> Path:
    """A notebook of two steps, whose steps name an image."""
    return write(folder / f"{name}.ipynb", CELLS, {"image": IMAGE})


def said_by_load(text: str = "loaded\n") -> str:
    """The log of a first step that succeeded."""
    data = (
        DataUse("read", "/tmp/nb2pipe-step/work/in.csv", "0a"),
        DataUse("written", "/tmp/nb2pipe-step/work/out", "0b"),
    )
    step = StepRun("run", "load", State.SUCCEEDED, cells=(CellRun(1, "c1", State.SUCCEEDED),), cells_total=1, data=data)
    return f"{text}{marked_step(step)}\n{marked_notebook(executed('c1', 'x = n', 'loaded'))}\n"


def said_by_train(failure: CellFailure | None = None) -> str:
    """The log of a second step, which succeeded or failed."""
    state = State.FAILED if failure else State.SUCCEEDED
    cells = (CellRun(2, "c2", state),)
    metrics = () if failure else (Metric("y", 4),)
    step = StepRun("run", "train_it", state, cells=cells, cells_total=2, failure=failure, metrics=metrics)
    return f"trained\n{marked_step(step)}\n{marked_notebook(executed('c2', 'y = x + 1', 'trained'))}\n"


def executed(cell: str, source: str, text: str) -> dict[str, Any]:
    """An executed notebook of one cell."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": text}]
    found = {
        "id": cell,
        "cell_type": "code",
        "source": source,
        "outputs": outputs,
        "execution_count": 1,
        "metadata": {},
    }
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [found]}
