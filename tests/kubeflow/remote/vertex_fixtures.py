"""A target of the kind ``vertex`` that the stand-in answers for, and what is sent to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.kubeflow.compiling import compile_pipeline
from nb2pipe.kubeflow.marks import marked_notebook, marked_step
from nb2pipe.kubeflow.options import CompileOptions
from nb2pipe.kubeflow.remote.connect import connect
from nb2pipe.kubeflow.remote.protocol import Remote
from nb2pipe.kubeflow.remote.values import RemoteTask, Submission
from nb2pipe.model import StepRun
from nb2pipe.settings.targets import Target, make_target
from tests.cli.calling import Caller
from tests.kubeflow.notebooks import pipeline_of, write
from tests.kubeflow.remote.vertex_beside import BUCKET, PROJECT
from tests.kubeflow.remote.vertex_service import LOCATION, NUMBER, Google

IMAGE = f"{LOCATION}-docker.pkg.dev/{PROJECT}/images/churn@sha256:{'0' * 64}"
ROOT = f"gs://{BUCKET}/pipelines"
JOBS = f"projects/{NUMBER}/locations/{LOCATION}/customJobs"
ADD = ("target", "add", "cloud", "--kind", "vertex", "--project", PROJECT, "--location", LOCATION)
NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
CELLS = (
    ("parameters", "rows = 3\nwho = 'x'"),
    ("step:load_data", "data = list(range(rows))"),
    ("step:train", "model = sum(data)\nprint(who)"),
    ("metrics", "score = model"),
)


@pytest.fixture
def google(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    """The stand-in, asked in the place of Google Cloud, and a key file whose tokens it takes."""
    with Google() as opened:
        for name, value in opened.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(opened.key_file(tmp_path / "key.json")))
        monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "gcloud"))
        monkeypatch.setenv("NO_GCE_CHECK", "true")
        monkeypatch.setenv("no_proxy", "*")
        yield opened


@pytest.fixture
def remote(google: Google) -> Iterator[Remote]:
    """A client of the stand-in."""
    opened = connect(target())
    yield opened
    opened.close()


@pytest.fixture
def nb2pipe(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Caller:
    """The command line in a folder with a notebook, and with a target."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "churn.ipynb", CELLS, {"image": IMAGE})
    call = Caller(capsys)
    assert 0 == call(*ADD, "--pipeline-root", ROOT, "--label", "team=a").code
    return call


def target(**changes: Any) -> Target:
    """A target that the stand-in answers for."""
    values = {"project": PROJECT, "location": LOCATION, "pipeline_root": ROOT, **changes}
    return make_target("cloud", "vertex", values)


def submission(folder: Path, **changes: Any) -> Submission:
    """A notebook of two steps, compiled."""
    folder.mkdir(exist_ok=True)
    compiled = compile_pipeline(pipeline_of(folder, CELLS, IMAGE), CompileOptions("vertex"))
    name = str(compiled.spec["pipelineInfo"]["name"])
    values: dict[str, Any] = {
        "labels": {"team": "a"},
        "parameters": {"rows": 5},
        "request_id": "20261128-060000-abcdefg",
    }
    found = Submission("a run", name, compiled.spec, compiled.platform)
    return replace(found, **(values | changes))


def task(found: tuple[RemoteTask, ...], name: str) -> RemoteTask:
    """A task by its name."""
    (own,) = (each for each in found if each.name == name)
    return own


def ended(job: str, state: str = "SUCCEEDED", **more: Any) -> dict[str, Any]:
    """A task that ended long ago."""
    times = {"startTime": "2026-11-28T06:00:00Z", "endTime": "2026-11-28T06:00:09Z"}
    return {"state": state, **times, "executorDetail": {"containerDetail": {"mainJob": f"{JOBS}/{job}"}}, **more}


def printed(google: Google, job: str, step: StepRun, notebook: Mapping[str, Any] = NOTEBOOK) -> None:
    """What a pod prints: what its cells did, then what became of its step."""
    marked = f"{marked_step(step)}\n{marked_notebook(notebook)}"
    google.lines[job] = [("stdout", f"from {step.step}"), *(("stderr", line) for line in marked.splitlines())]
