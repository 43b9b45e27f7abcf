"""Where a path leads when the working directory may have changed, and which texts look like paths."""

from __future__ import annotations

import posixpath
import re

HERE = ""
FILE = re.compile(r"[^\n*?<>|:\"]*\.[A-Za-z]\w{0,6}")
FOLDER = re.compile(r"[^\s*?<>|:\"]+(/[^\n*?<>|:\"]+)+/?")


def place_of(path: str, where: str | None) -> str:
    """A path as seen from the notebook's folder, ``*`` for unknown parts.

    Args:
        path: as written.
        where: the working directory, seen from the notebook's folder; None when it is not known.
    """
    if path.startswith(("/", "~", "<")) or where == HERE:
        return path
    if where is None:
        return "*" + path.lstrip("./")
    return posixpath.normpath(posixpath.join(where, path))


def contains(folder: str, path: str) -> bool:
    """Whether a path leads into a folder."""
    if folder == ".":
        return path != "." and not path.startswith(("/", "..", "~", "<"))
    return path.startswith(folder + "/")


def is_like_path(text: object) -> bool:
    """Whether a text given to unknown code may well be the path of a file."""
    if not isinstance(text, str) or "://" in text or len(text) > 250:
        return False
    return bool(FILE.fullmatch(text) or FOLDER.fullmatch(text))
