"""Settings of the steps, and everything that is wrong with tags, settings and parameters of a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from nb2pipe.errors import Diagnostic, Severity
from nb2pipe.model.notebook import Notebook
from nb2pipe.model.step_settings import StepSettings
from nb2pipe.notebook.kale import KEY, read_kale
from nb2pipe.notebook.parameters import read_parameters
from nb2pipe.notebook.read import cell_findings, settings_of
from nb2pipe.notebook.settings import read_settings, same_value
from nb2pipe.notebook.source import is_remote
from nb2pipe.notebook.steps import assign_cells
from nb2pipe.notebook.tags import merge_settings

_NOT_SETTINGS = ("name", "description", "data")
"""Keys of the notebook's metadata ``nb2pipe`` that are no settings of steps."""


def notebook_diagnostics(notebook: Notebook) -> tuple[Diagnostic, ...]:
    """All findings about a notebook short of its code: reading, tags, settings, parameters.

    Args:
        notebook: the notebook as read.

    Returns:
        Findings; those about the whole notebook first, then in the order of cells.
    """
    found: list[Diagnostic] = list(notebook.diagnostics)
    default_settings(notebook, found)
    for cell in notebook.cells:
        if cell.metadata:
            found.extend(cell_findings(cell))
    for step, cells in assign_cells(notebook).items():
        _check_step(notebook, step, cells, found)
    found.extend(read_parameters(notebook)[1])
    return tuple(sorted(found, key=lambda item: -1 if item.cell_index is None else item.cell_index))


def step_settings(notebook: Notebook, cells: Sequence[int]) -> StepSettings:
    """The settings of a step: the notebook's defaults, and over them what its cells set.

    Args:
        notebook: the notebook as read.
        cells: indexes of the step's own cells.

    Returns:
        The settings; a wrong value is left out here and listed by :func:`notebook_diagnostics`.
    """
    raw = dict(default_settings(notebook, []))
    for index in cells:
        merge_settings(raw, notebook.cells[index].tag.settings, _ignore)
    return read_settings(raw, _ignore)


def default_settings(notebook: Notebook, found: list[Diagnostic]) -> Mapping[str, Any]:
    """Raw settings of the whole notebook: Kale's metadata, and over it the metadata ``nb2pipe``.

    Args:
        notebook: the notebook as read.
        found: receives what is wrong with them.
    """

    def report(code: str, severity: Severity, message: str, hint: str) -> None:
        found.append(Diagnostic(code, severity, message, hint))

    raw = read_kale(notebook.metadata, report)
    own = settings_of(notebook.metadata)
    if own is None and notebook.metadata.get("nb2pipe") is not None:
        report(
            "N2P123", "error", "The notebook's metadata 'nb2pipe' is not an object.", 'Write "nb2pipe": {"cpus": 2}.'
        )
    if own is not None and own.get("data", "files") != "files":
        report(
            "N2P123",
            "error",
            f"The notebook's setting 'data' is {own['data']!r}.",
            'Write "data": "files", or drop it.',
        )
    merge_settings(raw, {key: value for key, value in (own or {}).items() if key not in _NOT_SETTINGS}, _ignore)
    read_settings(raw, lambda code, message, hint: report(code, "error", f"For all steps: {message}", hint))
    return raw


def pipeline_name(notebook: Notebook) -> str:
    """The pipeline's name: from the metadata ``nb2pipe``, else Kale's, else the file's name without its ending."""
    for key, name in (("nb2pipe", "name"), (KEY, "pipeline_name")):
        metadata = notebook.metadata.get(key)
        value = metadata.get(name) if isinstance(metadata, dict) else None
        if isinstance(value, str) and value.strip():
            return value.strip()
    if notebook.path == "-":
        return "notebook"
    path = urlsplit(notebook.path).path if is_remote(notebook.path) else notebook.path
    return PurePosixPath(path).stem or "notebook"


def _check_step(notebook: Notebook, step: str, cells: Sequence[int], found: list[Diagnostic]) -> None:
    merged: dict[str, Any] = {}
    for index in cells:
        cell = notebook.cells[index]
        if not cell.tag.settings:
            continue
        report = partial(_at, found, cell.index, cell.id, step)
        read_settings(cell.tag.settings, report)

        def twice(name: str, first: Any, second: Any, report: Any = report) -> None:
            if same_value(name, first, second):
                return
            values = "" if name.startswith("secrets") else f": {first!r} and {second!r}"
            report("N2P122", f"Step {step!r} has two values of setting {name!r}{values}.", "Keep one of them.")

        merge_settings(merged, cell.tag.settings, twice)


def _at(found: list[Diagnostic], index: int, cell_id: str, step: str, code: str, message: str, hint: str) -> None:
    found.append(Diagnostic(code, "error", message, hint, cell_index=index, cell_id=cell_id, step=step))


def _ignore(*_: Any) -> None:
    """Findings are collected elsewhere."""
