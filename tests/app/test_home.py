"""A home that cannot be used, and a disk that fills up while a run goes on."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nb2pipe.app.home import check_home
from nb2pipe.app.run import run_notebook
from nb2pipe.errors import Nb2pipeError, SettingsError
from nb2pipe.model import State
from tests.app.samples import TWO_STEPS, outputs, request, settings_in, write_notebook
from tests.notebook.building import code


@pytest.mark.parametrize("name", ["runs", "cache", "artifacts"])
def test_a_file_in_place_of_a_folder(tmp_path: Path, name: str) -> None:
    """A home whose folders cannot be made refuses the run, and names the folder and the setting."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    home = tmp_path / "home"
    home.mkdir()
    (home / name).touch()
    with pytest.raises(SettingsError, match=f"home/{name}") as caught:
        run_notebook(request(path), settings_in(home))
    assert "NB2PIPE_HOME" in caught.value.hint


def test_a_home_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing rights are said before anything runs."""
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("cache"))
    with pytest.raises(SettingsError, match=r"no permission to read and write .*/cache"):
        check_home(tmp_path / "home")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a file system of a given size as a home."""

    def size(text: str) -> Path:
        folder = tmp_path / f"disk-{text}"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={text}", "tmpfs", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"needs tmpfs: {done.stderr.strip()}")
        return folder

    yield size
    for folder in tmp_path.glob("disk-*"):
        subprocess.run(["umount", str(folder)], check=True)


PRINTS_MUCH = (
    code("print('x' * 6_000_000)", "step:much"),
    code("y = 1\nprint(y)", "step:little", "after:much"),
)


def test_no_room_for_what_a_step_printed(small_disk: Callable[[str], Path], tmp_path: Path) -> None:
    """The step fails with what to do and without frames of ours; later steps do not run; nothing half stays."""
    home = small_disk("2m")
    path = write_notebook(tmp_path / "n.ipynb", *PRINTS_MUCH)
    result = run_notebook(request(path, str(tmp_path / "out.ipynb")), settings_in(home))
    failure = result.failures["much"]
    assert (State.FAILED, "internal", "") == (result.state, failure.kind, failure.traceback)
    assert "No space left on device" in failure.message
    assert "nb2pipe runs prune" in failure.hint
    assert State.SKIPPED is result.steps[1].state
    assert [] == list(home.rglob("*.part"))
    assert (tmp_path / "out.ipynb").exists()


def test_no_room_for_the_cache(small_disk: Callable[[str], Path], tmp_path: Path) -> None:
    """A result that finds no room in the cache is computed again next time; the run itself succeeds."""
    home = small_disk("14m")
    path = write_notebook(tmp_path / "n.ipynb", *PRINTS_MUCH)
    result = run_notebook(request(path, str(tmp_path / "out.ipynb")), settings_in(home))
    assert State.SUCCEEDED is result.state
    assert "1\n" == outputs(json.loads((tmp_path / "out.ipynb").read_text("utf-8")))[1]
    assert [] == list(home.rglob("*.part"))


@pytest.mark.parametrize("size", ["250k", "300k", "350k", "400k", "450k"])
def test_no_room_at_whatever_moment(small_disk: Callable[[str], Path], tmp_path: Path, size: str) -> None:
    """Wherever the room ends, the run ends with an error of ours, or with a result that says what is missing."""
    home = small_disk(size)
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    try:
        result = run_notebook(request(path), settings_in(home))
    except Nb2pipeError as error:
        assert "No space left" in error.message or "disk is full" in error.message
        assert error.hint
        return
    told = [*result.problems, *(failure.message for failure in result.failures.values())]
    assert told or State.SUCCEEDED is result.state
    assert "" == "".join(failure.traceback for failure in result.failures.values())
