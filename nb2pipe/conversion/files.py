"""Orders that files make: who wrote what others read or write."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from nb2pipe.analysis.effects import FileAccess
from nb2pipe.analysis.places import contains
from nb2pipe.conversion.accesses import uses_clash
from nb2pipe.conversion.summary import Summary

Order = tuple[str, str, str, str]


@dataclass(frozen=True)
class _Use:
    """A use of a file.

    Args:
        access: with the path by which uses are compared: from the notebook's folder where it is in there.
        path: as the notebook has it.
        cell: index of the cell.
        step: the step.
    """

    access: FileAccess
    path: str
    cell: int
    step: str


def file_orders(summaries: list[Summary], folder: str) -> Iterator[Order]:
    """Pairs of steps that use one file, one of them writing: source, target, path and reason.

    Args:
        summaries: of the steps, in notebook order.
        folder: the notebook's.
    """
    earlier: list[_Use] = []
    exact: dict[str, list[_Use]] = {}
    shells: list[tuple[str, int]] = []
    touched: dict[str, int] = {}
    for summary in summaries:
        uses = _uses(summary, folder)
        for use in uses:
            for old in _candidates(use.access, earlier, exact):
                if old.step != use.step and uses_clash(old.access, use.access):
                    yield old.step, use.step, old.path, _reason(old, use)
        yield from _shell_orders(summary, shells, touched)
        for use in uses:
            path = use.access.path
            (exact.setdefault(path, []) if "*" not in path else earlier).append(use)
            touched.setdefault(use.step, use.cell)
        if summary.shell is not None and summary.shell in summary.unit.cells:
            shells.append((summary.name, summary.shell))


def _uses(summary: Summary, folder: str) -> list[_Use]:
    found = [item for item in summary.files if item[1] in summary.unit.cells or item[0].use == "read"]
    found += [
        (FileAccess(name + ".py", "read", 1), cell)
        for name, cell in summary.imports.items()
        if cell in summary.unit.cells
    ]
    return [
        _Use(access._replace(path=_place(access.path, folder)), access.path, cell, summary.name)
        for access, cell in found
    ]


def _place(path: str, folder: str) -> str:
    """A path from the notebook's folder where it leads in there, whatever way it is written."""
    if path.startswith("~"):
        path = os.path.expanduser(path)  # noqa: PTH111 - goes on where no home is known
    elif path == ".." or path.startswith("../"):
        path = posixpath.join(folder, path)
    if not path.startswith("/"):
        return path
    path = posixpath.normpath(path)
    return posixpath.relpath(path, folder) if path == folder or contains(folder, path) else path


def _candidates(access: FileAccess, patterns: list[_Use], exact: dict[str, list[_Use]]) -> Iterator[_Use]:
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


def _reason(old: _Use, new: _Use) -> str:
    verbs = {"read": "reads", "write": "writes", "ensure": "makes", "share": "uses"}
    return (
        f"Cell {new.cell + 1} {verbs[new.access.use]} `{new.path}`, "
        f"and cell {old.cell + 1} {verbs[old.access.use]} `{old.path}` before."
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
