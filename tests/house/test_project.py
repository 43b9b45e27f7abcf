"""The project's own files: dependencies with reasons, a lock that holds them all, nothing of one machine."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.source import ROOT, project_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = sorted((ROOT / ".ci/locks").glob("*.txt"))
TOP_LEVEL = {"pyproject.toml", "nb2pipe", "jupyter_extension", "example_notebooks", "tests", "README.md"}
EVERY_PROJECT_HAS = {"CHANGELOG.md", "LICENSE", "Makefile"}

# Hosts that only package clients talk to, and folders of one machine; written so that this file is not found itself.
HOSTS = re.compile(
    r"pypi\.(org|python)|python" + r"hosted\.org|npm" + r"js\.(org|com)|deb" + r"ian\.org|yarn" + r"pkg\.com"
)
FOLDERS = re.compile(r"(?<![\w.~$}])/(work|root)/" + r"(?!\.\.\.)\w")
TEXT = {".py", ".md", ".toml", ".txt", ".in", ".ipynb", ".yaml", ".yml", ".json", ".csv", ".html", ".cfg", ".sh", ""}


def test_dependencies_have_reasons() -> None:
    """Every dependency line in pyproject.toml says in a comment what it is there for."""
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    start, end = lines.index("dependencies = ["), lines.index("[project.scripts]")
    bare = [line for line in lines[start:end] if re.search(r'"[A-Za-z][\w.-]*(\[\w+\])?[<>=!~ ]*[\d.]*"', line)]
    assert [] == [line for line in bare if not re.search(r"#\s*\w+", line)]


def test_lock_holds_every_dependency() -> None:
    """The lock pins a version of every dependency and extra that pyproject.toml asks for, and one that it allows."""
    pinned = dict(re.findall(r"^([\w.-]+)==([\w.+!]+)", (ROOT / ".ci/locks/dev.txt").read_text("utf-8"), re.MULTILINE))
    versions: dict[str, str] = {canonicalize_name(name): version for name, version in pinned.items()}
    project = PROJECT["project"]
    asked = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    missing = [line for line in asked if not _is_pinned(Requirement(line), versions)]
    assert [] == missing, "run `make lock`"


def _is_pinned(requirement: Requirement, versions: dict[str, str]) -> bool:
    version = versions.get(canonicalize_name(requirement.name))
    return version is not None and requirement.specifier.contains(version)


def test_locks_have_hashes_and_no_host() -> None:
    """Locks are in pip's requirements format, with hashes for every package, and name no place to fetch from."""
    assert {"benchmark.txt", "dev.txt", "kale.txt", "ploomber.txt"} == {lock.name for lock in LOCKS}
    for lock in LOCKS:
        text = lock.read_text("utf-8")
        packages = re.findall(r"^[\w.-]+==.*(?:\\\n.*)+", text, re.MULTILINE)
        assert packages and [] == [package for package in packages if "--hash=sha256:" not in package]
        assert None is re.search(r"://|^-|index-url|find-links", text, re.MULTILINE)


def test_files_name_no_host_and_no_machine() -> None:
    """No file names the host of a package registry, or an absolute path of the machine it was written on."""
    found = [
        f"{path}:{number}: {match.group()}"
        for path in project_files()
        if path.suffix in TEXT
        for number, line in enumerate((ROOT / path).read_text("utf-8", errors="replace").splitlines(), start=1)
        for match in (HOSTS.search(line), FOLDERS.search(line))
        if match
    ]
    assert [] == found


def test_top_level_is_what_the_design_says() -> None:
    """Beside the named folders there is only what every project has, and dot files."""
    top = {path.parts[0] for path in project_files()}
    assert set() == {name for name in top if not name.startswith(".")} - TOP_LEVEL - EVERY_PROJECT_HAS
    assert {"LICENSE", "CHANGELOG.md", "README.md", "Makefile", "pyproject.toml"} <= top


def test_license_is_whole() -> None:
    """LICENSE is the full text of the Apache License 2.0, as pyproject.toml says."""
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache-2.0" == PROJECT["project"]["license"]
    assert "Version 2.0, January 2004" in text and "END OF TERMS AND CONDITIONS" in text


def test_scripts_can_be_started() -> None:
    """Every script of .ci is executable and stops at the first error."""
    scripts = [path for path in (ROOT / ".ci").iterdir() if path.is_file()]
    assert {"run", "setup", "demo"} <= {path.name for path in scripts}
    for script in scripts:
        assert os.access(script, os.X_OK), script
        assert "set -euo pipefail" in script.read_text("utf-8"), script


def test_changelog_has_the_form() -> None:
    """CHANGELOG.md keeps a changelog: an Unreleased part, and only the known kinds of change."""
    text = (ROOT / Path("CHANGELOG.md")).read_text("utf-8")
    assert "## [Unreleased]" in text
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set() == set(re.findall(r"^### (.*)$", text, re.MULTILINE)) - kinds
