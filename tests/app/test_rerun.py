"""Running again from a step on, and running again what failed, with real runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import nb2pipe
from nb2pipe.app.rerun import OPTIONS, run_again
from nb2pipe.app.run import run_notebook
from nb2pipe.errors import NotebookError, SettingsError
from nb2pipe.model import State, StepRun
from tests.app.samples import request, settings_in, write_notebook
from tests.notebook.building import code

LINE = (
    code("scale = 2", "parameters"),
    code("a = 1", "step:first"),
    code("b = a * scale", "step:second"),
    code("c = 5", "step:beside"),
    code("print(b, c)", "step:last"),
)


def states(steps: tuple[StepRun, ...]) -> dict[str, str]:
    """State of each step, in order."""
    return {step.step: step.state.value for step in steps}


def test_from_a_step_on(tmp_path: Path) -> None:
    """Steps before it come from the cache; it and all that stand after it in the notebook run anew."""
    path, settings = write_notebook(tmp_path / "n.ipynb", *LINE), settings_in(tmp_path / "home")
    run_notebook(request(path), settings)
    again = run_notebook(replace(request(path), from_step="second"), settings)
    wanted = {"first": "cached", "second": "succeeded", "beside": "succeeded", "last": "succeeded"}
    assert wanted == states(again.steps)
    assert ["cached"] * 4 == list(states(run_notebook(request(path), settings).steps).values())


def test_refused(tmp_path: Path) -> None:
    """A step that is not there is named with those that are; without the cache the wish makes no sense."""
    path, settings = write_notebook(tmp_path / "n.ipynb", *LINE), settings_in(tmp_path / "home")
    with pytest.raises(SettingsError, match="no step 'secnd'") as refused:
        run_notebook(replace(request(path), from_step="secnd"), settings)
    assert "Did you mean 'second'? There are: first, second, beside, last." == refused.value.hint
    off = settings_in(tmp_path / "home", cache=False)
    with pytest.raises(SettingsError, match="all steps are run") as refused:
        run_notebook(replace(request(path), from_step="second"), off)
    assert "flag --cache" in refused.value.hint
    assert not (tmp_path / "home/runs").exists()


def test_the_failed_again(tmp_path: Path) -> None:
    """Parameters, options and labels are those of the run; what succeeded is taken from it, and a mend is seen."""
    broken = (*LINE[:4], code("print(b, c, 1 / 0)", "step:last"))
    path = write_notebook(tmp_path / "n.ipynb", *broken)
    settings = settings_in(tmp_path / "home", jobs=1)
    first = run_notebook(replace(request(path, scale=7), tags=("mine",), timeout_s=60.0), settings)
    assert State.FAILED is first.state
    same = run_again(settings, first.id)
    assert ({"scale": 7}, {"jobs": 1, "cache": True}, 60.0, False) == (
        same.parameters,
        same.flags,
        same.timeout_s,
        same.is_changed,
    )
    write_notebook(tmp_path / "n.ipynb", *LINE)
    assert run_again(settings, first.id).is_changed
    (tmp_path / "home/runs" / first.id / OPTIONS).unlink()
    assert ({"scale": 7}, {"executor": "process", "cache": True}) == (
        (bare := run_again(settings, first.id)).parameters,
        bare.flags,
    )
    (tmp_path / "n.ipynb").unlink()
    with pytest.raises(NotebookError):
        run_again(settings, first.id)


def test_in_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``with_options(from_step=...)`` does the same."""
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path / "home"))
    pipeline = nb2pipe.load(write_notebook(tmp_path / "n.ipynb", *LINE))
    pipeline.run()
    found = states(pipeline.with_options(from_step="last").run().steps)
    assert {"first": "cached", "second": "cached", "beside": "cached", "last": "succeeded"} == found


@pytest.mark.parametrize("text", ["{", "[1]"])
def test_damaged_options_are_named(tmp_path: Path, text: str) -> None:
    """What was kept of how a run was asked for is not guessed where it cannot be read; where it is gone, it is less."""
    path, settings = write_notebook(tmp_path / "n.ipynb", *LINE), settings_in(tmp_path / "home")
    run = run_notebook(request(path, scale=7), settings).run
    kept = tmp_path / "home/runs" / run.id / OPTIONS
    kept.write_text(text)
    with pytest.raises(SettingsError, match=r"options\.json is damaged") as refused:
        run_again(settings, run.id)
    assert "Remove that file" in refused.value.hint
    kept.unlink()
    assert 7 == run_again(settings, run.id).parameters["scale"]
