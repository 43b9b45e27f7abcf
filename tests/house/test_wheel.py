"""What users install: a wheel with all its data, and a core that needs nothing but its own dependencies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from jupyter_extension.build_hook import is_current, obstacle
from tests.house.source import ROOT, project_files

# What the core must do without: a user who wants them has them already.
NOT_CORE = {"pandas", "numpy", "scikit-learn", "matplotlib", "pyarrow", "torch", "kfp", "jupyterlab", "jupyter-server"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the sdist and the wheel, built from this tree."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    return folder


def test_wheel_holds_every_file(built: Path) -> None:
    """The wheel has every file of the package: tables, migrations, templates and ``py.typed`` as well."""
    [wheel] = built.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {path.as_posix() for path in project_files() if path.parts[0] == "nb2pipe"}
    assert "nb2pipe/py.typed" in wanted
    assert set() == wanted - inside
    assert any(name.endswith("licenses/LICENSE") for name in inside)
    assert any(name.endswith("data/share/jupyter/nb2pipe/tour.ipynb") for name in inside)


def test_sdist_holds_what_tests_need(built: Path) -> None:
    """The source distribution has the package, the examples, the tests and what sets them up."""
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        inside = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    tops = ("nb2pipe", "jupyter_extension", "tests", "example_notebooks", ".ci")
    wanted = {path.as_posix() for path in project_files() if path.parts[0] in tops}
    assert set() == wanted - inside
    assert {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "Makefile"} <= inside


def test_the_lab_extension_needs_no_node(built: Path, tmp_path: Path) -> None:
    """Wheel and sdist carry the bundle, and a wheel is made of the sdist where there is no Node.js."""
    against = "" if is_current() else obstacle()
    if against:
        pytest.skip(f"needs chromium and the lab extension, which cannot be built: {against}")
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    [source] = tmp_path.iterdir()
    hatchling = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    done = subprocess.run(
        hatchling, cwd=source, env={**os.environ, "PATH": ""}, capture_output=True, text=True, check=True
    )
    assert "lab extension" not in done.stdout + done.stderr
    of_lab = ".data/data/share/jupyter/labextensions/nb2pipe/"
    for wheel in (*built.glob("*.whl"), *tmp_path.glob("dist/*.whl")):
        inside = {name.partition(of_lab)[2] for name in zipfile.ZipFile(wheel).namelist() if of_lab in name}
        assert {"package.json", "static/style.js", "schemas/nb2pipe/pipelines.json"} <= inside
        assert any(name.startswith("static/remoteEntry.") for name in inside)


def test_the_core_is_light() -> None:
    """Installing nb2pipe brings none of the big packages that notebooks may use."""
    assert set() == NOT_CORE & set(_closure("nb2pipe"))


def test_wheel_runs_a_notebook_in_a_clean_environment(built: Path, tmp_path: Path) -> None:
    """In an environment with the wheel and its dependencies alone, ``nb2pipe`` says its version and runs a notebook."""
    [wheel] = built.glob("*.whl")
    python = _clean_environment(tmp_path / "venv", wheel)
    nb2pipe = str(python.parent / "nb2pipe")
    env = {**os.environ, "NB2PIPE_HOME": str(tmp_path / "home"), "JUPYTER_PATH": str(tmp_path / "venv/share/jupyter")}
    version = subprocess.run([nb2pipe, "--version"], env=env, capture_output=True, text=True, check=True).stdout
    assert distribution("nb2pipe").version in version
    cell: dict[str, object] = {
        "cell_type": "code",
        "id": "one",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": "1 + 1",
    }
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "in.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    done = subprocess.run(
        [nb2pipe, "run", "in.ipynb", "out.ipynb"], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    [cell_run] = json.loads((tmp_path / "out.ipynb").read_text("utf-8"))["cells"]
    assert {"text/plain": "2"} == cell_run["outputs"][0]["data"]


def _clean_environment(folder: Path, wheel: Path) -> Path:
    """A virtual environment with the wheel and links to the installed files of exactly its dependencies."""
    venv.create(folder, symlinks=True, with_pip=False)
    python = folder / "bin/python"
    [site] = (folder / "lib").glob("python*/site-packages")
    for name in _closure("nb2pipe"):
        for file in distribution(name).files or ():
            _link(Path(str(distribution(name).locate_file(file))), site / file)
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--disable-pip-version-check", str(wheel)], check=True)
    return python


def _link(source: Path, target: Path) -> None:
    if source.suffix != ".pyc" and source.is_file() and not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(source)


def _closure(root: str) -> list[str]:
    """Names of all distributions that ``root`` needs here, directly or not, without its extras."""
    found: dict[str, None] = {}
    todo = [(root, frozenset[str]())]
    seen = set(todo)
    while todo:
        name, extras = todo.pop()
        found.setdefault(name)
        for needed in _needs(distribution(name), extras):
            if needed not in seen:
                seen.add(needed)
                todo.append(needed)
    return [name for name in found if name != root]


def _needs(package: Distribution, extras: frozenset[str]) -> list[tuple[str, frozenset[str]]]:
    requirements = [Requirement(line) for line in package.requires or ()]
    return [
        (canonicalize_name(requirement.name), frozenset(requirement.extras))
        for requirement in requirements
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras))
    ]
