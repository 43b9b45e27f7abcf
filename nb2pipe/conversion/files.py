"""Orders that files make: who wrote what others read or write."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from nb2pipe.analysis.effects import FileAccess
from nb2pipe.analysis.places import contains
from nb2pipe.conversion.accesses import uses_clash
from nb2pipe.conversion.summary import Summary

Order = tuple[str, str, str, str]


def file_orders(summaries: list[Summary]) -> Iterator[Order]:
    """Pairs of steps that use one file, one of them writing: source, target, path and reason."""
    earlier: list[tuple[FileAccess, int, str]] = []
    exact: dict[str, list[tuple[FileAccess, int, str]]] = {}
    shells: list[tuple[str, int]] = []
    touched: dict[str, int] = {}
    for summary in summaries:
        for access, cell in _accesses(summary):
            for old, old_cell, step in _candidates(access, earlier, exact):
                if step != summary.name and uses_clash(old, access):
                    yield step, summary.name, old.path, _reason(old, old_cell, access, cell)
        yield from _shell_orders(summary, shells, touched)
        for access, cell in _accesses(summary):
            entry = (access, cell, summary.name)
            (exact.setdefault(access.path, []) if "*" not in access.path else earlier).append(entry)
            touched.setdefault(summary.name, cell)
        if summary.shell is not None and summary.shell in summary.unit.cells:
            shells.append((summary.name, summary.shell))


def _accesses(summary: Summary) -> list[tuple[FileAccess, int]]:
    modules = [
        (FileAccess(name + ".py", "read", 1), cell)
        for name, cell in summary.imports.items()
        if cell in summary.unit.cells
    ]
    return [item for item in summary.files if item[1] in summary.unit.cells or item[0].use == "read"] + modules


def _candidates(
    access: FileAccess, patterns: list[tuple[FileAccess, int, str]], exact: dict[str, list[tuple[FileAccess, int, str]]]
) -> Iterator[tuple[FileAccess, int, str]]:
    yield from patterns
    if "*" in access.path:
        for entries in exact.values():
            yield from entries
        return
    yield from exact.get(access.path, ())
    parent = posixpath.dirname(access.path)
    while parent and parent != "/":
        yield from exact.get(parent, ())
        parent = posixpath.dirname(parent)
    if contains(".", access.path):
        yield from exact.get(".", ())
    for path, entries in exact.items():
        if contains(access.path, path):
            yield from entries


def _reason(old: FileAccess, old_cell: int, new: FileAccess, cell: int) -> str:
    verbs = {"read": "reads", "write": "writes", "ensure": "makes", "share": "uses"}
    return (
        f"Cell {cell + 1} {verbs[new.use]} `{new.path}`, and cell {old_cell + 1} {verbs[old.use]} `{old.path}` before."
    )


def _shell_orders(summary: Summary, shells: list[tuple[str, int]], touched: dict[str, int]) -> Iterator[Order]:
    own = summary.unit.cells
    if summary.shell is not None and summary.shell in own:
        for step, cell in touched.items():
            yield (
                step,
                summary.name,
                "shell",
                f"Cell {summary.shell + 1} runs commands that may use the files of cell {cell + 1}.",
            )
        for step, cell in shells:
            yield step, summary.name, "shell", f"Cells {cell + 1} and {summary.shell + 1} both run commands."
    elif summary.files:
        for step, cell in shells:
            yield (
                step,
                summary.name,
                "shell",
                f"Cell {cell + 1} runs commands that may make or change the files used here.",
            )
