"""Files beside the notebook that name packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from nb2pipe.errors import SettingsError
from nb2pipe.images.declared import Declared, read_declared
from nb2pipe.images.requirements import Requirements, read_requirements
from tests.images.environments import Site, write


def read(folder: Path, text: str, **others: str) -> Requirements:
    """A requirements file, beside others by name with ``_`` for the dot."""
    write(folder, {"requirements.txt": text, **{name.replace("_", "."): text for name, text in others.items()}})
    return read_requirements(folder / "requirements.txt")


def texts(requirements: Requirements) -> list[str]:
    """The requirements as pip takes them."""
    return [item.text for item in requirements.asked]


def test_comments_continuations_and_markers(tmp_path: Path) -> None:
    """A line ends where pip ends it; a fragment of a URL is no comment."""
    found = read(
        tmp_path,
        "# all\npandas>=2  # frames\n\nrequests[socks] \\\n  >=2\nx; python_version<'4'\n"
        "git+https://example.org/y.git#egg=y\n",
    )
    assert [
        "pandas>=2",
        "requests[socks] >=2",
        "x; python_version<'4'",
        "git+https://example.org/y.git#egg=y",
    ] == texts(found)
    assert frozenset({"pandas", "requests", "x", "y"}) == found.names
    assert ["requirements.txt, line 2", "requirements.txt, line 4"] == [item.where for item in found.asked[:2]]


def test_includes_and_constraints(tmp_path: Path) -> None:
    """``-r`` is read in place, ``-c`` is kept apart, each from where it stands; a cycle is named."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/c.txt").write_text("numpy<2\n")
    found = read(tmp_path, "-r base.txt\n--constraint=sub/c.txt\nb", base_txt="a==1\n")
    assert ["a==1", "b"] == texts(found)
    assert [("numpy<2", "sub/c.txt, line 1")] == [(item.text, item.where) for item in found.constraints]
    with pytest.raises(SettingsError, match="includes itself"):
        read(tmp_path, "-r base.txt", base_txt="-r requirements.txt")
    with pytest.raises(SettingsError, match=r"nosuch\.txt \(included by requirements\.txt\) cannot be read"):
        read(tmp_path, "-r nosuch.txt")


def test_hashes(tmp_path: Path) -> None:
    """Hashes are kept with their requirement."""
    found = read(tmp_path, "--require-hashes\na==1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n")
    assert found.hashed
    assert [("a==1", ("sha256:aa", "sha256:bb"))] == [(item.text, item.hashes) for item in found.asked]


def test_places_are_kept_apart(tmp_path: Path) -> None:
    """Where to look is for the build alone; folders are made absolute."""
    found = read(tmp_path, "-i https://example.org/simple\n--find-links wheels\n--pre\na")
    assert ["a"] == texts(found)
    assert {"index-url": ["https://example.org/simple"], "find-links": [str(tmp_path / "wheels")], "pre": ["true"]} == (
        found.options
    )


def test_paths(tmp_path: Path) -> None:
    """Folders and wheels on this machine are known as such, editable or not."""
    write(tmp_path, {"mine/pyproject.toml": "", "w-1.0-py3-none-any.whl": ""})
    found = read(tmp_path, f"-e mine\n./w-1.0-py3-none-any.whl\nm @ file://{tmp_path}/mine\n")
    assert [tmp_path / "mine", tmp_path / "w-1.0-py3-none-any.whl", tmp_path / "mine"] == [
        item.path for item in found.asked
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("pandas>=>2", "line 1: 'pandas>=>2' is no requirement"),
        ("./nosuch", "is no requirement"),
        ("a --config-settings=x=y", "options behind a requirement are not taken in"),
        ("--nosuch", "'--nosuch' is not understood"),
        ("a @ https://me:secret@example.org/a.whl", r"//\*\*\*@example.org/a.whl' holds a secret"),
        ("a @ https://${TOKEN}@example.org/a.whl", "holds a secret or a variable"),
    ],
)
def test_wrong_lines_are_named(tmp_path: Path, line: str, message: str) -> None:
    """A line that cannot be taken in is named with its number; a secret is not repeated."""
    with pytest.raises(SettingsError, match=message) as caught:
        read(tmp_path, line)
    assert "me:secret" not in str(caught.value)
    assert caught.value.hint


def declared(folder: Path, site: Site | None = None, **files: str) -> Declared:
    """What files in a folder declare, by name with ``_`` for the dot."""
    write(folder, {name.replace("_", "."): text for name, text in files.items()})
    return read_declared(folder, (site or Site(folder / "site-packages")).environment)


def test_the_first_file_counts(tmp_path: Path) -> None:
    """requirements.txt before pyproject.toml before environment.yml; one without dependencies does not count."""
    conda = "dependencies: []"
    assert "" == declared(tmp_path).file
    found = declared(tmp_path, pyproject_toml="[tool.ruff]", environment_yml=conda)
    assert ("environment.yml", ()) == (found.file, found.left_aside)
    found = declared(tmp_path, pyproject_toml="[project]\ndependencies = ['a>=1']")
    assert ("pyproject.toml", ["a>=1"], ("environment.yml",)) == (
        found.file,
        texts(found.requirements),
        found.left_aside,
    )
    found = declared(tmp_path, requirements_txt="b")
    assert ("requirements.txt", ["b"]) == (found.file, texts(found.requirements))
    assert ("pyproject.toml", "environment.yml") == found.left_aside


def test_poetry_is_refused_by_name(tmp_path: Path) -> None:
    """Dependencies that only Poetry reads are not passed over."""
    with pytest.raises(SettingsError, match="which only Poetry reads") as caught:
        declared(tmp_path, pyproject_toml="[tool.poetry.dependencies]\npandas = '^2'")
    assert "poetry export" in caught.value.hint


def test_conda(tmp_path: Path) -> None:
    """Distributions that are installed here are taken under pip's name; what only conda has is named."""
    site = Site(tmp_path / "site-packages")
    for name in ("torch", "numpy", "scipy", "pandas"):
        site.add(name)
    text = """
channels: [conda-forge]
dependencies: [python=3.10, pip, "conda-forge::numpy=1.26", "scipy>=1.2,<=2", pandas=2.1.0=py311_0, pytorch==2, r-base,
  {pip: ["six>=1", "-r more.txt"]}]
"""
    (tmp_path / "more.txt").write_text("rich\n")
    found = declared(tmp_path, site, environment_yml=text)
    assert ["numpy==1.26.*", "scipy>=1.2,<=2", "pandas==2.1.0.*", "torch==2", "six>=1", "rich"] == texts(
        found.requirements
    )
    assert ("==3.10.*", ("r-base",)) == (found.python, found.conda_only)
