"""The whole way on a real server of Kubeflow Pipelines: what a stand-in cannot show.

``NB2PIPE_KFP_HOST`` names the server, ``NB2PIPE_KFP_IMAGE`` an image that it can pull and that ``nb2pipe image build``
made, ``NB2PIPE_KFP_TOKEN`` the token for it where it wants one, ``NB2PIPE_KFP_NAMESPACE`` where it has several users.
"""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path

import pytest

from nb2pipe.app import schedules as schedule_use
from nb2pipe.app.elsewhere.keep import keep_current, watch_run
from nb2pipe.app.elsewhere.submit import SubmitRequest, submit_notebook
from nb2pipe.app.elsewhere.targets import check_target
from nb2pipe.app.history import cancel_run, list_runs
from nb2pipe.app.parameters import Given
from nb2pipe.app.schedule_words import ScheduleWords
from nb2pipe.kubeflow.remote.connect import connect
from nb2pipe.model import Run, State
from nb2pipe.scheduling.triggers import When
from nb2pipe.settings import Settings, load_settings
from nb2pipe.settings.targets import Target, load_target, make_target, save_target
from tests.kubeflow.notebooks import Cells, write

HOST, IMAGE, TOKEN, NAMESPACE = (
    os.environ.get(f"NB2PIPE_KFP_{name}", "") for name in ("HOST", "IMAGE", "TOKEN", "NAMESPACE")
)
CELLS: Cells = [
    ("parameters", "n = 3"),
    ("step:load", "import time\nx = n\nprint('loaded', x)"),
    ("step:train", "y = 10 // x\nprint('trained', y)"),
    ("metrics", "y"),
]
pytestmark = [
    pytest.mark.cluster,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not (HOST and IMAGE), reason="needs cluster: NB2PIPE_KFP_HOST and NB2PIPE_KFP_IMAGE name none"),
]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Those in force, with the server as a target."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    values = {"host": HOST, "namespace": NAMESPACE or None}
    if TOKEN:
        (tmp_path / "token").write_text(TOKEN, encoding="utf-8")
        values["token_file"] = str(tmp_path / "token")
    save_target(make_target("cluster", "kfp", values))
    return load_settings()


@pytest.fixture
def target(settings: Settings) -> Target:
    """The same by itself."""
    return load_target("cluster")


def notebook(folder: Path) -> str:
    """A notebook of two steps."""
    return str(write(folder / "cluster.ipynb", CELLS, {"image": IMAGE, "cache": False}))


def test_a_run_that_succeeds(settings: Settings, tmp_path: Path) -> None:
    """States, logs, metrics and the executed notebook come back."""
    assert HOST in check_target("cluster")
    run, _ = submit_notebook(SubmitRequest(notebook(tmp_path), "cluster", Given({"n": 5})), settings)
    ended, steps = watch_run(settings, run.id)
    assert State.SUCCEEDED == ended.state, ended
    found = {step.step: step for step in steps}
    assert 2 == found["train"].metrics[0].value
    assert "loaded 5" in Path(found["load"].log_path).read_text("utf-8")
    cells = json.loads(Path(ended.output_path).read_text("utf-8"))["cells"]
    assert any("trained 2" in json.dumps(cell.get("outputs", [])) for cell in cells)


def test_a_run_that_fails(settings: Settings, tmp_path: Path) -> None:
    """The cell that failed and its error are named."""
    run, _ = submit_notebook(SubmitRequest(notebook(tmp_path), "cluster", Given({"n": 0})), settings)
    ended, steps = watch_run(settings, run.id)
    failure = next(step.failure for step in steps if step.step == "train")
    assert State.FAILED == ended.state and failure is not None
    assert ("ZeroDivisionError", 2) == (failure.name, failure.cell_index)


def test_cancel(settings: Settings, target: Target, tmp_path: Path) -> None:
    """A run is stopped, and deleted there."""
    run, _ = submit_notebook(SubmitRequest(notebook(tmp_path), "cluster"), settings)
    cancel_run(settings, run.id)
    ended, _ = watch_run(settings, run.id)
    assert State.CANCELLED == ended.state
    with closing(connect(target)) as remote:
        remote.delete(run.remote_id)


def test_a_schedule(settings: Settings, tmp_path: Path) -> None:
    """A recurring run is made, fires, is paused and removed."""
    words = ScheduleWords(notebook(tmp_path), "nb2pipe-test", When(every_s=20.0), target="cluster")
    schedule_use.add_schedule(words, settings)
    try:
        runs: list[Run] = []
        while not runs:  # until the time limit of the test
            keep_current(settings)
            runs, _ = list_runs(settings)
        assert "cluster" == runs[0].target
        schedule_use.pause_schedule("nb2pipe-test", settings)
    finally:
        schedule_use.remove_schedule("nb2pipe-test", settings)
