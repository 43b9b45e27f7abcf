"""Paths that clients name: always relative to the folder that Jupyter serves, and never out of it."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_server.services.contents.filemanager import FileContentsManager

from nb2pipe.server.codes import ServiceError

MOST_NOTEBOOK_BYTES = 256 * 2**20
_ENCODED = re.compile(r"%(?:2e|2f|5c|00|25)", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:")
_PATTERN = re.compile(r"[*?\[]")
_OF_THIS_MACHINE = frozenset({"file", "local", "memory", "dir", "zip", "tar", "archive", "libarchive", "data", "git"})
"""Kinds of URLs, of fsspec too, that name files of this machine or may."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]|[\ud800-\udfff]")


@dataclass(frozen=True)
class Contents:
    """The folder that Jupyter serves.

    Args:
        root: absolute, links resolved; None where the contents manager has none on this machine.
        shows_hidden: whether names that begin with a dot are served.
        manager: name of the contents manager, for messages.
    """

    root: Path | None
    shows_hidden: bool = False
    manager: str = ""

    def notebook(self, path: str) -> str:
        """The absolute path of a notebook that is there, links resolved.

        Args:
            path: relative to the root, with ``/`` between names.

        Raises:
            ServiceError: N2P853 it leads out or is hidden, N2P854 no file is there, N2P860 there is no root.
        """
        found = self._resolved(path)
        try:
            what = os.stat(found)  # noqa: PTH116 - os.stat says of a socket what it is, as Path.is_file does not
        except OSError as error:
            raise _absent(path) from error
        if not stat.S_ISREG(what.st_mode):  # a pipe would be waited for
            raise _absent(path)
        if what.st_size > MOST_NOTEBOOK_BYTES:
            raise ServiceError("N2P852", 413, size=what.st_size, most=MOST_NOTEBOOK_BYTES)
        return found

    def unsaved(self, path: str) -> str:
        """The absolute path that a notebook has or will have; a notebook without a folder here is named as it is."""
        if self.root is None:
            return Path(path).name or "notebook.ipynb"
        return self._resolved(path)

    def output(self, path: str) -> str:
        """The absolute path of a file that is to be written; its folder must be there.

        Raises:
            ServiceError: as for a notebook.
        """
        found = self._resolved(path)
        if not Path(found).parent.is_dir():
            raise _absent(path)
        return found

    def watched(self, place: str) -> str:
        """A place whose data is watched: a file, folder or pattern below the root, or the URL of another machine.

        Raises:
            ServiceError: N2P853 it leads out, is hidden, or is a URL of this machine's files; N2P860 there is no root.
        """
        scheme, mark, _ = place.partition("://")
        if mark:
            if scheme.lower() in _OF_THIS_MACHINE or "::" in place or _CONTROL.search(place):
                raise _forbidden(place, "is a URL of files of this machine")
            return place
        parts = place.split("/")
        fixed = next((number for number, part in enumerate(parts) if _PATTERN.search(part)), len(parts))
        _refuse_form(place)
        if not fixed:
            if self.root is None:
                raise ServiceError("N2P860", 422, name=self.manager)
            return str(self.root / place)
        return str(Path(self._resolved("/".join(parts[:fixed]))).joinpath(*parts[fixed:]))

    def relative(self, path: str) -> str | None:
        """The path as clients name it; None for one that is not served."""
        if self.root is None or not Path(path).is_absolute():
            return None
        found = Path(os.path.realpath(path))
        if found == self.root or not found.is_relative_to(self.root) or self._is_hidden(found):
            return None
        return found.relative_to(self.root).as_posix()

    def serves(self, path: str) -> bool:
        """Whether an absolute path is served."""
        return self.relative(path) is not None

    def require(self, path: str) -> None:
        """Refuse to read or run a notebook of the store that is not served.

        Raises:
            ServiceError: N2P853.
        """
        if not self.serves(path):
            raise _forbidden(path, "is not in the folder that Jupyter serves")

    def _resolved(self, path: str) -> str:
        if self.root is None:
            raise ServiceError("N2P860", 422, name=self.manager)
        _refuse_form(path)
        try:
            found = Path(os.path.realpath(self.root / path))
        except (OSError, ValueError) as error:
            raise _absent(path) from error
        if found == self.root or not found.is_relative_to(self.root):
            raise _forbidden(path, "leads out of the folder that Jupyter serves")
        named = self.root.joinpath(*[part for part in path.split("/") if part not in ("", ".")])
        if self._is_hidden(found) or self._is_hidden(named):
            raise _forbidden(path, "is hidden")
        return str(found)

    def _is_hidden(self, path: Path) -> bool:
        assert self.root is not None
        return not self.shows_hidden and any(part.startswith(".") for part in path.relative_to(self.root).parts)


def contents_of(manager: Any) -> Contents:
    """The folder of Jupyter's contents manager, as it is now."""
    if not isinstance(manager, FileContentsManager):
        return Contents(None, manager=type(manager).__name__)
    return Contents(Path(os.path.realpath(manager.root_dir)), bool(manager.allow_hidden), type(manager).__name__)


def _refuse_form(path: str) -> None:
    """Refuse what is no plain relative path, whether or not it would lead out."""
    forms = (
        (not path.strip(), "is empty"),
        (_CONTROL.search(path), "holds control characters"),
        (path.startswith(("/", "\\")), "is absolute"),
        (_DRIVE.match(path) or "://" in path, "names a drive or a URL"),
        ("\\" in path, "holds a backslash"),
        (_ENCODED.search(path), "is encoded"),
        (".." in path.split("/"), "leads upward"),
        (len(path) > 4096, "is too long"),
    )
    for is_wrong, what in forms:
        if is_wrong:
            raise _forbidden(path, what)


def _forbidden(path: str, what: str) -> ServiceError:
    return ServiceError("N2P853", 403, path=path[:200], what=what)


def _absent(path: str) -> ServiceError:
    return ServiceError(
        "N2P854",
        404,
        what=f"There is no file {path[:200]!r}.",
        advice="Check the path; a new notebook is to be saved first.",
    )
