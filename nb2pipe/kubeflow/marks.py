"""What a pod leaves in its log for us, between marks: an engine keeps no file of a step that failed, some none at all.

Each part is JSON, zlib and base64, on lines of its own between two lines that name it.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nb2pipe.model import StepRun
from nb2pipe.model.json import from_json, to_json

NOTEBOOK = "nb2pipe-notebook"
STEP = "nb2pipe-step"
LONGEST_LINE = 8000
"""Characters: what collects logs cuts lines that are longer than 16 kB."""
MOST_BYTES = 3_000_000
"""Of a part as it is written: a cluster's machines throw the beginning of a log away when it gets longer than 10 MB."""
MOST_READ = 500_000_000
_BEFORE = r"(?:\A\n|(?<=\n)\n|^|(?<=\n))"  # with the empty line that a pod puts before its parts
_PART = re.compile(rf"{_BEFORE}({NOTEBOOK}|{STEP})\r?\n([A-Za-z0-9+/=\r\n]*?)\r?\n\1(?:\r?\n|$)")


@dataclass(frozen=True)
class Marked:
    """A log taken apart.

    Args:
        text: what was printed, without the marked parts.
        step: what the pod says of its step; None where it says nothing that can be read.
        notebook: the executed notebook; None alike.
    """

    text: str
    step: StepRun | None = None
    notebook: Mapping[str, Any] | None = None


def marked(name: str, data: Any) -> str:
    """A part of a log.

    Args:
        name: one of the marks.
        data: as JSON has it.
    """
    packed = base64.b64encode(zlib.compress(json.dumps(data).encode(), 9)).decode("ascii")
    lines = [packed[at : at + LONGEST_LINE] for at in range(0, len(packed), LONGEST_LINE)]
    return "\n".join([name, *lines, name])


def marked_step(run: StepRun) -> str:
    """What became of a step, as a part of a log."""
    return marked(STEP, to_json(run))


def marked_notebook(notebook: Mapping[str, Any]) -> str:
    """An executed notebook as a part of a log; one that is very big without its pictures and tables."""
    text = marked(NOTEBOOK, notebook)
    return text if len(text) <= MOST_BYTES else marked(NOTEBOOK, _in_words(notebook))


def taken_apart(log: str) -> Marked:
    """A log, and what stands in it between marks; of parts of a name, the last."""
    parts: dict[str, Any] = {}
    for found in _PART.finditer(log):
        data = _unpacked(found[2])
        if data is not None:
            parts[found[1]] = data
    return Marked(_PART.sub("", log), _step(parts.get(STEP)), parts.get(NOTEBOOK))


def _step(data: Any) -> StepRun | None:
    try:
        return from_json(StepRun, data) if data else None
    except (TypeError, ValueError, KeyError, AttributeError):  # of another version, or not ours
        return None


def _unpacked(text: str) -> Any:
    try:
        unpacking = zlib.decompressobj()
        data = json.loads(unpacking.decompress(base64.b64decode("".join(text.split())), MOST_READ))
    except (ValueError, binascii.Error, zlib.error):
        return None
    return data if isinstance(data, dict) else None


def _in_words(notebook: Mapping[str, Any]) -> dict[str, Any]:
    return {**notebook, "cells": [_cell_in_words(cell) for cell in notebook.get("cells", ())]}


def _cell_in_words(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    if "outputs" not in cell:
        return cell
    return {**cell, "outputs": [_short(each) for each in cell["outputs"]]}


def _short(output: Mapping[str, Any]) -> Mapping[str, Any]:
    if "data" not in output:
        return output
    plain = output["data"].get("text/plain", "")
    note = "(left out of the log: too big; the artifact `notebook` has it)"
    return {**output, "data": {"text/plain": [plain if isinstance(plain, str) else "".join(plain), f"\n{note}"]}}
