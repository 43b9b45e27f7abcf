"""Where things are: folders that follow from a path."""

from __future__ import annotations

from pathlib import Path

from nb2pipe.app.remote import is_remote


def is_local(path: str) -> bool:
    """Whether a notebook is a file on this machine."""
    return path != "-" and not is_remote(path)


def notebook_folder(path: str) -> Path:
    """Folder in which settings files are looked for: that of a local notebook, else where we are."""
    return Path(path).absolute().parent if is_local(path) else Path.cwd()
