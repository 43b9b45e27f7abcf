"""From a notebook's text to nbformat 4 JSON whose structure can be relied on."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from typing import Any

from nb2pipe.errors import Diagnostic
from nb2pipe.notebook.source import refuse

MINOR = 5
"""The minor version of nbformat 4 that documents are brought to: the first that has cell ids."""

KINDS = ("code", "markdown", "raw")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CONFLICT = re.compile(r"^(<<<<<<<|=======|>>>>>>>)", re.MULTILINE)

Document = dict[str, Any]


def parse_document(text: str, path: str) -> tuple[Document, tuple[Diagnostic, ...]]:
    """The notebook as nbformat 4.5 JSON, upgraded and with missing ids filled in.

    Args:
        text: the file's text.
        path: where it came from, for messages.

    Returns:
        The document, and what was noticed.

    Raises:
        NotebookError: it is no notebook, damaged, of an unknown version, or has no code.
    """
    document = _parse_json(text, path)
    found: list[Diagnostic] = []
    document = _bring_to_version(document, path, found)
    _check_structure(document, path)
    _fill_in(document["cells"], found)
    document["nbformat_minor"] = max(MINOR, document["nbformat_minor"])
    if not any(cell["cell_type"] == "code" and _has_text(cell["source"]) for cell in document["cells"]):
        what = "no cells" if not document["cells"] else "no code cell with code in it"
        raise refuse("N2P008", f"{path!r} is empty: it has {what}.", "Write some code, or check the path.")
    return document, tuple(found)


def _parse_json(text: str, path: str) -> Document:
    try:
        document = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise _damaged(text, path, error) from None
    except ValueError as error:  # a whole number of more digits than Python reads
        raise refuse("N2P003", f"{path!r} is damaged JSON: {error}.") from None
    except RecursionError:
        raise refuse("N2P003", f"{path!r} is damaged JSON: it is nested too deeply.") from None
    if isinstance(document, dict) and ("nbformat" in document or isinstance(document.get("cells"), list)):
        return document
    kind = "a JSON object" if isinstance(document, dict) else f"JSON ({type(document).__name__})"
    raise refuse("N2P002", f"{path!r} is {kind} but not a notebook: it has no 'nbformat'.", "Give an .ipynb file.")


def _damaged(text: str, path: str, error: json.JSONDecodeError) -> Exception:
    start = text.removeprefix("\ufeff").lstrip()
    if not start:
        return refuse("N2P002", f"{path!r} is an empty file, not a notebook.", "Take the last version from a backup.")
    if start.startswith("<") and not start.startswith("<<<<<<<"):
        return refuse("N2P002", f"{path!r} is a web page or XML, not a notebook.", "Download the raw .ipynb file.")
    conflict = _CONFLICT.search(text)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        message = f"{path!r} is damaged JSON: it holds a merge conflict at line {line}."
        return refuse("N2P003", message, "Resolve the conflict, for example with nbdime: 'git mergetool -t nbdime'.")
    if not start.startswith("{"):
        hint = "Give an .ipynb file; a script becomes one by 'jupytext --to ipynb'."
        return refuse("N2P002", f"{path!r} is text but not a notebook.", hint)
    message = f"{path!r} is damaged JSON: {error.msg} at line {error.lineno}, column {error.colno}."
    if error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated string"):
        message += " The file looks cut off."
    return refuse("N2P003", message, "Take the last good version from git or .ipynb_checkpoints.")


def _bring_to_version(document: Document, path: str, found: list[Diagnostic]) -> Document:
    major, minor = document.get("nbformat"), document.get("nbformat_minor", 0)
    if isinstance(major, bool) or not isinstance(major, int) or major not in (1, 2, 3, 4):
        message = f"{path!r} says nbformat {major!r}, which this nb2pipe does not know."
        raise refuse("N2P005", message, "Known are 4, and 1 to 3, which are upgraded. Save it as 4 in JupyterLab.")
    if major < 4:
        found.append(Diagnostic("N2P006", "info", f"The notebook is nbformat {major} and was upgraded in memory."))
        return _upgrade(document, path)
    if isinstance(minor, bool) or not isinstance(minor, int) or minor < 0:
        raise refuse("N2P005", f"{path!r} says nbformat_minor {minor!r}, which is no version.")
    if minor > MINOR:
        found.append(Diagnostic("N2P007", "warning", f"The notebook is nbformat 4.{minor}; it is read as 4.{MINOR}."))
    document["nbformat_minor"] = minor
    return document


def _upgrade(document: Document, path: str) -> Document:
    import nbformat
    from nbformat.reader import reads

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what nbformat says of old files is said by N2P006
            upgraded = nbformat.convert(reads(json.dumps(document)), 4)
        result: Document = json.loads(nbformat.writes(upgraded, version=nbformat.NO_CONVERT))
    except Exception as error:  # nbformat raises what old files make it stumble over
        message = f"{path!r} is nbformat {document['nbformat']} and cannot be upgraded: {type(error).__name__}: {error}"
        raise refuse("N2P009", message, "Open it with a Jupyter of its time and save it anew.") from error
    for index, cell in enumerate(result["cells"]):
        cell["id"] = f"cell-{index + 1}"  # nbformat makes them up at random; by position they are stable
    return result


def _check_structure(document: Document, path: str) -> None:
    cells = document.get("cells")
    if not isinstance(cells, list):
        hint = "It has 'worksheets' like nbformat 3: set \"nbformat\" to 3." if "worksheets" in document else ""
        raise refuse("N2P009", f"{path!r} has no list of 'cells'.", hint or "Open and save it in JupyterLab.")
    if not isinstance(document.setdefault("metadata", {}), dict):
        raise refuse("N2P009", f"{path!r}: the notebook's 'metadata' is not an object.")
    for index, cell in enumerate(cells):
        problem = _problem(cell)
        if problem:
            message = f"{path!r}: cell {index + 1} {problem}."
            raise refuse("N2P009", message, "Open and save the notebook in JupyterLab, or mend the cell.")


def _problem(cell: Any) -> str | None:
    if not isinstance(cell, dict):
        return "is not an object"
    if cell.get("cell_type") not in KINDS:
        return f"has the kind {cell.get('cell_type')!r}; known are code, markdown and raw"
    source = cell.get("source")
    if not isinstance(source, str) and not (isinstance(source, list) and all(isinstance(line, str) for line in source)):
        return "has no 'source' of text"
    if not isinstance(cell.setdefault("metadata", {}), dict):
        return "has 'metadata' that are not an object"
    if cell["cell_type"] == "code":
        if not isinstance(cell.setdefault("outputs", []), list):
            return "has 'outputs' that are not a list"
        cell.setdefault("execution_count", None)
    return None


def _fill_in(cells: list[Document], found: list[Diagnostic]) -> None:
    """Give every cell a legal id of its own; the first of two cells with one id keeps it."""
    taken: dict[str, int] = {}
    lacking: list[int] = []
    for index, cell in enumerate(cells):
        cell_id = cell.get("id")
        if cell_id is None:
            lacking.append(index)
        elif not isinstance(cell_id, str) or not _ID.fullmatch(cell_id):
            message = f"Cell id {cell_id!r} is not 1-64 letters, digits, '-' and '_'; another is used in memory."
            found.append(_at(index, "N2P011", message))
            lacking.append(index)
        elif cell_id in taken:
            message = f"Cell id {cell_id!r} is that of cell {taken[cell_id] + 1} too; another is used in memory."
            found.append(_at(index, "N2P010", message))
            lacking.append(index)
        else:
            taken[cell_id] = index
    for index in lacking:
        cells[index]["id"] = _free_id(f"cell-{index + 1}", taken)
        taken[cells[index]["id"]] = index


def _at(index: int, code: str, message: str) -> Diagnostic:
    return Diagnostic(code, "warning", message, "Open and save the notebook in JupyterLab.", cell_index=index)


def _free_id(wanted: str, taken: Mapping[str, int]) -> str:
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}-{count}"
    return name


def _has_text(source: str | list[str]) -> bool:
    return bool((source if isinstance(source, str) else "".join(source)).strip())
