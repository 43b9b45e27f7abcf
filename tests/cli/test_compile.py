"""``nb2pipe compile``: what it writes and says, and each bad input with its code and its mend."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from nb2pipe.images.record import BuiltImage, record_image
from nb2pipe.settings import load_settings
from tests.app.samples import write_notebook
from tests.cli.calling import Caller
from tests.notebook.building import code

IMAGE = "registry.example.com/team/n:1"
DIGEST = f"sha256:{'a' * 64}"
GOOD = (code("rows = 3", "parameters"), code("data = list(range(rows))", "step:make"), code("print(data)", "step:show"))


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, with a home of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path / "home"))


def images(path: Path) -> set[str]:
    """The images of a compiled pipeline."""
    spec = next(iter(yaml.safe_load_all(path.read_text("utf-8"))))
    return {each["container"]["image"] for each in spec["deploymentSpec"]["executors"].values()}


def test_a_file_beside(nb2pipe: Caller, tmp_path: Path) -> None:
    """It goes into the working directory under the notebook's name, and the same notebook gives the same bytes."""
    write_notebook(tmp_path / "n.ipynb", *GOOD)
    done = nb2pipe("compile", "n.ipynb", "--image", IMAGE)
    assert (0, "") == (done.code, done.err)
    assert done.out.startswith("Written to n.yaml: 2 steps for Kubeflow Pipelines, ")
    first = (tmp_path / "n.yaml").read_bytes()
    assert {IMAGE} == images(tmp_path / "n.yaml")
    done = nb2pipe("compile", "n.ipynb", "--image", IMAGE, "-o", "-")
    assert (0, first) == (done.code, done.out.encode())


def test_as_json(nb2pipe: Caller, tmp_path: Path) -> None:
    """What a program wants to know."""
    write_notebook(tmp_path / "n.ipynb", *GOOD)
    said = json.loads(
        nb2pipe("compile", "n.ipynb", "--image", IMAGE, "-o", "out.yaml", "--target", "vertex", "--json").out
    )
    steps = [{"step": "make", "image": IMAGE}, {"step": "show", "image": IMAGE}]
    size = (tmp_path / "out.yaml").stat().st_size
    assert {"path": "out.yaml", "target": "vertex", "steps": steps, "tasks": 2, "bytes": size} == said
    assert 2 == nb2pipe("compile", "n.ipynb", "-o", "-", "--json").code


def test_no_cache(nb2pipe: Caller, tmp_path: Path) -> None:
    """``--no-cache`` runs all steps anew."""
    write_notebook(tmp_path / "n.ipynb", *GOOD)
    nb2pipe("compile", "n.ipynb", "--image", IMAGE, "--no-cache")
    assert "enableCache" not in (tmp_path / "n.yaml").read_text("utf-8")


def test_the_pushed_image(nb2pipe: Caller, tmp_path: Path) -> None:
    """The image that was built for the notebook goes by its digest in the registry; one not pushed yet is refused."""
    path = write_notebook(tmp_path / "n.ipynb", *GOOD)
    built = BuiltImage("localhost/nb2pipe/n:1f2e", "sha256:1", "", "content", engine="podman")
    home = load_settings().home
    record_image(home, str(path), built)
    done = nb2pipe("compile", "n.ipynb")
    assert (2, True) == (done.code, "N2P943" in done.err or "N2P942" in done.err), done.err
    assert "nb2pipe image build" in done.err and "--push" in done.err
    assert 0 == nb2pipe("compile", "n.ipynb", "--local-images").code
    assert {built.tag} == images(tmp_path / "n.yaml")

    record_image(home, str(path), replace(built, pushed="registry.example.com/n:1f2e", digest=DIGEST))
    assert 0 == nb2pipe("compile", "n.ipynb").code
    assert {f"registry.example.com/n@{DIGEST}"} == images(tmp_path / "n.yaml")


BAD: dict[str, tuple[tuple[Any, ...], tuple[str, ...], str, str]] = {
    "does not convert": (
        (code("x = 1", "step:a"), code("print(nosuch)", "step:b")),
        (),
        "cell 2",
        "nosuch",
    ),
    "no image": (GOOD, ("--no-cache",), "N2P942", "nb2pipe image build"),
    "image of this machine": (GOOD, ("--image", "localhost/n:1"), "N2P943", "--push"),
    "type": ((code("model = None", "parameters"), code("print(model)", "step:a")), (), "N2P941", "annotate it"),
    "number": ((code(f"n = {2**60}", "parameters"), code("print(n)", "step:a")), (), "N2P940", "make it a text"),
    "step name": ((code("x = 1", "step:__"),), (), "N2P946", "rename it"),
    "size": ((code("data = open('big.bin', 'rb').read()", "step:a"),), (), "N2P945", "put it into the image"),
    "setting": ((code("x = 1", "step:a", nb2pipe={"approval": True}),), (), "N2P944", "remove it"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_inputs(nb2pipe: Caller, tmp_path: Path, name: str) -> None:
    """Each is refused with its code and what to do, with exit code 2, and nothing is written."""
    cells, words, first, second = BAD[name]
    (tmp_path / "big.bin").write_bytes(random.Random(0).randbytes(200_000))
    write_notebook(tmp_path / "n.ipynb", *cells)
    done = nb2pipe("compile", "n.ipynb", *(words or ("--image", IMAGE)))
    said = " ".join(done.err.split())
    assert (2, True, True) == (done.code, first in said, second in said), said
    assert "Traceback" not in said and not (tmp_path / "n.yaml").exists()


@pytest.mark.parametrize("path", ["nosuch.ipynb", "no_notebook.ipynb"])
def test_no_notebook(nb2pipe: Caller, tmp_path: Path, path: str) -> None:
    """A file that is not there, or that is no notebook."""
    (tmp_path / "no_notebook.ipynb").write_text("{", encoding="utf-8")
    done = nb2pipe("compile", path, "--image", IMAGE)
    assert (2, True) == (done.code, path in done.err)


def test_where_it_goes(nb2pipe: Caller, tmp_path: Path) -> None:
    """Not over the notebook, and not into a folder that is not there."""
    path = write_notebook(tmp_path / "n.ipynb", *GOOD)
    before = Path(path).read_bytes()
    assert 2 == nb2pipe("compile", "n.ipynb", "--image", IMAGE, "-o", "n.ipynb").code
    assert before == Path(path).read_bytes()
    assert 2 == nb2pipe("compile", "n.ipynb", "--image", IMAGE, "-o", "nowhere/n.yaml").code
