"""A stand-in for each test that wants one, and targets of this test alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nb2pipe.app.elsewhere.submit import SubmitRequest, submit_notebook
from nb2pipe.app.parameters import Given
from nb2pipe.model import Run
from nb2pipe.settings import Settings, load_settings
from nb2pipe.settings.targets import Target, make_target, save_target
from tests.kubeflow.remote.definition import definition
from tests.kubeflow.remote.sending import notebook
from tests.kubeflow.remote.standin import StandIn, serving


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for settings, and none of the SDK's own variables."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("KF_PIPELINES_ENDPOINT", "KF_PIPELINES_UI_ENDPOINT", "KF_PIPELINES_SA_TOKEN_PATH", "KUBECONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "config"


@pytest.fixture
def kfp(config: Path) -> Iterator[StandIn]:
    """A server; whatever was asked of it was as its definition has it."""
    definition()
    state = StandIn()
    with serving(state):
        yield state
    assert [] == state.wrong


@pytest.fixture
def target(kfp: StandIn) -> Target:
    """The stand-in as a target."""
    return make_target("cloud", "kfp", {"host": kfp.url, "timeout_s": 20.0})


@pytest.fixture
def settings(target: Target) -> Settings:
    """Those in force, with the target kept in a file."""
    save_target(target)
    return load_settings()


@pytest.fixture
def sent(settings: Settings, tmp_path: Path) -> Run:
    """A run that was sent."""
    request = SubmitRequest(str(notebook(tmp_path)), "cloud", Given({"n": 7}), "my run", {"team": "a"}, ("nightly",))
    run, _ = submit_notebook(request, settings)
    return run
