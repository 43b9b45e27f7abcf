"""Read a notebook: its cells, and what their tags say."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from nb2pipe.errors import Diagnostic
from nb2pipe.model.notebook import Cell, Notebook, Tag
from nb2pipe.notebook.source import folder_of, read_text
from nb2pipe.notebook.structure import Document, parse_document
from nb2pipe.notebook.tags import is_ours, parse_tags


def read_notebook(path: str, *, text: str | None = None) -> Notebook:
    """Read a notebook.

    Args:
        path: a file, ``-`` for standard input, or a URL (``https://``, ``s3://``, ``gs://`` ... as papermill reads).
        text: the notebook's text, where it is already at hand; ``path`` then only names it.

    Returns:
        The notebook. What is wrong with its tags, settings and parameters is not an error here:
        :func:`nb2pipe.notebook.notebook_diagnostics` lists it.

    Raises:
        NotebookError: it cannot be read, is no notebook, damaged, of an unknown version, or has no code.
    """
    if text is None:
        text = read_text(path)
    document, found = parse_document(text, "standard input" if path == "-" else path)
    cells = tuple(_cell(index, raw) for index, raw in enumerate(document["cells"]))
    kernel_name, language = _kernel(document["metadata"])
    return Notebook(
        path=path,
        folder=folder_of(path),
        cells=cells,
        metadata=document["metadata"],
        kernel_name=kernel_name,
        language=language,
        digest=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        text=text,
        document=document,
        diagnostics=found + _kernel_diagnostics(document["metadata"], language),
    )


def tags_of(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """The cell's tags in their order; empty where they are not a list, and without members that are no text."""
    tags = metadata.get("tags")
    return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()


def settings_of(metadata: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The metadata ``nb2pipe`` of a cell or a notebook, None where there is none or it is no object."""
    settings = metadata.get("nb2pipe")
    return settings if isinstance(settings, dict) else None


def cell_findings(cell: Cell) -> tuple[Diagnostic, ...]:
    """What is wrong with the tags of one cell."""
    found: list[Diagnostic] = []
    tags = cell.metadata.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        message, hint = f"The cell's tags are {tags!r}, not a list of texts.", 'Write "tags": ["step:NAME"].'
        found.append(Diagnostic("N2P106", "error", message, hint, cell_index=cell.index, cell_id=cell.id))
    if cell.metadata.get("nb2pipe") is not None and settings_of(cell.metadata) is None:
        message, hint = "The cell's metadata 'nb2pipe' is not an object.", 'Write "nb2pipe": {"cpus": 2}.'
        found.append(Diagnostic("N2P123", "error", message, hint, cell_index=cell.index, cell_id=cell.id))
    if cell.kind == "code":
        return (*found, *parse_tags(cell.tags, settings_of(cell.metadata), cell_index=cell.index, cell_id=cell.id)[1])
    lost = [tag for tag in cell.tags if is_ours(tag) and tag != "skip"]
    if lost:
        message = f"Tag {lost[0]!r} is on a {cell.kind} cell, where it does nothing."
        hint = "Put it on the code cell below."
        found.append(Diagnostic("N2P105", "warning", message, hint, cell_index=cell.index, cell_id=cell.id))
    return tuple(found)


def _cell(index: int, raw: Document) -> Cell:
    source = raw["source"]
    metadata = raw["metadata"]
    tags = tags_of(metadata)
    kind = raw["cell_type"]
    tag = parse_tags(tags, settings_of(metadata))[0] if kind == "code" else Tag()
    text = source if isinstance(source, str) else "".join(source)
    return Cell(index, raw["id"], kind, text, tags, metadata, tag)


def _kernel(metadata: Mapping[str, Any]) -> tuple[str, str]:
    """Kernel spec name and language, by the same rules as papermill's."""
    spec = _object(metadata.get("kernelspec"))
    info = _object(metadata.get("language_info"))
    name = spec.get("name")
    language = spec.get("language") or info.get("name")
    return (
        name if isinstance(name, str) and name else "python3",
        language.lower() if isinstance(language, str) and language else "python",
    )


def _kernel_diagnostics(metadata: Mapping[str, Any], language: str) -> tuple[Diagnostic, ...]:
    if language in ("python", "ipython") or _object(metadata.get("kernelspec")).get("name"):
        return ()
    message = f"The notebook is written in {language!r} but names no kernel."
    return (Diagnostic("N2P012", "error", message, "Choose a kernel in JupyterLab and save the notebook."),)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
