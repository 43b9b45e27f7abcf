"""The Python API."""

from __future__ import annotations

from pathlib import Path

import pytest

import nb2pipe
from nb2pipe.model import State
from tests.app.samples import FAILING, TWO_STEPS, write_notebook
from tests.notebook.building import code


def test_load_and_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A notebook is loaded, looked at, run with values, and its results are at hand."""
    pipeline = nb2pipe.load(write_notebook(tmp_path / "sums.ipynb", *TWO_STEPS))
    assert ("sums", ["make", "add"]) == (pipeline.name, [step.name for step in pipeline.steps])
    assert [("rows", 3), ("name", "x")] == [(parameter.name, parameter.default) for parameter in pipeline.parameters]
    assert [] == [finding for finding in pipeline.diagnostics if finding.severity == "error"]
    pipeline.show()
    assert "● make" in capsys.readouterr().out
    assert "<svg" in pipeline._repr_html_()
    output = tmp_path / "out.ipynb"
    result = pipeline.with_options(output=str(output), jobs=1, cache=False, tags=("api",)).run(rows=5)
    assert (State.SUCCEEDED, {"total": 10}, str(output)) == (result.state, result.metrics, result.notebook_path)
    assert output.exists()
    assert "succeeded" in result._repr_html_()


def test_a_failure_is_a_state(tmp_path: Path) -> None:
    """A failed step does not raise; what is wrong before a run does."""
    result = nb2pipe.load(write_notebook(tmp_path / "n.ipynb", *FAILING)).run()
    assert (nb2pipe.State.FAILED, False) == (result.state, result.ok)
    with pytest.raises(nb2pipe.Nb2pipeError):
        nb2pipe.load(write_notebook(tmp_path / "m.ipynb", code("nosuch"))).run()
    with pytest.raises(nb2pipe.Nb2pipeError, match="nosuch"):
        nb2pipe.load(str(tmp_path / "nosuch.ipynb"))


def test_what_was_loaded_is_what_runs(tmp_path: Path) -> None:
    """A file that changed behind our back does not change the pipeline."""
    path = tmp_path / "n.ipynb"
    pipeline = nb2pipe.load(write_notebook(path, *TWO_STEPS))
    path.write_text("gone", encoding="utf-8")
    assert {"total": 3} == pipeline.run().metrics


def test_runs_as_a_table(tmp_path: Path) -> None:
    """An empty store is an empty table; each run is a row with its parameters and metrics."""
    pytest.importorskip("pandas", reason="needs pandas")
    assert (0, True) == (len(nb2pipe.runs()), "state" in nb2pipe.runs())
    pipeline = nb2pipe.load(write_notebook(tmp_path / "n.ipynb", *TWO_STEPS))
    for rows in (2, 4):
        pipeline.run(rows=rows)
    table = nb2pipe.runs()
    assert [4, 2] == table["parameters.rows"].tolist()
    assert [6, 1] == table["metrics.total"].tolist()
    assert "UTC" == str(table["started_at"].dt.tz)


def test_names_are_there() -> None:
    """Every public name can be had, and no other."""
    assert [name for name in nb2pipe.__all__ if not hasattr(nb2pipe, name)] == []
    assert set(nb2pipe.__all__) <= set(dir(nb2pipe))
    with pytest.raises(AttributeError, match="nosuch"):
        _ = nb2pipe.nosuch
