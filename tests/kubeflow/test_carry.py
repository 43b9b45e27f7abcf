"""What a pod was to get and did not get is named, never left out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nb2pipe.kubeflow.compiling import compile_pipeline
from nb2pipe.kubeflow.options import CompileOptions
from tests.kubeflow.notebooks import pipeline_of
from tests.kubeflow.pods import run_pods, run_task

SEED = "import random\nrandom.seed(3)"


@pytest.mark.parametrize(
    ("first", "second", "name"), [("rows = [1, 2]", "print(rows)", "rows"), (SEED, "print(random.random())", "random")]
)
def test_what_did_not_arrive(tmp_path: Path, first: str, second: str, name: str) -> None:
    """A variable, or the state of a random generator, whose bundle is lost on the way fails the step that needs it."""
    cells = [("setup", "import random"), ("step:first", first), ("step:second", second)]
    compiled = compile_pipeline(pipeline_of(tmp_path, cells), CompileOptions())
    folder = tmp_path / "pods"
    folder.mkdir()
    run = run_pods(compiled, folder, {})
    assert {"first": 0, "second": 0} == run.codes, run.logs
    for lost in ("values", "state/store"):  # a step's values and what it carries besides may stand in one bundle
        shutil.rmtree(folder / "first" / lost)
        (folder / "first" / lost).mkdir()
    run_task(compiled, "second", {}, run)
    assert 1 == run.codes["second"]
    assert f"was to get {name!r} of step 'first', and it did not arrive whole" in run.logs["second"]
