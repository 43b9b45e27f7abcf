"""From a notebook to what its image must hold."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from nb2pipe.errors import Diagnostic, NotebookError
from nb2pipe.images.cells import found_in_cells
from nb2pipe.images.choice import Choice, choose
from nb2pipe.images.codes import finding
from nb2pipe.images.declared import Declared, read_declared
from nb2pipe.images.installed import Environment, installed_here
from nb2pipe.images.local import Local, LocalFile, follow
from nb2pipe.images.needs import Need, needs_of
from nb2pipe.images.projects import Project, project_findings
from nb2pipe.model.notebook import Notebook

MOST_PATCHES = 40


@dataclass(frozen=True)
class ImagePlan:
    """What an image for a notebook must hold.

    Args:
        notebook: the notebook.
        python: minor version of Python here, such as ``3.11``.
        needs: distributions that are imported or used, with the reason, in the order of the notebook.
        choice: what pip is told to install.
        modules: files beside the notebook to copy.
        environment: what is installed here.
        diagnostics: all findings; an image is refused if one is an error.
    """

    notebook: Notebook
    python: str
    needs: tuple[Need, ...]
    choice: Choice
    modules: tuple[LocalFile, ...]
    environment: Environment
    diagnostics: tuple[Diagnostic, ...]

    @property
    def projects(self) -> tuple[Project, ...]:
        """Projects of this machine to install from a copy."""
        return self.choice.projects


def plan_image(notebook: Notebook, environment: Environment | None = None) -> ImagePlan:
    """Find out what an image for a notebook must hold.

    Args:
        notebook: as read.
        environment: what is installed; None for what is installed here.

    Raises:
        NotebookError: it is not written in Python.
        SettingsError: a file beside it cannot be understood.
    """
    if notebook.language not in ("python", "ipython"):
        raise NotebookError(
            f"{notebook.path!r} is written in {notebook.language!r}: images are made for Python only",
            hint="Name an image that has its kernel in the notebook's setting `image`.",
        )
    environment = environment or installed_here()
    folder = Path(notebook.folder)
    cells, wrong = found_in_cells(notebook)
    local = follow(cells.values(), folder, environment)
    declared = read_declared(folder, environment)
    needs, findings = needs_of(local.found, environment, declared.requirements)
    choice = choose([need.distribution for need in needs if need.distribution], declared, environment)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    diagnostics = (
        *wrong,
        *findings,
        *choice.diagnostics,
        *_about_files(local, declared, python),
        *(found for project in choice.projects for found in project_findings(project)),
    )
    return ImagePlan(notebook, python, needs, choice, local.files, environment, diagnostics)


def _about_files(local: Local, declared: Declared, python: str) -> list[Diagnostic]:
    found = [
        finding("N2P606", what=f"{name} is left aside: {declared.file} counts before it.")
        for name in declared.left_aside
    ]
    found += [
        finding("N2P606", what=f"{file.target} is not copied into the image: it is bigger than a mebibyte.")
        for file in local.too_big
    ]
    if declared.conda_only:
        names = ", ".join(repr(name) for name in declared.conda_only)
        found.append(finding("N2P605", file=declared.file, names=names))
    if not _allows(declared.python, python):
        asked = f"Python {declared.python} (choose it with --base)"
        found.append(finding("N2P604", where=declared.file, asked=asked, here=python))
    return found


def _allows(asked: str, python: str) -> bool:
    """Whether some patch of a minor version of Python is what environment.yml asks for."""
    try:
        return any(SpecifierSet(asked).contains(f"{python}.{patch}") for patch in range(MOST_PATCHES))
    except InvalidSpecifier:
        return True
