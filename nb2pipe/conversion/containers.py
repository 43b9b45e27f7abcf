"""What is to be said about container cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nb2pipe.conversion.diagnose import diagnostic
from nb2pipe.conversion.summary import Origins
from nb2pipe.conversion.unit import Unit
from nb2pipe.errors import Diagnostic
from nb2pipe.model import Notebook
from nb2pipe.notebook.container_cells import is_container_cell

LOADED = re.compile(r"^\s*%(?:re)?load_ext[ \t]+nb2pipe[ \t]*$", re.MULTILINE)


def part_findings(notebook: Notebook, units: Iterable[Unit]) -> Iterator[Diagnostic]:
    """Says which steps were parted, at the first container cell of each."""
    parts: dict[str, list[Unit]] = {}
    for unit in units:
        parts.setdefault(unit.step, []).append(unit)
    for step, found in parts.items():
        if len(found) > 1:
            cell = next(c for unit in found for c in unit.cells if is_container_cell(notebook.cells[c].source))
            names = ", ".join(unit.name for unit in found)
            yield diagnostic("N2P306", notebook.cells[cell], None, step, names=names)


def container_findings(notebook: Notebook, origins: Origins) -> Iterator[Diagnostic]:
    """Says where a container cell stands although no cell before it loads the magic."""
    for cell, effects in sorted(origins.cells.items()):
        before = (notebook.cells[other].source for other in origins.cells if other <= cell)
        if effects.containers and not any(LOADED.search(source) for source in before):
            yield diagnostic("N2P307", notebook.cells[cell], None, origins.layout.owner.get(cell))
            return
