"""A stand-in for each test that wants one, and targets of this test alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nb2pipe.settings.targets import Target, make_target
from tests.kubeflow.remote.definition import definition
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
