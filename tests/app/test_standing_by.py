"""What an executor is told before a run is recorded, so that the first steps find it ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from nb2pipe.app.executors import Executors
from nb2pipe.app.plan import plan_run, stand_by
from nb2pipe.containers.faults import EngineError
from nb2pipe.errors import SettingsError
from nb2pipe.model import Step
from tests.app.samples import request, settings_in, write_notebook
from tests.notebook.building import code

ASKING = (
    code("a = 1", "step:one"),
    code("b = a", "step:two"),
    code("c = b", "step:three", nb2pipe={"approval": "Deploy?"}),
    code("print(c)", "step:four"),
)


class Told:
    """An executor that notes what it is told, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.begun: list[tuple[list[str], Path, str]] = []

    def begin(self, steps: Sequence[Step], folder: Path, cwd: str) -> None:
        """Note it."""
        if self.error is not None:
            raise self.error
        self.begun.append(([step.name for step in steps], folder, cwd))


def told(path: str, home: Path, monkeypatch: pytest.MonkeyPatch, *approve: str, cwd: str | None = None) -> Told:
    """What an executor is told of a run."""
    found = Told()
    with Executors(settings_in(home)) as executors:
        plan = plan_run(replace(request(path), approve=approve, cwd=cwd), settings_in(home))
        monkeypatch.setattr(executors, "get", lambda name: found)
        stand_by(plan, executors, "a-run")
    return found


def test_steps_before_an_approval(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing stands by for a step that a person has to approve first, nor for what comes behind it."""
    path, home = write_notebook(tmp_path / "n.ipynb", *ASKING), tmp_path / "home"
    assert [(["one", "two"], home / "runs/a-run", str(tmp_path))] == told(path, home, monkeypatch).begun
    assert ["one", "two", "three", "four"] == told(path, home, monkeypatch, "three").begun[0][0]
    assert ["one", "two", "three", "four"] == told(path, home, monkeypatch, "all").begun[0][0]
    (tmp_path / "there").mkdir()
    assert str(tmp_path / "there") == told(path, home, monkeypatch, cwd=str(tmp_path / "there")).begun[0][2]


def test_what_goes_wrong_is_said_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a step is started; a home that no run can use is refused at once."""
    path, settings = write_notebook(tmp_path / "n.ipynb", *ASKING), settings_in(tmp_path / "home")
    with Executors(settings) as executors:
        plan = plan_run(request(path), settings)
        for error in (OSError("no room"), EngineError("no engine", kind="other")):
            monkeypatch.setattr(executors, "get", lambda name, error=error: Told(error))
            stand_by(plan, executors, "a-run")
        (tmp_path / "file").touch()
        with pytest.raises(SettingsError, match="cannot be made"):
            stand_by(replace(plan, settings=settings_in(tmp_path / "file")), executors, "a-run")
