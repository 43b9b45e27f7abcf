"""Sphinx-gallery scripts as notebooks: docstring, ``# %%`` or ``####`` blocks, headings in comments."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from tests.law.subject import Subject, make_cell, make_document

_BLOCK = re.compile(r"^(?:# ?%%.*|#{20,} *)$")
_UNDERLINE = re.compile(r"^([=\-~^*\"'#+.`])\1{2,}$")
_LEVELS = "=-~^*"


def read_gallery(path: Path, root: Path) -> Subject:
    """One script as an untagged notebook with a Markdown cell per text block."""
    cells: list[dict[str, Any]] = []
    for kind, text in _blocks(path.read_text(encoding="utf-8")):
        if text.strip():
            cells.append(make_cell(len(cells), kind, text))
    return Subject(name=path.relative_to(root).with_suffix("").as_posix(), document=make_document(cells))


def _blocks(script: str) -> list[tuple[str, str]]:
    docstring = ast.parse(script).body[0]
    lines = script.splitlines()
    blocks = [("markdown", _markdown(ast.literal_eval(ast.unparse(docstring)).strip().splitlines()))]
    code: list[str] = []
    rest = iter(lines[docstring.end_lineno :])
    for line in rest:
        if not _BLOCK.match(line):
            code.append(line)
            continue
        blocks.append(("code", "\n".join(code).strip("\n")))
        code, text = [], [line.lstrip("# %").strip()]
        for follow in rest:
            if not follow.startswith("#") or _BLOCK.match(follow):
                code = [follow]
                break
            text.append(re.sub(r"^# ?", "", follow))
        blocks.append(("markdown", _markdown(text)))
    blocks.append(("code", "\n".join(code).strip("\n")))
    return [(kind, text) for kind, text in blocks if kind == "markdown" or _has_code(text)]


def _has_code(text: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())


def _markdown(lines: list[str]) -> str:
    """reStructuredText headings as Markdown headings; everything else as it is."""
    result: list[str] = []
    for line in lines:
        if _UNDERLINE.match(line):
            if result and result[-1].strip():
                level = _LEVELS.find(line[0]) + 1 or 3
                result[-1] = f"{'#' * level} {result[-1].strip()}"
        else:
            result.append(line)
    return "\n".join(result).strip()
