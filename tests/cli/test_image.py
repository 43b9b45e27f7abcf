"""``nb2pipe image`` where no engine is needed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nb2pipe.images.record import BuiltImage, record_image
from nb2pipe.settings import load_settings
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


def test_imports_that_came_after_the_image(nb2pipe: Caller, tmp_path: Path) -> None:
    """A warning names the cell; not for Python's own modules, those beside it, and those that the code does without."""
    (tmp_path / "beside.py").write_text("x = 1\n")
    later = "import json, pandas.io\nimport beside\ntry:\n    import torch\nexcept ImportError:\n    torch = None"
    path = write_notebook(tmp_path / "n.ipynb", code("import numpy", "step:a"), code(later))
    home = load_settings().home
    built = BuiltImage("localhost/nb2pipe/n:1", "sha256:1", "", "content", imports=("numpy",))
    record_image(home, path, built)
    done = nb2pipe("check", path)
    assert (0, 1) == (done.code, done.out.count("N2P608")), done.out
    assert "cell 2 (id id-1), line 1" in done.out and "imports `pandas`" in done.out and built.tag in done.out
    record_image(home, path, replace(built, imports=("beside", "numpy", "pandas")))
    assert "N2P608" not in nb2pipe("check", path).out
    record_image(home, path, replace(built, imports=None))
    assert "N2P608" not in nb2pipe("check", path).out
