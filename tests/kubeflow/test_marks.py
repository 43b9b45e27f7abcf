"""What a pod leaves in its log for us, and what is read out of it."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from nb2pipe.kubeflow.compiling import compile_pipeline
from nb2pipe.kubeflow.marks import LONGEST_LINE, MOST_BYTES, STEP, marked_notebook, marked_step, taken_apart
from nb2pipe.kubeflow.options import CompileOptions
from nb2pipe.model import Metric, State, StepRun
from tests.kubeflow.notebooks import Cells, pipeline_of
from tests.kubeflow.pods import run_pods

STEP_RUN = StepRun("run", "train", State.SUCCEEDED, metrics=(Metric("accuracy", 0.5),))
CELLS: Cells = [
    ("step:load", "x = 2\nprint('loaded', end='')"),
    ("step:train", "accuracy = x / 4"),
    ("metrics", "accuracy"),
    ("step:break", "x.nothing"),
]


def test_there_and_back() -> None:
    """Step and notebook come out as they went in, and the text around them as it was printed."""
    notebook = {"cells": [{"source": "x" * 100_000, "outputs": []}], "nbformat": 4}
    log = f"one\n{marked_step(STEP_RUN)}\n{marked_notebook(notebook)}\ntwo\n"
    found = taken_apart(log)
    assert ("one\ntwo\n", STEP_RUN, notebook) == (found.text, found.step, found.notebook)
    assert LONGEST_LINE >= max(len(line) for line in log.splitlines())


@pytest.mark.parametrize("inside", ["", "!!", "AAAA", "bm8="], ids=["empty", "no-base64", "no-zlib", "neither"])
def test_damaged(inside: str) -> None:
    """A part that is damaged, cut off or printed by a cell is no reason to fail."""
    found = taken_apart(f"a\n{STEP}\n{inside}\n{STEP}\nb\n")
    assert found.step is None and "a\n" in found.text
    cut = taken_apart(marked_step(STEP_RUN)[:-30])
    assert cut.step is None


def test_the_last_counts() -> None:
    """Of several parts of a name the last is meant, whatever a cell has printed before."""
    log = f"{marked_step(replace(STEP_RUN, step='x'))}\n{marked_step(STEP_RUN)}"
    assert STEP_RUN == taken_apart(log).step


def test_big_notebooks() -> None:
    """A notebook that would push the rest out of the log goes without its pictures."""
    noise = random.Random(1).randbytes(MOST_BYTES).hex()
    outputs = [{"output_type": "display_data", "data": {"image/png": noise, "text/plain": "<Figure>"}, "metadata": {}}]
    text = marked_notebook({"cells": [{"source": "x", "outputs": outputs}, {"source": "# text"}]})
    found = taken_apart(text).notebook
    assert found is not None and len(text) < MOST_BYTES
    assert "left out" in found["cells"][0]["outputs"][0]["data"]["text/plain"][1]


def test_pods_say_what_became_of_their_steps(tmp_path: Path) -> None:
    """Metrics of a step that succeeded, cell and error of one that failed, and what both printed."""
    compiled = compile_pipeline(pipeline_of(tmp_path, CELLS), CompileOptions())
    (tmp_path / "run").mkdir()
    run = run_pods(compiled, tmp_path / "run", {})
    found = {task: taken_apart(log) for task, log in run.logs.items()}
    assert "loaded\n" == found["load"].text
    train, broken = found["train"].step, found["break"].step
    assert train is not None and (Metric("accuracy", 0.5),) == train.metrics and State.SUCCEEDED == train.state
    assert broken is not None and broken.failure is not None
    assert ("AttributeError", 3, "c3") == (broken.failure.name, broken.failure.cell_index, broken.failure.cell_id)
    notebook = found["train"].notebook
    assert notebook is not None and ["c1", "c2"] == [cell["id"] for cell in notebook["cells"]]
    assert "Step 'break' failed, cell 4" in found["break"].text
