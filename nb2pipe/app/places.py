"""Where things are: folders that follow from a path."""

from __future__ import annotations

from pathlib import Path

from nb2pipe.app.files import is_remote


def notebook_folder(path: str) -> Path:
    """Folder in which settings files are looked for: that of a local notebook, else where we are."""
    return Path.cwd() if path == "-" or is_remote(path) else Path(path).absolute().parent
