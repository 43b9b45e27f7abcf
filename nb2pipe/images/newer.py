"""What a notebook imports that it did not when its image was built."""

from __future__ import annotations

import sys
from pathlib import Path

from nb2pipe.errors import Diagnostic
from nb2pipe.images.cells import found_in_cells
from nb2pipe.images.codes import finding
from nb2pipe.images.found import Import
from nb2pipe.images.record import BuiltImage
from nb2pipe.model import Notebook


def imported_names(notebook: Notebook) -> tuple[str, ...]:
    """Top-level names of the modules that a notebook's cells import, sorted, for the record of an image."""
    return tuple(sorted({item.top for item in _imports(notebook)}))


def newer_imports(notebook: Notebook, built: BuiltImage) -> tuple[Diagnostic, ...]:
    """A warning for each import that came after the image was built, at the first cell that has it.

    Args:
        notebook: as it is now.
        built: the image that its steps will run in.

    Returns:
        None for what Python brings, what lies beside the notebook, and what the code does without; nothing at all for
        an image that was built before its imports were recorded.
    """
    if built.imports is None:
        return ()
    known = {*built.imports, *sys.stdlib_module_names}
    newer: dict[str, Import] = {}
    for item in _imports(notebook):
        if item.top not in known and item.certainty == "always" and not _is_beside(notebook, item.top):
            newer.setdefault(item.top, item)
    return tuple(
        finding("N2P608", item.place, where="This cell", image=built.tag, module=top) for top, item in newer.items()
    )


def _imports(notebook: Notebook) -> list[Import]:
    cells, _ = found_in_cells(notebook)
    return [item for found in cells.values() for item in found.imports]


def _is_beside(notebook: Notebook, name: str) -> bool:
    folder = Path(notebook.folder)
    return (folder / name).is_dir() or (folder / f"{name}.py").is_file()
