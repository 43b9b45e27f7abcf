"""What ``must`` in ``cases.json`` asks beyond the law: edges, parameters, settings, diagnostics, files."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from nb2pipe.conversion import build_pipeline
from nb2pipe.errors import Diagnostic
from nb2pipe.model import Pipeline
from nb2pipe.notebook import read_notebook
from tests.law.processes import nb2pipe_command
from tests.law.test_law import CASES

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="needs cases: no folder ../shared/cases")


def pipeline_of(start: str) -> Pipeline:
    """The pipeline of the case whose name starts so."""
    return build_pipeline(read_notebook(str(next(CASES.glob(f"{start}_*.ipynb")))))


def crossing(pipeline: Pipeline, source: str, target: str) -> set[str]:
    """Variables that cross from one step to another."""
    edges = [edge for edge in pipeline.edges if (edge.source, edge.target) == (source, target)]
    return {name for edge in edges for name in edge.names}


def sources(pipeline: Pipeline, step: str) -> dict[str, tuple[str, ...]]:
    """Names that a step reads from earlier ones, and which these are."""
    return {port.name: port.sources for port in pipeline.step(step).inputs}


def found(pipeline: Pipeline, text: str) -> list[Diagnostic]:
    """Diagnostics that name ``text``."""
    return [diagnostic for diagnostic in pipeline.diagnostics if text in diagnostic.message]


MUSTS: dict[str, Callable[[Pipeline], bool]] = {
    "a01": lambda p: {"load", "publish"} <= set(p.parents("report")) and "load" in p.ancestors("publish"),
    "a03": lambda p: {"data_path"} == crossing(p, "load", "train") or bool(found(p, "data_path")),
    "b01": lambda p: sources(p, "use") == {"x": ("write",)},
    "b03": lambda p: bool(found(p, "items")) or "one" in p.ancestors("two"),
    "b05": lambda p: {"id", "max"} <= crossing(p, "load", "use"),
    "b07": lambda p: {"a", "b"} <= set(sources(p, "use")),
    "c01": lambda p: {"total"} == crossing(p, "load", "use"),
    "c03": lambda p: {"Scaler", "SCALE"} <= crossing(p, "define", "use"),
    "c05": lambda p: sources(p, "use")["x"] == ("load",) and "x" not in p.step("middle").binds,
    "c07": lambda p: "df" in sources(p, "use") and "df" not in sources(p, "other"),
    "c09": lambda p: {"outer", "inner", "k"} <= crossing(p, "define", "use"),
    "c11": lambda p: {"X", "x"} == crossing(p, "load", "use"),
    "c13": lambda p: {"inc", "step_size"} <= crossing(p, "define", "use"),
    "c15": lambda p: "load" in p.parents("use") or "statistics" in p.step("use").imports,
    "c17": lambda p: sources(p, "use") == {"total": ("bump",)} and "total" in sources(p, "bump"),
    "c20": lambda p: {"n"} == crossing(p, "load", "use"),
    "d02": lambda p: {"v"} == crossing(p, "go", "use"),
    "d10": lambda p: {"v", "out"} == crossing(p, "go", "use"),
    "e02": lambda p: [("n", "int", 3)] == [(q.name, q.type, q.default) for q in p.parameters],
    "e06": lambda p: {"N": 1, "n": 2} == {q.name: q.default for q in p.parameters},
    "e08": lambda p: (2, 1024) == (p.steps[0].settings.resources.cpus, p.steps[0].settings.resources.memory_mib),
    "e10": lambda p: ["train-model"] == [step.name for step in p.steps],
    "e12": lambda p: p.steps[0].settings.image == "python:3.11" and bool(found(p, "autosnapshot")),
    "f04": lambda p: any(d.severity == "error" and d.hint and "cell 2" in str(d) for d in found(p, "con")),
    "h01": lambda p: ((), ("epochs",)) == (p.step("load").parameters, p.step("train").parameters),
}


@pytest.mark.parametrize("case", MUSTS)
def test_plan_of_case(case: str) -> None:
    """The pipeline that a case makes has what its ``must`` asks for."""
    pipeline = pipeline_of(case)
    assert MUSTS[case](pipeline), (pipeline.steps, pipeline.edges, pipeline.diagnostics)


def run(start: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the case whose name starts so in ``folder`` through the command line."""
    source = next(CASES.glob(f"{start}_*.ipynb"))
    (folder / "case.ipynb").write_bytes(source.read_bytes())
    command = [*nb2pipe_command(), "run", "case.ipynb", "out.ipynb"]
    return subprocess.run(command, cwd=folder, env=dict(os.environ), capture_output=True, text=True, check=False)


def test_cells_after_an_error_do_not_run(tmp_path: Path) -> None:
    """g02: the cell behind the failing one never runs, though it belongs to the same step."""
    assert 1 == run("g02", tmp_path).returncode
    assert not (tmp_path / "case_after_error.txt").exists()


def test_an_error_in_the_parameters_cell_is_located(tmp_path: Path) -> None:
    """g04: refused or failed, the message names cell and line of the call."""
    finished = run("g04", tmp_path)
    assert finished.returncode in (1, 2)
    assert "compute" in finished.stderr + finished.stdout
    assert "cell 1" in finished.stderr + finished.stdout
    assert "line 2" in finished.stderr + finished.stdout


def test_what_is_only_read_is_not_saved_again(tmp_path: Path) -> None:
    """f08: of four steps that use the frame, the one that makes it saves it."""
    assert 0 == run("f08", tmp_path).returncode
    command = [*nb2pipe_command(), "runs", "show", "--json"]
    shown = subprocess.run(command, cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, check=True)
    saved = {step["step"]: [item["name"] for item in step["artifacts"]] for step in json.loads(shown.stdout)["steps"]}
    assert ["load"] == [step for step, names in saved.items() if "df" in names]


def test_nothing_is_installed_for_a_local_module(tmp_path: Path) -> None:
    """e14: a module that is not there is a ModuleNotFoundError, beside the notebook it is imported."""
    assert 1 == run("e14", tmp_path).returncode
    (tmp_path / "helpers.py").write_text("def f():\n    return 'found'\n")
    assert 0 == run("e14", tmp_path).returncode
    assert "found" in (tmp_path / "out.ipynb").read_text()
