"""Modules beside the notebook: which are imported, what they import in turn, and which files they are made of."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from nb2pipe.images.found import Found, Import, Place
from nb2pipe.images.imports import imports_in
from nb2pipe.images.installed import Environment

MOST_BYTES = 1 << 20
SKIPPED = frozenset({"__pycache__", "node_modules"})


@dataclass(frozen=True)
class LocalFile:
    """A file to copy: where it is, and its path among the modules, with ``/``."""

    source: Path
    target: str

    def is_in(self, folder: str) -> bool:
        """Whether it has the same path in a folder as among the modules."""
        return (Path(folder) / self.target).resolve() == self.source.resolve()


@dataclass
class Local:
    """What the notebook and the modules beside it need.

    Args:
        found: all that they ask for; imports of modules beside the notebook are not in it.
        modules: top-level modules beside the notebook, name to the folder that they were found in.
    """

    found: Found = field(default_factory=Found)
    modules: dict[str, Path] = field(default_factory=dict)

    @property
    def files(self) -> tuple[LocalFile, ...]:
        """The files to copy, sorted by target; data of packages up to a mebibyte each."""
        files = (file for name, root in self.modules.items() for file in _files_of(root, name))
        return tuple(sorted(files, key=lambda file: file.target))

    @property
    def too_big(self) -> tuple[LocalFile, ...]:
        """Data in packages that is not copied for its size."""
        big = (file for name, root in self.modules.items() for file in _files_of(root, name, big=True))
        return tuple(sorted(big, key=lambda file: file.target))


def follow(cells: Iterable[Found], folder: Path, environment: Environment) -> Local:
    """Follow imports of modules beside the notebook, and of those that they import.

    Args:
        cells: what each cell asks for.
        folder: the notebook's.
        environment: what is installed; it wins over mere folders, as it does for Python.
    """
    follower = _Follower(folder, environment)
    for found in cells:
        follower.take(found)
    return follower.local


class _Follower:
    def __init__(self, folder: Path, environment: Environment) -> None:
        self.folder = folder
        self.environment = environment
        self.local = Local()
        self.written: dict[str, str] = {}
        self.seen: set[str] = set()
        paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        self.roots = [folder, *(Path(path) for path in paths if path and Path(path).is_dir())]

    def take(self, found: Found) -> None:
        self.written |= found.written
        for text in found.folders:
            root = (self.folder / text).resolve()
            if root.is_dir() and root not in self.roots:
                self.roots.append(root)
        for script in found.scripts:
            self.script(script)
        rest = [item for item in found.imports if not self.is_local(item)]
        self.local.found.add(replace(found, imports=rest))

    def is_local(self, item: Import) -> bool:
        """Whether a module stands beside the notebook; if so it is followed."""
        if item.top in sys.stdlib_module_names:
            return False
        if f"{item.top}.py" in self.written:
            self.read(f"{item.top}.py", self.written[f"{item.top}.py"], "")
            return True
        root = self.root_of(item)
        if root is None:
            return False
        self.local.modules.setdefault(item.top, root)
        for path, package in _module_files(root, item):
            self.file(path, package)
        return True

    def root_of(self, item: Import) -> Path | None:
        for root in self.roots:
            if (root / f"{item.top}.py").is_file() or (root / item.top / "__init__.py").is_file():
                return root
        if self.environment.owners(item.module, item.names):
            return None
        holders = (root for root in self.roots if (root / item.top).is_dir())
        return next((root for root in holders if any(_module_files(root, item))), None)

    def script(self, name: str) -> None:
        for path in (self.folder / name, self.folder / f"{name}.py", self.folder / f"{name}.ipynb"):
            if name and path.is_file():
                self.file(path, "")
                return

    def file(self, path: Path, package: str) -> None:
        for source in _sources(path):
            self.read(_shown(path, self.folder), source, package)

    def read(self, shown: str, source: str, package: str) -> None:
        if f"{shown}\0{source}" not in self.seen:
            self.seen.add(f"{shown}\0{source}")
            self.take(imports_in(source, Place(file=shown), package) or Found())


def _module_files(root: Path, item: Import) -> Iterator[tuple[Path, str]]:
    """The files that an import runs, each with the package that its relative imports refer to."""
    parts = item.module.split(".")
    for depth in range(1, len(parts) + 1):
        yield from _file_of(root, parts[:depth])
    for name in item.names:
        yield from _file_of(root, [*parts, name])


def _file_of(root: Path, parts: Sequence[str]) -> Iterator[tuple[Path, str]]:
    place = root.joinpath(*parts)
    if (place / "__init__.py").is_file():
        yield place / "__init__.py", ".".join(parts)
    elif place.with_name(f"{place.name}.py").is_file():
        yield place.with_name(f"{place.name}.py"), ".".join(parts[:-1])


def _sources(path: Path) -> list[str]:
    """The code in a script or notebook; none where it cannot be read, which then fails as it does under Run All."""
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".ipynb":
            return [text]
        return ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _files_of(root: Path, name: str, *, big: bool = False) -> Iterator[LocalFile]:
    if (root / f"{name}.py").is_file() and not (root / name / "__init__.py").is_file():
        if not big:
            yield LocalFile(root / f"{name}.py", f"{name}.py")
        return
    for folder, folders, files in os.walk(root / name):
        folders[:] = sorted(item for item in folders if item not in SKIPPED and not item.startswith("."))
        if not any(file.endswith(".py") for file in files):
            continue  # data that stands in a package's folder, not data of the package
        for file in sorted(files):
            path = Path(folder) / file
            kept = file.endswith((".py", ".so")) or path.stat().st_size <= MOST_BYTES
            if kept != big and not file.startswith(".") and not file.endswith(".pyc"):
                yield LocalFile(path, path.relative_to(root).as_posix())


def _shown(path: Path, folder: Path) -> str:
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
