"""Whole pipelines: order, retries, what cannot run, settings, numbers of cells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.execution.merge import executed_notebook
from nb2pipe.execution.process import ProcessExecutor
from nb2pipe.model import Pipeline, State, StepRun, StepSettings
from tests.execution.running import plan, printed, run


@pytest.fixture(scope="module")
def executor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessExecutor]:
    """One executor for all tests of this file."""
    made = ProcessExecutor(tmp_path_factory.mktemp("home"))
    yield made
    made.close()


def with_settings(pipeline: Pipeline, step: str, **settings: Any) -> Pipeline:
    """The plan with other settings for a step."""
    steps = [replace(each, settings=StepSettings(**settings)) if each.name == step else each for each in pipeline.steps]
    return replace(pipeline, steps=tuple(steps))


@pytest.mark.parametrize(("jobs", "together"), [(2, True), (1, False)])
def test_independent_steps_run_side_by_side(
    executor: ProcessExecutor, tmp_path: Path, jobs: int, together: bool
) -> None:
    """Two steps that neither can see the other run at the same time, as far as the number of jobs allows."""
    runs = run(plan(tmp_path, [("step:a", "x = 1"), ("step:b", "y = 2")]), tmp_path / "home", executor, jobs=jobs)

    assert {State.SUCCEEDED} == {each.state for each in runs.values()}
    assert runs["b"].started_at is not None and runs["a"].ended_at is not None
    assert together == (runs["b"].started_at < runs["a"].ended_at)


def test_what_cannot_run_is_skipped_and_the_rest_runs(executor: ProcessExecutor, tmp_path: Path) -> None:
    """Steps behind a failed one are skipped with the reason; a step that needs nothing of it still runs."""
    cells = [("step:a", "x = 1 / 0"), ("step:b", "y = x"), ("step:c", "z = y"), ("step:d", "print('on its own')")]

    runs = run(plan(tmp_path, cells), tmp_path / "home", executor)

    assert [State.FAILED, State.SKIPPED, State.SKIPPED, State.SUCCEEDED] == [each.state for each in runs.values()]
    assert "'a'" in runs["b"].reason and "'b'" in runs["c"].reason


def test_a_failed_step_is_tried_again(executor: ProcessExecutor, tmp_path: Path) -> None:
    """With retries left a step starts again in a fresh kernel, and each attempt keeps its own log."""
    cells = [
        ("step:a", "import os\nn = len([f for f in os.listdir() if f.startswith('try')])\nopen(f'try{n}', 'w')\n1 / n")
    ]
    seen: list[StepRun] = []

    runs = run(with_settings(plan(tmp_path, cells), "a", retries=2), tmp_path / "home", executor, watch=seen.append)

    assert (State.SUCCEEDED, 2) == (runs["a"].state, runs["a"].attempt)
    assert [(1, State.FAILED)] == [(each.attempt, each.state) for each in seen if each.state is State.FAILED]
    assert 2 == len({each.log_path for each in seen if each.log_path})


def test_a_step_has_its_environment_and_secrets(
    executor: ProcessExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables and secrets are there for their step only, and a secret's value is in no file of the run."""
    (tmp_path / "token").write_text("hunter2-secret\n")
    look = "import os\nprint(os.environ.get('MODE'), len(os.environ.get('TOKEN', '')))"
    pipeline = with_settings(
        plan(tmp_path, [("step:a", look), ("step:b after:a", look)]),
        "a",
        env={"MODE": "fast"},
        secrets={"TOKEN": f"file:{tmp_path / 'token'}"},
    )

    runs = run(pipeline, tmp_path / "home", executor)

    assert ["fast 14\n", "None 0\n"] == printed(pipeline, runs)
    files = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert files and not [path for path in files if b"hunter2" in path.read_bytes()]


def test_a_missing_secret_fails_the_step_by_name(executor: ProcessExecutor, tmp_path: Path) -> None:
    """A secret whose reference leads nowhere is said before any cell of the step runs."""
    pipeline = with_settings(
        plan(tmp_path, [("step:a", "open('ran', 'w')")]), "a", secrets={"TOKEN": "env:NB2P_NOT_SET"}
    )

    runs = run(pipeline, tmp_path / "home", executor)

    assert runs["a"].failure is not None and "NB2P_NOT_SET" in runs["a"].failure.message
    assert not (tmp_path / "ran").exists()


def test_cells_are_numbered_as_under_run_all(executor: ProcessExecutor, tmp_path: Path) -> None:
    """Whatever the step and the order of execution, ``In [n]`` counts through the notebook, injected cell included."""
    cells = [
        ("setup", "import math"),
        ("parameters", "n = 1"),
        ("step:a", "n"),
        ("", ""),
        ("skip", "never"),
        ("step:b", "n + 1"),
        ("step:a", "n + 2"),
    ]
    pipeline = plan(tmp_path, cells)

    runs = run(pipeline, tmp_path / "home", executor, parameters={"n": 5})

    document = executed_notebook(pipeline, {"n": 5}, runs.values())
    assert [1, 2, 3, 4, None, None, 5, 6] == [cell["execution_count"] for cell in document["cells"]]
    results = ["".join(each["data"]["text/plain"] for each in cell["outputs"]) for cell in document["cells"]]
    assert ["", "", "", "5", "", "", "6", "7"] == results
    assert "# Parameters\nn = 5" == document["cells"][2]["source"]
    assert ["injected-parameters"] == document["cells"][2]["metadata"]["tags"]


def test_parameter_values_are_data(executor: ProcessExecutor, tmp_path: Path) -> None:
    """A value that looks like code, quotes and all, arrives unchanged and is never executed."""
    nasty = "it's \"\"\" \\ \n __import__('os').mkdir('owned') # {x} $(y)"
    pipeline = plan(tmp_path, [("parameters", "text = ''"), ("step:a", "import json\nprint(json.dumps(text))")])

    runs = run(pipeline, tmp_path / "home", executor, parameters={"text": nasty})

    assert nasty == json.loads(printed(pipeline, runs)[1])
    assert not (tmp_path / "owned").exists()


def test_closing_the_generator_ends_what_runs(tmp_path: Path) -> None:
    """A caller that stops listening leaves no step running."""
    from contextlib import closing

    from nb2pipe.execution import RunOptions, run_pipeline

    pipeline = plan(tmp_path, [("step:a", "import threading; threading.Event().wait()")])
    options = RunOptions(run_id="r", home=tmp_path / "home")
    with closing(run_pipeline(pipeline, {}, options)) as events:  # type: ignore[type-var]
        for step_run in events:
            if step_run.cells:
                break

    assert State.RUNNING is step_run.state
