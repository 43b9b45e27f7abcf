"""Running a notebook: what is written, recorded and returned, however it ends."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from nb2pipe.app.cancel import Cancel
from nb2pipe.app.executors import Executors
from nb2pipe.app.history import show_run
from nb2pipe.app.plan import plan_run
from nb2pipe.app.run import run_notebook, run_plan
from nb2pipe.errors import ArtifactError, RefusedError, SettingsError
from nb2pipe.model import State, StepRun
from nb2pipe.store import open_store
from tests.app.samples import ENDLESS, FAILING, TWO_STEPS, outputs, request, settings_in, write_notebook
from tests.notebook.building import code


def test_a_good_run(tmp_path: Path) -> None:
    """The executed notebook has all cells with outputs, the record all steps, the result metrics and values."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    settings, output = settings_in(tmp_path / "home"), tmp_path / "out.ipynb"
    wanted = replace(request(path, str(output), rows=4), report=str(tmp_path / "r.html"), tags=("nightly",))
    seen: list[StepRun] = []
    result = run_notebook(wanted, settings, watch=seen.append)

    assert (State.SUCCEEDED, True, ()) == (result.state, result.ok, result.problems)
    assert {"total": 6} == result.metrics
    assert ([0, 1, 2, 3], 4, "x") == (result.value("xs"), result.value("rows"), result.value("name"))
    written = json.loads(output.read_text("utf-8"))
    assert ["id-0", "id-1", "injected-parameters", "id-2", "id-3", "id-4"] == [cell["id"] for cell in written["cells"]]
    assert "made 4\n" == outputs(written)[2]
    assert "rows = 4" in written["cells"][2]["source"]
    assert "<!DOCTYPE html>" in (tmp_path / "r.html").read_text("utf-8")
    details = show_run(settings, "latest")
    assert (result.id, State.SUCCEEDED, ("nightly",)) == (details.run.id, details.run.state, details.run.tags)
    assert str(output) == details.run.output_path
    assert [("make", State.SUCCEEDED), ("add", State.SUCCEEDED)] == [(step.step, step.state) for step in details.steps]
    assert State.QUEUED is seen[0].state
    with pytest.raises(ArtifactError, match="nosuch"):
        result.value("nosuch")


def test_again_from_the_cache(tmp_path: Path) -> None:
    """The same again starts no kernel and gives the same notebook, metrics and values; without OUT it is kept."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    settings = settings_in(tmp_path / "home")
    first = run_notebook(request(path), settings)
    again = run_notebook(request(path), settings)
    assert [State.CACHED] * 2 == [step.state for step in again.steps]
    assert [first.id] * 2 == [step.cached_from for step in again.steps]
    assert outputs(first.notebook) == outputs(again.notebook)
    assert (first.metrics, [0, 1, 2]) == (again.metrics, again.value("xs"))
    assert again.id in again.notebook_path
    assert Path(again.notebook_path).exists()


def test_a_failed_cell(tmp_path: Path) -> None:
    """Outputs so far are written, the failure names the cell, later steps are skipped."""
    path = write_notebook(tmp_path / "n.ipynb", *FAILING)
    output = tmp_path / "out.ipynb"
    result = run_notebook(request(path, str(output)), settings_in(tmp_path / "home"))
    assert State.FAILED is result.state
    assert [State.SUCCEEDED, State.FAILED, State.SKIPPED] == [step.state for step in result.steps]
    failure = result.failures["second"]
    assert ("ZeroDivisionError", 1, "id-1", 2) == (failure.name, failure.cell_index, failure.cell_id, failure.line)
    written = json.loads(output.read_text("utf-8"))
    assert "before\n" == outputs(written)[0]
    assert "error" == written["cells"][1]["outputs"][0]["output_type"]
    assert [] == written["cells"][2]["outputs"]


def test_cancelling(tmp_path: Path) -> None:
    """A run that is asked to stop ends as cancelled, with what its cells printed until then."""
    path = write_notebook(tmp_path / "n.ipynb", *ENDLESS)
    settings, cancel = settings_in(tmp_path / "home"), Cancel()

    def stop_when_it_runs(step: StepRun) -> None:
        if step.cells and step.cells[0].state is State.RUNNING:
            cancel.request("enough")

    with open_store(settings.store_url, settings.home) as store, Executors(settings) as executors:
        plan = plan_run(request(path), settings, executors)
        result = run_plan(plan, store, executors, cancel=cancel, watch=stop_when_it_runs)
    assert (State.CANCELLED, "enough") == (result.state, result.run.message)
    assert [State.CANCELLED, State.CANCELLED] == [step.state for step in result.steps]
    assert State.CANCELLED is show_run(settings, result.id).run.state


def test_interrupting_at_once(tmp_path: Path) -> None:
    """KeyboardInterrupt in the middle leaves a record and a notebook, and comes out again."""
    path = write_notebook(tmp_path / "n.ipynb", *ENDLESS)
    settings, output = settings_in(tmp_path / "home"), tmp_path / "out.ipynb"

    def interrupt(step: StepRun) -> None:
        if step.state is State.RUNNING:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_notebook(request(path, str(output)), settings, watch=interrupt)
    details = show_run(settings, "latest")
    assert (State.CANCELLED, State.CANCELLED) == (details.run.state, details.steps[0].state)
    assert output.exists()


def test_refused_runs_leave_nothing(tmp_path: Path) -> None:
    """A bad notebook, parameter or place is refused before there is a run."""
    settings = settings_in(tmp_path / "home")
    good = write_notebook(tmp_path / "good.ipynb", *TWO_STEPS)
    bad = write_notebook(tmp_path / "bad.ipynb", code("print(nosuch)", "step:a"))
    with pytest.raises(RefusedError):
        run_notebook(request(bad), settings)
    with pytest.raises(SettingsError, match="'rowz'"):
        run_notebook(request(good, rowz=1), settings)
    with pytest.raises(SettingsError, match="no folder"):
        run_notebook(request(good, str(tmp_path / "no" / "out.ipynb")), settings)
    with pytest.raises(SettingsError, match="working directory"):
        run_notebook(replace(request(good), cwd=str(tmp_path / "no")), settings)
    with open_store(settings.store_url, settings.home) as store:
        assert [] == store.runs()


def test_a_place_that_goes_away(tmp_path: Path) -> None:
    """When OUT cannot be written at the end, the notebook is kept in the run's folder, and both are said."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    folder = tmp_path / "results"
    folder.mkdir()

    def remove(step: StepRun) -> None:
        if step.step == "add" and step.state is State.SUCCEEDED:
            folder.rmdir()

    result = run_notebook(request(path, str(folder / "out.ipynb")), settings_in(tmp_path / "home"), watch=remove)
    assert (State.SUCCEEDED, False) == (result.state, result.ok)
    assert "made 3\n" == outputs(json.loads(Path(result.notebook_path).read_text("utf-8")))[1]
    assert [True, True] == ["results" in result.problems[0], result.notebook_path in result.problems[1]]


def test_a_store_that_breaks_in_the_middle(tmp_path: Path) -> None:
    """The executed notebook is written all the same, and the loss is said."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    settings, output = settings_in(tmp_path / "home"), tmp_path / "out.ipynb"

    def lose(step: StepRun) -> None:
        if step.step == "make" and step.state is State.RUNNING:
            with open_store(settings.store_url, settings.home) as store:
                for run in store.runs():
                    store.update_run(replace(run, state=State.FAILED))
                    store.retention.delete_runs(ids=[run.id])

    result = run_notebook(request(path, str(output)), settings, watch=lose)
    assert (State.SUCCEEDED, False) == (result.state, result.ok)
    assert "did not record" in result.problems[-1]
    assert "made 3\n" == outputs(json.loads(output.read_text("utf-8")))[1]


def test_functions_find_their_globals(tmp_path: Path) -> None:
    """A saved function works outside, with the other saved variables as its globals."""
    cells = (
        code("SCALE = [10]\ndef scaled(x):\n    return x * SCALE[0]", "step:define"),
        code("print(scaled(2), SCALE)", "step:use"),
    )
    result = run_notebook(request(write_notebook(tmp_path / "n.ipynb", *cells)), settings_in(tmp_path / "home"))
    assert 30 == result.value("scaled")(3)
