"""The notebook's cells with their outputs as HTML, by nbconvert and JupyterLab's own styles."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import HTMLExporter

from nb2pipe.model import Pipeline, Role

KINDS = {Role.SETUP: "setup", Role.PARAMETERS: "parameters", Role.SKIP: "not run"}


@dataclass(frozen=True)
class Section:
    """Neighbouring cells that belong together.

    Args:
        step: name of their step, None for cells outside all steps.
        kind: what cells outside of steps are: ``setup``, ``parameters``, ``not run`` or ``text``.
        positions: places in the executed notebook, from 0.
        html: the cells, rendered.
    """

    step: str | None
    kind: str
    positions: tuple[int, ...]
    html: str = ""


def anchor(position: int) -> str:
    """Id in the page of the cell at a place of the executed notebook."""
    return f"cell-id=n2p-{position}"


def source_positions(pipeline: Pipeline, notebook: Mapping[str, Any]) -> dict[int, int]:
    """Index of every cell of the source to its place in the executed notebook."""
    places = {cell.get("id"): place for place, cell in enumerate(notebook["cells"])}
    return {cell.index: places[cell.id] for cell in pipeline.notebook.cells if cell.id in places}


def sections(pipeline: Pipeline, notebook: Mapping[str, Any]) -> Iterator[Section]:
    """The executed notebook cut into sections and rendered."""
    exporter = HTMLExporter(template_name="lab", template_file="base.html.j2", embed_images=True)
    resources = {"metadata": {"path": pipeline.notebook.folder, "name": pipeline.name}}
    for section in _cut(pipeline, notebook):
        part = {**notebook, "cells": [_renamed(notebook["cells"][p], p) for p in section.positions]}
        html, _ = exporter.from_notebook_node(nbformat.from_dict(part), resources=copy.deepcopy(resources))
        yield Section(section.step, section.kind, section.positions, html)


def styles() -> str:
    """JupyterLab's styles for cells, with its dark theme for readers whose system is dark; they fetch nothing."""
    exporter = HTMLExporter(template_name="lab")
    empty = nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})
    exporter.template_file = "base.html.j2"
    _, resources = exporter.from_notebook_node(empty)
    static = next(Path(p) / "static" for p in exporter.template_paths if (Path(p) / "static/theme-dark.css").is_file())
    light, dark, lab = (
        (static / name).read_text("utf-8") for name in ("theme-light.css", "theme-dark.css", "index.css")
    )
    return "\n".join([*resources["inlining"]["css"], lab, light, f"@media (prefers-color-scheme: dark) {{\n{dark}\n}}"])


def _cut(pipeline: Pipeline, notebook: Mapping[str, Any]) -> list[Section]:
    """Text goes with the code below it, at the end with the code above."""
    owners = _owners(pipeline, notebook)
    found: list[tuple[tuple[str | None, str], list[int]]] = []
    waiting: list[int] = []
    for place in range(len(notebook["cells"])):
        owner = owners.get(place)
        if owner is None:
            waiting.append(place)
        elif found and found[-1][0] == owner:
            found[-1][1].extend([*waiting, place])
            waiting = []
        else:
            found.append((owner, [*waiting, place]))
            waiting = []
    if waiting and found:
        found[-1][1].extend(waiting)
    elif waiting:
        found.append(((None, "text"), waiting))
    return [Section(step, kind, tuple(places)) for (step, kind), places in found]


def _owners(pipeline: Pipeline, notebook: Mapping[str, Any]) -> dict[int, tuple[str | None, str]]:
    """Place of every code cell to its step, or to what it is outside of steps."""
    places = source_positions(pipeline, notebook)
    owners: dict[int, tuple[str | None, str]] = {}
    for cell in pipeline.notebook.cells:
        if cell.index in places and cell.kind == "code":
            owners[places[cell.index]] = (None, KINDS.get(cell.tag.role or Role.SKIP, "not run"))
    for step in pipeline.steps:
        for index in step.cells:
            if index in places:
                owners[places[index]] = (step.name, "")
    for place, cell in enumerate(notebook["cells"]):
        if place not in owners and cell["cell_type"] == "code":  # the cell of injected parameters
            owners[place] = (None, "parameters")
    return owners


def _renamed(cell: Mapping[str, Any], place: int) -> dict[str, Any]:
    """The cell with an id that is an anchor of ours and safe in HTML."""
    return {**copy.deepcopy(dict(cell)), "id": f"n2p-{place}"}
