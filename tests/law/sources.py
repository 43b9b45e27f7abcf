"""Where notebooks under test come from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from tests.law.percent import SUFFIX, read_percent
from tests.law.subject import NOT_COPIED, Subject


def find_subjects(folder: Path, only: str = "*") -> list[Subject]:
    """All notebooks below ``folder`` whose name matches the pattern ``only``, in order of their names.

    Raises:
        FileNotFoundError: no such folder.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"no folder {str(folder)!r}")
    found = [subject for path in sorted(folder.rglob("*")) for subject in _read(path, folder)]
    return [subject for subject in found if fnmatch(subject.name, only)]


def _read(path: Path, root: Path) -> Iterator[Subject]:
    if set(NOT_COPIED) & set(path.relative_to(root).parts):
        return
    if path.suffix == SUFFIX:
        yield from read_percent(path)
    elif path.suffix == ".ipynb":
        document = json.loads(path.read_text(encoding="utf-8"))
        name = path.relative_to(root).with_suffix("").as_posix()
        yield Subject(name=name, document=document, folder=path.parent)
