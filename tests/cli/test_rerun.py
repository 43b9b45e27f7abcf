"""``nb2pipe run --from`` and ``nb2pipe runs rerun``, as processes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.app.samples import write_notebook
from tests.cli.calling import Caller
from tests.notebook.building import code

STEPS = (
    code("scale = 2", "parameters"),
    code("a = 1", "step:first"),
    code("b = a * scale", "step:second"),
)


def states(out: str) -> list[str]:
    """States of the steps of a result."""
    steps: list[dict[str, Any]] = json.loads(out)["steps"]
    return [step["state"] for step in steps]


def test_again(tmp_path: Path, nb2pipe: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says that the notebook has changed, runs what failed, and takes a step to run from."""
    monkeypatch.chdir(tmp_path)
    write_notebook(tmp_path / "n.ipynb", *STEPS, code("print(b, 1 / 0)", "step:last"))
    assert 1 == nb2pipe("run", "n.ipynb", "-p", "scale", "3").code
    write_notebook(tmp_path / "n.ipynb", *STEPS, code("print(b)", "step:last"))
    again = nb2pipe("runs", "rerun", "latest", "--json")
    assert (0, ["cached", "cached", "succeeded"]) == (again.code, states(again.out))
    assert {"scale": 3} == json.loads(again.out)["run"]["parameters"]
    assert "n.ipynb has changed since run" in again.err
    again = nb2pipe("runs", "rerun", "latest", "--from", "second", "--json")
    assert (0, ["cached", "succeeded", "succeeded"]) == (again.code, states(again.out))
    assert "has changed" not in again.err


def test_refused(tmp_path: Path, nb2pipe: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that is not there, a run that is not there, and the cache being off are refused before anything runs."""
    monkeypatch.chdir(tmp_path)
    write_notebook(tmp_path / "n.ipynb", *STEPS)
    unknown = nb2pipe("run", "n.ipynb", "--from", "secnd")
    assert 2 == unknown.code
    assert "Did you mean 'second'? There are: first, second." in unknown.err
    off = nb2pipe("run", "n.ipynb", "--from", "second", "--no-cache")
    assert 2 == off.code
    assert "Without the cache all steps are run" in off.err
    assert 2 == nb2pipe("runs", "rerun", "nosuch").code
