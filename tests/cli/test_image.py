"""``nb2pipe image`` where no engine is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.samples import write_notebook
from tests.cli.calling import Caller
from tests.notebook.building import code


def test_the_containerfile_alone(nb2pipe: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written or printed, with the base of the settings or the option; no engine is asked."""
    path = write_notebook(tmp_path / "n.ipynb", code("import pandas"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("NB2PIPE_IMAGE_BASE", "example.org/base:1")
    done = nb2pipe("image", "build", path, "--containerfile", "-")
    assert (0, "") == (done.code, done.err)
    assert "\nFROM example.org/base:1\n" in done.out and "pandas==" in done.out
    done = nb2pipe("image", "build", path, "--containerfile", str(tmp_path / "Containerfile"), "--base", "other:2")
    assert (0, True) == (done.code, "FROM other:2\n" in (tmp_path / "Containerfile").read_text("utf-8"))
    assert 2 == nb2pipe("image", "build", path, "--containerfile", "-", "--push", "example.org/n").code


def test_what_is_refused(nb2pipe: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No notebook, no engine, a missing import, a wrong name to push to: exit code 2 and what to do."""
    monkeypatch.setenv("PATH", str(tmp_path))
    good = write_notebook(tmp_path / "n.ipynb", code("import pandas"))
    bad = write_notebook(tmp_path / "bad.ipynb", code("import nosuch"))
    for words, message in (
        (("build", str(tmp_path / "nosuch.ipynb")), "There is no file"),
        (("build", "s3://bucket/n.ipynb"), "is no file on this machine"),
        (("build", good), "no container engine: podman is not installed"),
        (("check", good, "--image", "x"), "no container engine: podman is not installed"),
        (("build", bad), "cell 1 (id id-0), line 1: This cell imports `nosuch`, which is not installed here"),
        (("build", good, "--base", "a b"), "must be the name of an image"),
    ):
        done = nb2pipe("image", *words)
        assert (2, True) == (done.code, message in done.err), done.err
        assert "    " in done.err, "a hint"


def test_no_imports(nb2pipe: Caller, tmp_path: Path) -> None:
    """A notebook that imports nothing gets what nb2pipe needs."""
    path = write_notebook(tmp_path / "n.ipynb", code("x = 1"))
    done = nb2pipe("image", "build", path, "--containerfile", "-")
    assert (0, True, True) == (done.code, "papermill==" in done.out, "modules" not in done.out)
