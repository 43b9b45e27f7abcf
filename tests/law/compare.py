"""Outputs in a form that can be compared, and where two executed notebooks differ."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")
_CELL_FILE = re.compile(r"\S*/ipykernel_\d+/")
_PACKAGES = re.compile(r"[^\s\"'(]*/(?:site|dist)-packages/")  # an image has an installation of its own
_COUNTED_ID = re.compile(r"\b(sk-(?:container|estimator)-id)-\d+")  # scikit-learn numbers its HTML per process
_TIMING = re.compile(r"^(?:The slowest run took .*\n)?(?:CPU times: |Wall time: |.* per loop \().*$", re.MULTILINE)
_SECONDS = re.compile(r"\b\d+\.\d+(?= ?(?:s|ms|µs|secs?|seconds)\b)")  # clocks may agree twice by accident
DIFF_LINES = 14

Normal = list[dict[str, Any]]


def clean_text(text: str | list[str], folder: str) -> str:
    """Text without colours, memory addresses, timings, the scratch folder's path, and where packages are installed."""
    joined = text if isinstance(text, str) else "".join(text)
    joined = _ADDRESS.sub("0x…", _ANSI.sub("", joined)).replace(folder, "<folder>")
    joined = _PACKAGES.sub("<packages>/", joined)
    joined = _COUNTED_ID.sub(r"\1-n", _CELL_FILE.sub("<cells>/", joined))
    return _SECONDS.sub("<time>", _TIMING.sub("<timing>", joined))


def normal_outputs(cell: Mapping[str, Any], folder: str) -> Normal:
    """A code cell's outputs: streams merged by name, displays by MIME type in order, the error at the end."""
    streams: dict[str, str] = {}
    others: Normal = []
    for output in cell.get("outputs", []):
        kind = output["output_type"]
        if kind == "stream":
            streams[output["name"]] = streams.get(output["name"], "") + "".join(output["text"])
        elif kind == "error":
            trace = clean_text("\n".join(output["traceback"]), folder)
            error = {"ename": output["ename"], "evalue": clean_text(output["evalue"], folder), "traceback": trace}
            others.append({"type": "error", **error})
        else:
            data = {mime: _normal_data(mime, value, folder) for mime, value in sorted(output["data"].items())}
            others.append({"type": kind, "data": data, "metadata": output.get("metadata", {})})
    merged: Normal = [
        {"type": "stream", "name": name, "text": clean_text(text, folder)} for name, text in sorted(streams.items())
    ]
    return merged + others


def _normal_data(mime: str, value: Any, folder: str) -> Any:
    if mime.startswith("image/") and isinstance(value, (str, list)):
        return f"sha256 {hashlib.sha256(''.join(value).encode()).hexdigest()}"  # nbformat stores texts as lines
    return clean_text(value, folder) if isinstance(value, (str, list)) else value


def code_cells(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Code cells by id."""
    return {cell["id"]: cell for cell in document["cells"] if cell["cell_type"] == "code"}


def outputs_by_id(document: Mapping[str, Any], folder: str) -> dict[str, Normal]:
    """Normalised outputs of every code cell."""
    return {cell_id: normal_outputs(cell, folder) for cell_id, cell in code_cells(document).items()}


def failing_cell(document: Mapping[str, Any]) -> str | None:
    """Id of the first cell that stopped with an error, in notebook order."""
    for cell_id, cell in code_cells(document).items():
        tolerated = "raises-exception" in cell.get("metadata", {}).get("tags", [])
        if not tolerated and any(output["output_type"] == "error" for output in cell.get("outputs", [])):
            return cell_id
    return None


def diff(expected: Any, actual: Any) -> str:
    """The first lines in which two values differ."""
    before, after = _lines(expected), _lines(actual)
    found = list(difflib.unified_diff(before, after, "plain", "pipeline", lineterm="", n=1))[2:]
    more = [f"... {len(found) - DIFF_LINES} more lines"] if len(found) > DIFF_LINES else []
    return "\n".join([line[:400] for line in found[:DIFF_LINES]] + more)


def _lines(value: Any) -> list[str]:
    text = json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True)
    return text.replace("\\n", "\n").splitlines()


def up_to(ids: Iterable[str], last: str | None) -> list[str]:
    """Ids up to and including ``last``; all when it is None."""
    result = []
    for cell_id in ids:
        result.append(cell_id)
        if cell_id == last:
            break
    return result
