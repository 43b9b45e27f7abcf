"""What an image must hold, and the Containerfile that says so."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.errors import NotebookError
from nb2pipe.images.containerfile import containerfile
from nb2pipe.images.context import content_digest, context_files, write_context
from nb2pipe.images.plan import ImagePlan
from tests.images.environments import plan_of, usual_site, write
from tests.notebook.building import code, codes

BASE = "example.org/python:3"


def plan(folder: Path, *sources: str, **files: str) -> ImagePlan:
    """The plan of a notebook with cells, beside files named with ``_`` for the dot, where the usual is installed."""
    write(folder, {name.replace("_", "."): text for name, text in files.items()})
    return plan_of(folder, usual_site(folder), *(code(source) for source in sources))


def installed(found: ImagePlan) -> list[str]:
    """The words that pip is told, in order."""
    text = re.sub(r"\\\n(\s*#.*\n)?", " ", containerfile(found, BASE))
    lines = [line for line in text.splitlines() if "pip install" in line and "/opt/nb2pipe/projects" not in line]
    [line] = [line for line in lines if "--require-hashes" not in line]
    return shlex.split(line.partition("--disable-pip-version-check")[2])


def test_all_is_pinned_as_installed_here(tmp_path: Path) -> None:
    """What is imported and used, what nb2pipe needs, and what these need; nothing of the standard library."""
    found = plan(tmp_path, "import os, pandas as pd", "pd.DataFrame().to_parquet('x')")
    assert () == found.diagnostics
    assert ["papermill==1.0", "ipykernel==1.0", "cloudpickle==1.0", "pandas==3.1.1", "pyarrow==1.0", "numpy==1.0"] == (
        installed(found)
    )
    assert [("pandas", "cell 1, line 1 imports pandas"), ("pyarrow", "pandas uses it for to_parquet")] == [
        (need.distribution, need.why) for need in found.needs
    ]


def test_skipped_cells_do_not_count(tmp_path: Path) -> None:
    """Cells tagged ``skip`` are no part of the pipeline, and need nothing in the image."""
    found = plan_of(tmp_path, usual_site(tmp_path), code("import nosuch", "skip"), code("x = 1"))
    assert ((), ()) == (found.needs, found.diagnostics)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import nosuch", ["N2P601"]),
        ("def f():\n    import nosuch", ["N2P601"]),
        ("if x:\n    import nosuch", ["N2P602"]),
        ("try:\n    import nosuch\nexcept ImportError:\n    pass", []),
        ("import nb2pipe", []),
        ("import (", ["N2P201"]),
    ],
)
def test_what_is_not_installed_here(tmp_path: Path, source: str, expected: list[str]) -> None:
    """An error at its cell; a warning under a condition; nothing where the code provides for it."""
    found = plan(tmp_path, "x = 1", source)
    assert expected == codes(found.diagnostics)
    assert all(1 == item.cell_index for item in found.diagnostics)


def test_a_module_beside_that_imports_the_missing_is_named(tmp_path: Path) -> None:
    """Where no cell is to blame, the message names the file and its line."""
    [found] = plan(tmp_path, "import helpers", helpers_py="\nimport nosuch").diagnostics
    assert "helpers.py, line 2 imports `nosuch`" in found.message


def test_requirements_name_what_is_not_installed(tmp_path: Path) -> None:
    """A module that is not installed here is fine when a file beside names its distribution."""
    found = plan(tmp_path, "import cv2, lightgbm", requirements_txt="opencv-python-headless==4.9\nlightgbm")
    assert () == found.diagnostics
    assert ["opencv-python-headless==4.9", "lightgbm"] == installed(found)[:2]


def test_requirements_get_versions_from_here_where_they_fit(tmp_path: Path) -> None:
    """A loose requirement is pinned; one that excludes the version here wins, with all that it needs, and is told."""
    found = plan(tmp_path, "import pandas", requirements_txt="pandas[parquet]>=3\nnumpy")
    assert ["pandas[parquet]==3.1.1", "numpy==1.0"] == installed(found)[:2]
    found = plan_of(tmp_path, usual_site(tmp_path / "other"), code("import pandas"))
    write(tmp_path, {"requirements.txt": "pandas<3"})
    found = plan_of(tmp_path, usual_site(tmp_path / "third"), code("import pandas"))
    assert ["N2P604"] == codes(found.diagnostics)
    assert "requirements.txt, line 1 asks for 'pandas<3', here is 3.1.1" in found.diagnostics[0].message
    assert ["pandas<3", "papermill==1.0", "ipykernel==1.0", "cloudpickle==1.0"] == installed(found)


def test_constraints_limit_what_is_installed(tmp_path: Path) -> None:
    """A constraint is handed to pip; what it excludes is not pinned, and what it allows is."""
    found = plan(tmp_path, "import pandas", requirements_txt="-c limits.txt", limits_txt="numpy==2\npyarrow<3")
    words = installed(found)
    assert ["-c", "/opt/nb2pipe/constraints.txt"] == words[:2]
    assert "pandas==3.1.1" in words and "numpy==1.0" not in words and "pyarrow==1.0" not in words
    assert b"numpy==2\npyarrow<3\n" == dict(context_files(found))[".nb2pipe/constraints.txt"]
    found = plan(tmp_path / "b", "import pandas", requirements_txt="-c limits.txt", limits_txt="pandas<3")
    assert "pandas" in installed(found)


def test_hashes_are_checked_apart(tmp_path: Path) -> None:
    """A file with hashes is installed alone, as pip asks for; what else is needed comes behind it."""
    lock = "numpy==1.0 --hash=sha256:aa\npandas==3.1.1 --hash=sha256:bb"
    found = plan(tmp_path, "import pandas", requirements_txt=lock)
    text = containerfile(found, BASE)
    assert text.index("--require-hashes") < text.index("papermill==1.0")
    assert ["papermill==1.0", "ipykernel==1.0", "cloudpickle==1.0"] == installed(found)
    assert f"{lock}\n".encode() == dict(context_files(found))[".nb2pipe/requirements.txt"]


def test_conda_only_packages_are_refused(tmp_path: Path) -> None:
    """What pip cannot install is named, with the way out; another Python is told."""
    found = plan(tmp_path, "x = 1", environment_yml="dependencies: [python=2.7, r-base, pandas]")
    assert ["N2P605", "N2P604"] == codes(found.diagnostics)
    assert "asks for Python ==2.7.* (choose it with --base)" in found.diagnostics[1].message
    assert "'r-base'" in found.diagnostics[0].message and "--base" in found.diagnostics[0].hint


def project(folder: Path, name: str, **files: str) -> dict[str, Any]:
    """A project in a folder, and what pip notes of its installation for editing."""
    write(folder / name, {f"src/{name}/__init__.py": "", "pyproject.toml": f"[project]\nname = '{name}'", **files})
    return {"url": f"file://{folder / name}", "dir_info": {"editable": True}}


def test_projects_are_installed_from_a_copy(tmp_path: Path) -> None:
    """A project installed for editing is copied, what it needs is pinned, and no index is asked for its name."""
    site = usual_site(tmp_path)
    site.add("mine", files=["mine.pth"], needs=["numpy", "yours"], direct_url=project(tmp_path, "mine"))
    site.add("yours", files=["yours.pth"], direct_url=project(tmp_path, "yours"))
    found = plan_of(tmp_path, site, code("import mine"))
    assert (() == found.diagnostics, ["mine", "yours"]) == (True, sorted(item.name for item in found.projects))
    assert "numpy==1.0" in installed(found)
    text = containerfile(found, BASE)
    assert 'COPY [".nb2pipe/projects/mine", "/opt/nb2pipe/projects/mine"]' in text
    assert not re.search(r"(mine|yours)==", text)
    assert text.index("papermill==1.0") < text.index("projects/mine")
    assert ".nb2pipe/projects/mine/src/mine/__init__.py" in dict(context_files(found))


def test_projects_that_packages_need_come_first(tmp_path: Path) -> None:
    """Where a package from an index needs a project, the project is there before, so that pip does not look for it."""
    site = usual_site(tmp_path)
    site.add("outer", needs=["mine"])
    site.add("mine", files=["mine.pth"], direct_url=project(tmp_path, "mine"))
    text = containerfile(plan_of(tmp_path, site, code("import outer")), BASE)
    assert text.index("projects/mine") < text.index("outer==1.0")


def test_projects_by_path_in_requirements(tmp_path: Path) -> None:
    """``-e .`` in requirements.txt means the project beside the notebook, installed here or not."""
    write(tmp_path, {"nb/requirements.txt": "-e ../mine"})
    url = project(tmp_path, "mine")
    found = plan_of(tmp_path / "nb", usual_site(tmp_path / "a"), code("import mine"))
    assert ((), [("mine", False)]) == (found.diagnostics, [(item.name, item.alone) for item in found.projects])
    site = usual_site(tmp_path / "b")
    site.add("mine", files=["mine.pth"], needs=["numpy"], direct_url=url)
    found = plan_of(tmp_path / "nb", site, code("import mine"))
    assert [("mine", True)] == [(item.name, item.alone) for item in found.projects]
    assert "numpy==1.0" in containerfile(found, BASE)


def test_requirements_that_name_a_project_mean_the_copy(tmp_path: Path) -> None:
    """A name in requirements.txt that is installed here for editing is no index's affair; nor is nb2pipe itself."""
    site = usual_site(tmp_path)
    for name in ("mine", "nb2pipe"):
        site.add(name, files=["m.pth"], direct_url=project(tmp_path, name))
    write(tmp_path, {"requirements.txt": "mine>=7\nnb2pipe\npandas[parquet]\nnumpy<1; python_version<'3'"})
    found = plan_of(tmp_path, site, code("x = 1"))
    assert (["mine"], ["N2P606"]) == ([item.name for item in found.projects], codes(found.diagnostics))
    words = installed(found)
    assert ["pandas[parquet]==3.1.1", "numpy<1; python_version<'3'"] == words[:2]
    assert {"pyarrow==1.0", "numpy==1.0"} == set(words[-2:])


def test_what_cannot_be_copied_is_refused(tmp_path: Path) -> None:
    """A folder that is no project is refused by name; so is what came from a repository, unless a file names it."""
    site = usual_site(tmp_path)
    write(tmp_path, {"bare/bare/__init__.py": ""})
    site.add("bare", files=["b.pth"], direct_url={"url": f"file://{tmp_path / 'bare'}", "dir_info": {"editable": True}})
    vcs = {"url": "https://example.org/r.git", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}}
    site.add("repo", direct_url=vcs)
    found = plan_of(tmp_path, site, code("import bare, repo"))
    assert {"N2P603", "N2P607"} == set(codes(found.diagnostics))
    [hint] = [item.hint for item in found.diagnostics if item.code == "N2P603"]
    line = "repo @ git+https://example.org/r.git@c0ffee"
    assert f"'{line}'" in hint
    write(tmp_path, {"requirements.txt": line})
    found = plan_of(tmp_path, site, code("import repo"))
    assert ((), line) == (found.diagnostics, installed(found)[0])


@pytest.mark.parametrize(("in_repository", "left"), [(True, "build/x"), (False, "data/x.csv")])
def test_files_that_git_ignores_are_not_copied(tmp_path: Path, in_repository: bool, left: str) -> None:
    """Of a project in a repository, what git ignores stays here; without one, what is hidden or built does."""
    write(tmp_path / "mine", {"data/x.csv": "1", ".gitignore": "data/\n.*\n", "build/x": "", ".venv/x": ""})
    if in_repository:
        subprocess.run(["git", "init", "--quiet"], cwd=tmp_path / "mine", check=True)
    site = usual_site(tmp_path)
    site.add("mine", files=["mine.pth"], direct_url=project(tmp_path, "mine"))
    found = plan_of(tmp_path, site, code("import mine"))
    place = ".nb2pipe/projects/mine/"
    names = {name.removeprefix(place) for name in dict(context_files(found)) if name.startswith(place)}
    assert {"pyproject.toml", "src/mine/__init__.py", left} == names


def test_other_languages_are_refused(tmp_path: Path) -> None:
    """An image is made for Python; a notebook in R is told so."""
    metadata = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}
    with pytest.raises(NotebookError, match="written in 'r'"):
        plan_of(tmp_path, usual_site(tmp_path), code("library(x)"), metadata=metadata)


def test_the_context_holds_what_is_copied_and_no_more(tmp_path: Path) -> None:
    """Big data beside the notebook is not in it, every COPY finds its files, and the worker for clusters is there."""
    write(tmp_path, {"data/big.csv": "1", "pkg/__init__.py": ""})
    found = plan(tmp_path, "import helpers, pkg", helpers_py="")
    text = containerfile(found, BASE)
    write_context(found, text, tmp_path / "context")
    files = {path.relative_to(tmp_path / "context").as_posix() for path in (tmp_path / "context").rglob("*.*")}
    worker = {name for name in files if name.startswith(".nb2pipe/worker/nb2pipe/")}
    assert ".nb2pipe/worker/nb2pipe/kubeflow/pod/main.py" in worker
    assert not any("labextension" in name or "__pycache__" in name for name in worker)
    assert {"helpers.py", "pkg/__init__.py"} == files - worker - {".nb2pipe"}
    assert ['COPY ["helpers.py", "/opt/nb2pipe/modules/helpers.py"]', 'COPY ["pkg", "/opt/nb2pipe/modules/pkg"]'] == (
        [line for line in text.splitlines() if "/modules/" in line]
    )
    assert 'COPY [".nb2pipe/worker", "/opt/nb2pipe/worker"]' in text


def test_the_digest_is_of_the_content(tmp_path: Path) -> None:
    """Same content, same digest, whatever the times of files; another module, text or base makes another."""
    found = plan(tmp_path, "import helpers", helpers_py="x = 1")
    first = content_digest(found, "FROM a", "id")
    (tmp_path / "helpers.py").touch()
    assert first == content_digest(found, "FROM a", "id")
    others = [content_digest(found, "FROM b", "id"), content_digest(found, "FROM a", "other")]
    (tmp_path / "helpers.py").write_text("x = 2")
    assert 4 == len({first, *others, content_digest(found, "FROM a", "id")})
