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
    lost = folder / "first" / ("values" if name == "rows" else "state/store")
    shutil.rmtree(lost)
    lost.mkdir()
    run_task(compiled, "second", {}, run)
    assert 1 == run.codes["second"]
    assert f"was to get {name!r} of step 'first', and it did not arrive whole" in run.logs["second"]


def test_values_do_not_travel_with_the_state(tmp_path: Path) -> None:
    """Steps behind one that made much and set a seed get the seed alone, unless they ask for what was made."""
    made = "import random\nrandom.seed(3)\nbig = bytes(random.randbytes(400_000))"
    cells = [("step:first", made), ("step:second", "import random\nx = random.random()"), ("step:third", "print(x)")]
    compiled = compile_pipeline(pipeline_of(tmp_path, [*cells, ("step:last", "print(len(big))")]), CompileOptions())
    folder = tmp_path / "pods"
    folder.mkdir()
    run = run_pods(compiled, folder, {})
    assert {0} == set(run.codes.values()), run.logs
    sizes = {step: _size(folder / step / "state") for step in ("first", "second", "third")}
    assert max(sizes.values()) < 60_000 < 400_000 < _size(folder / "first" / "values")
    assert "400000" in run.logs["last"]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_modules_travel_with_what_they_made(tmp_path: Path) -> None:
    """A step that gets a value of a class beside the notebook loads it, though no cell of its own names the module."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "shapes.py").write_text("class Square:\n    def __init__(self, a):\n        self.a = a\n")
    cells = [
        ("step:make", "import sys\nsys.path.insert(0, 'lib')\nimport shapes\nmade = [shapes.Square(3)]"),
        ("step:pass-on", "kept = made[0]"),
        ("step:use", "print(type(kept).__module__, kept.a)"),
    ]
    compiled = compile_pipeline(pipeline_of(tmp_path, cells), CompileOptions())
    folder = tmp_path / "pods"
    folder.mkdir()
    run = run_pods(compiled, folder, {})
    assert {0} == set(run.codes.values()), run.logs
    assert "shapes 3" in run.logs["use"]
