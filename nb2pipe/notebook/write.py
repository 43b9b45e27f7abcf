"""Write tags into a notebook's text, and touch nothing else in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nb2pipe.model.notebook import Notebook
from nb2pipe.notebook.source import refuse

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class _Member:
    """A member of an object in the text: where its key and its value begin, and where the value ends."""

    key: str
    key_at: int
    start: int
    end: int


@dataclass(frozen=True)
class _Style:
    """How the file is laid out.

    Args:
        newline: line end between values, empty where the file is one line.
        unit: one level of indentation.
        comma: what stands between members on one line.
        colon: what stands between key and value.
        ascii: whether other signs are written as ``\\u`` escapes.
    """

    newline: str
    unit: str
    comma: str
    colon: str
    ascii: bool


def with_tags(notebook: Notebook, tags: Mapping[int, Sequence[str]]) -> str:
    """The notebook's text with other tags on some cells; every other byte stays as it is.

    Args:
        notebook: the notebook as read.
        tags: cell index from 0 to all tags that the cell shall have.

    Returns:
        The text, laid out like the file.

    Raises:
        NotebookError: the file is older than nbformat 4.
    """
    text = notebook.text
    top = _members(text, _skip(text, 1 if text.startswith("\ufeff") else 0))
    if "cells" not in top or any(item.code == "N2P006" for item in notebook.diagnostics):
        hint = "Upgrade it first: jupyter nbconvert --to notebook --inplace FILE.ipynb"
        raise refuse("N2P161", f"Tags cannot be written into {notebook.path!r}: it is older than nbformat 4.", hint)
    style = _style(text, top)
    cells = _items(text, top["cells"].start)
    for index in sorted(tags, reverse=True):
        if list(tags[index]) == notebook.cells[index].metadata.get("tags", []):
            continue
        text = _set_tags(text, cells[index], list(tags[index]), style)
    return text


def _set_tags(text: str, at: int, tags: list[str], style: _Style) -> str:
    cell = _members(text, at)
    indent = _indent(text, next(iter(cell.values())).key_at, style)
    if "metadata" not in cell:
        first = next(iter(cell.values())).key_at
        value = _object(_list(tags, indent + style.unit, style), indent, style)
        gap = style.newline + indent if style.newline else style.comma[1:]
        return f'{text[:first]}"metadata"{style.colon}{value},{gap}{text[first:]}'
    metadata = cell["metadata"]
    members = _members(text, metadata.start)
    if not members:
        value = _object(_list(tags, indent + style.unit, style), indent, style)
        return text[: metadata.start] + value + text[metadata.end :]
    inner = _indent(text, next(iter(members.values())).key_at, style)
    value = _list(tags, inner, style)
    if "tags" in members:
        return text[: members["tags"].start] + value + text[members["tags"].end :]
    return _insert(text, list(members.values()), f'"tags"{style.colon}{value}', inner, style)


def _insert(text: str, members: Sequence[_Member], member: str, indent: str, style: _Style) -> str:
    """Add a member where the order of keys, if they are sorted as Jupyter sorts them, puts it; else at the end."""
    keys = [item.key for item in members]
    gap = style.newline + indent if style.newline else style.comma[1:]
    later = next((item for item in members if item.key > "tags"), None) if keys == sorted(keys) else None
    if later is not None:
        return f"{text[: later.key_at]}{member},{gap}{text[later.key_at :]}"
    end = members[-1].end
    return f"{text[:end]},{gap}{member}{text[end:]}"


def _object(tags: str, indent: str, style: _Style) -> str:
    """Metadata of nothing but tags."""
    if not style.newline:
        return f'{{"tags"{style.colon}{tags}}}'
    return f'{{{style.newline}{indent}{style.unit}"tags"{style.colon}{tags}{style.newline}{indent}}}'


def _list(tags: Sequence[str], indent: str, style: _Style) -> str:
    items = [json.dumps(tag, ensure_ascii=style.ascii) for tag in tags]
    if not style.newline or not items:
        return f"[{style.comma.join(items)}]"
    gap = f"{style.newline}{indent}{style.unit}"
    return f"[{gap}{f',{gap}'.join(items)}{style.newline}{indent}]"


def _style(text: str, top: Mapping[str, _Member]) -> _Style:
    first = next(iter(top.values()))
    gap = text[text.index("{") + 1 : first.key_at]
    newline = "\r\n" if "\r\n" in gap else "\n" if "\n" in gap else ""
    key_end = _DECODER.raw_decode(text, first.key_at)[1]
    comma = next((f",{_blank(text, item.end + 1)}" for item in top.values() if text[item.end] == ","), ", ")
    return _Style(
        newline=newline,
        unit=gap.rpartition("\n")[2] if newline else "",
        comma=", " if newline or len(comma) > 2 else comma,
        colon=text[key_end : first.start],
        ascii=text.removeprefix("\ufeff").isascii() and "\\u" in text,
    )


def _indent(text: str, at: int, style: _Style) -> str:
    """Blanks before the sign at ``at`` on its line."""
    if not style.newline:
        return ""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line if not line.strip() else line[: len(line) - len(line.lstrip())]


def _members(text: str, at: int) -> dict[str, _Member]:
    """Members of the object that begins at ``at``; of a key given twice the last, as JSON readers take it."""
    found: dict[str, _Member] = {}
    at = _skip(text, at + 1)
    while text[at] != "}":
        key, end = _DECODER.raw_decode(text, at)
        start = _skip(text, _skip(text, end) + 1)
        end = _DECODER.raw_decode(text, start)[1]
        found.pop(key, None)
        found[key] = _Member(key, at, start, end)
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at
    return found


def _items(text: str, at: int) -> list[int]:
    """Where the items of the list that begins at ``at`` begin."""
    found: list[int] = []
    at = _skip(text, at + 1)
    while text[at] != "]":
        found.append(at)
        at = _skip(text, _DECODER.raw_decode(text, at)[1])
        at = _skip(text, at + 1) if text[at] == "," else at
    return found


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _blank(text: str, at: int) -> str:
    return text[at : _skip(text, at)]
