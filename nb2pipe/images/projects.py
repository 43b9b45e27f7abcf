"""Projects of this machine: installed for editing, from a folder or from a file; they go into an image as a copy."""

from __future__ import annotations

import os
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

from nb2pipe.errors import Diagnostic
from nb2pipe.images.codes import finding

MOST_BYTES = 100 << 20
MOST_FILES = 20_000
NOT_SOURCE = frozenset({"__pycache__", "build", "dist", "node_modules", "venv", "env"})
SCM_TOOLS = ("setuptools-scm", "setuptools_scm", "hatch-vcs")


@dataclass(frozen=True)
class Project:
    """A project to install from a copy.

    Args:
        name: canonical name of its distribution; the folder's name where it is not known.
        source: its folder, or the wheel or archive that it was installed from.
        version: as installed here, for build tools that ask git for it; empty where it is not installed.
        first: whether something from an index needs it, so that it must be there before.
        alone: whether what it needs is installed already, in the versions that are installed here.
    """

    name: str
    source: Path
    version: str = ""
    first: bool = False
    alone: bool = True

    @property
    def is_file(self) -> bool:
        """Whether it is a wheel or archive."""
        return self.source.is_file()

    @property
    def needs_version(self) -> bool:
        """Whether its build tool asks git for the version, which the copy does not have."""
        try:
            text = (self.source / "pyproject.toml").read_text(encoding="utf-8")
        except OSError:
            return False
        return bool(self.version) and any(tool in text for tool in SCM_TOOLS)

    def files(self) -> Iterator[tuple[Path, str]]:
        """Its files, each with the path in the copy: those that git does not ignore, or all but what is built.

        Hidden ones, such as ``.env``, stay here.
        """
        if self.is_file:
            yield self.source, self.source.name
            return
        names = _git_files(self.source)
        for name in _walk(self.source) if names is None else names:
            if not any(part.startswith(".") for part in name.split("/")) and (self.source / name).is_file():
                yield self.source / name, name


def project_in(folder: Path) -> Project:
    """The project that a requirements file names by its folder or file, and that is not installed here."""
    name, version = folder.name.partition("-")[0], ""
    try:
        table = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
        name, version = str(table.get("name", name)), str(table.get("version", ""))
    except (OSError, ValueError):
        pass  # setup.py alone: the folder's name has to do
    return Project(canonicalize_name(name), folder, version, alone=False)


def project_findings(project: Project) -> list[Diagnostic]:
    """What speaks against copying a project."""
    size = number = 0
    for path, _ in project.files():
        size += path.stat().st_size
        number += 1
        if size > MOST_BYTES or number > MOST_FILES:
            reason = f"it is bigger than {MOST_BYTES >> 20} MiB, or has more than {MOST_FILES} files"
            return [finding("N2P607", name=project.name, folder=str(project.source), reason=reason)]
    installable = project.is_file or any((project.source / name).is_file() for name in ("pyproject.toml", "setup.py"))
    if number and installable:
        return []
    reason = "it has neither pyproject.toml nor setup.py"
    return [finding("N2P607", name=project.name, folder=str(project.source), reason=reason)]


def _git_files(folder: Path) -> list[str] | None:
    """Files that git knows or does not ignore; None outside a repository."""
    try:
        done = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=folder,
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
    if done.returncode:
        return None
    return sorted(set(os.fsdecode(done.stdout).split("\0")) - {""})


def _walk(folder: Path) -> Iterator[str]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_made(name))
        yield from ((Path(place) / name).relative_to(folder).as_posix() for name in sorted(files))


def _is_made(name: str) -> bool:
    return name in NOT_SOURCE or name.startswith(".") or name.endswith(".egg-info")
