"""Files of a folder that no link leads out of."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path


def is_within(path: str, root: str) -> bool:
    """Whether what a path names is in a folder, links resolved, and not hidden there by another name.

    Args:
        path: absolute.
        root: the folder, absolute, links resolved; empty for any.
    """
    if not root:
        return True
    found = Path(os.path.realpath(path))
    return found.is_relative_to(root) and _hidden(found, root) <= _hidden(Path(path), root)


def below(folder: str) -> Iterator[str]:
    """Files below a folder, links to folders not followed; what cannot be read there is an error, not an absence.

    Raises:
        OSError: it cannot be read.
    """
    for entry in _entries(folder):
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from below(entry.path)
        else:
            yield entry.path


def paths_within(path: str, root: str) -> Iterator[str]:
    """Paths that may be files: of a file, of a folder with all that is below it, or of a pattern as glob has them.

    No folder outside of the root is looked into.

    Args:
        path: absolute.
        root: the folder, absolute, links resolved.

    Raises:
        OSError: a folder cannot be read.
    """
    if not is_within(path, root):
        return
    if os.path.lexists(path) or not glob.has_magic(path):
        yield from below(path) if os.path.isdir(path) else (path,)  # noqa: PTH112 - a text, as all here
        return
    whole = Path(path)
    yield from _matching(whole.anchor, whole.parts[1:], root)


def _matching(folder: str, parts: Sequence[str], root: str) -> Iterator[str]:
    """What fits the parts of a pattern below a folder."""
    if not parts:
        yield folder
        return
    part, rest = parts[0], parts[1:]
    if not glob.has_magic(part):
        yield from _matching(str(Path(folder, part)), rest, root)
    elif not is_within(folder, root):
        return
    elif part == "**":
        yield from _matching(folder, rest or ("*",), root)
        for entry in _entries(folder):
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                yield from _matching(entry.path, parts, root)
    else:
        for entry in _entries(folder):
            if fnmatchcase(entry.name, part) and (part.startswith(".") or not entry.name.startswith(".")):
                yield from _matching(entry.path, rest, root)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):  # it went away meanwhile, or is a file where a folder is meant
        return []


def _hidden(path: Path, root: str) -> set[str]:
    parts = path.relative_to(root).parts if path.is_relative_to(root) else path.parts
    return {part for part in parts if part.startswith(".")}
