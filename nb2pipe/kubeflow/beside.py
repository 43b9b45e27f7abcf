"""Files beside the notebook that a step needs where it runs: modules that it imports, and data that it names."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from nb2pipe.errors import NotebookError
from nb2pipe.images.cells import found_in_cells
from nb2pipe.images.found import Found
from nb2pipe.images.installed import Environment, installed_here
from nb2pipe.images.local import LocalFile, follow
from nb2pipe.model import Pipeline, Step

EXTENSION = re.compile(r"^\s*%(?:re)?load_ext[ \t]+(\w+)", re.MULTILINE)
"""An extension of IPython is a module too."""
NOT_SENT = frozenset({".git", ".ipynb_checkpoints", "__pycache__"})
"""Folders that nobody means who lists a folder."""
MOST_READ_BYTES = 64_000_000
"""Files of more cannot become small enough for a spec, and are not read."""


class Beside:
    """Looks files up; what several steps ask for is looked up once.

    Args:
        pipeline: what is compiled.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._folder = Path(pipeline.notebook.folder)
        self._cells: Mapping[int, Found] | None = None

    def files_of(self, step: Step, ancestors: Iterable[str]) -> dict[str, bytes]:
        """Contents by path relative to the notebook's folder; data that an earlier step writes is not among them.

        Of a folder that the step lists or walks, and of a pattern, all files are among them: it would find fewer.

        Raises:
            NotebookError: one cannot be read, or they are far more than a pipeline can hold.
        """
        earlier = [self._pipeline.step(name) for name in ancestors]
        found = self._modules(step, earlier)
        written = {path for each in earlier for path in each.files_written}
        for text in step.files_read:
            if text not in written:
                found.update({name: path for name, path in self._named(text).items() if name not in written})
        try:
            self._hold(step, found)
            return {name: path.read_bytes() for name, path in found.items()}
        except OSError as error:
            message = f"step {step.name!r} needs {error.filename}, which cannot be read: {error.strerror}"
            raise NotebookError(message, hint="Let it be read, or remove it from beside the notebook.") from error

    def _named(self, text: str) -> dict[str, Path]:
        """The files that a path means: itself, what is in it, or what it matches where parts of it are unknown."""
        if "*" in text:
            matches = re.compile(".*".join(re.escape(part) for part in text.split("*")), re.DOTALL).fullmatch
            return {name: path for name, path in self._files.items() if matches(name)}
        path = (self._folder / text).resolve()
        if not path.is_relative_to(self._folder.resolve()):
            return {}
        name = path.relative_to(self._folder.resolve()).as_posix()
        if path.is_dir():
            return {each: path for each, path in self._files.items() if name == "." or each.startswith(f"{name}/")}
        return {name: path} if path.is_file() else {}

    @cached_property
    def _files(self) -> dict[str, Path]:
        """All files in the notebook's folder, by path relative to it."""
        root = self._folder.resolve()
        found = {}
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(set(folders) - NOT_SENT)
            paths = [path for path in (Path(folder, name) for name in files) if path.is_file()]
            found.update({path.relative_to(root).as_posix(): path for path in paths})
        return dict(sorted(found.items()))

    def _hold(self, step: Step, found: Mapping[str, Path]) -> None:
        """Refuse what is far too much, before it is read."""
        sizes = {name: path.stat().st_size for name, path in found.items()}
        if sum(sizes.values()) > MOST_READ_BYTES:
            biggest = max(sizes, key=lambda name: sizes[name])
            total = sum(sizes.values()) // 1_000_000
            raise NotebookError(
                f"step {step.name!r} reads {len(sizes)} files beside the notebook, {total} MB: "
                f"they do not fit into a pipeline; the biggest is {biggest}",
                hint="Put them where the cluster reaches them, or name the few that it needs.",
            )

    def _modules(self, step: Step, earlier: Sequence[Step]) -> dict[str, Path]:
        sources = [self._pipeline.notebook.cells[index].source for index in (*step.setup_cells, *step.cells)]
        names = {*step.imports, *(name for source in sources for name in EXTENSION.findall(source))}
        if not any(self._may_be_local(name) for name in names) and not any("%run" in source for source in sources):
            return {}
        if self._cells is None:
            self._cells = found_in_cells(self._pipeline.notebook)[0]
        before = [replace(found, imports=[], scripts=[]) for each in earlier for found in self._found(each)]
        own = self._found(step)
        local = follow([*before, *own], self._folder, self._environment)
        scripts = [path for found in own for name in found.scripts for path in self._script(name)]
        modules = {self._place(file): file.source for file in local.files}
        return modules | {path.relative_to(self._folder).as_posix(): path for path in scripts}

    def _place(self, file: LocalFile) -> str:
        """Where a module goes: where it is below the notebook's folder, or where modules are found."""
        folder = self._folder.resolve()
        source = file.source.resolve()
        return source.relative_to(folder).as_posix() if source.is_relative_to(folder) else file.target

    @cached_property
    def _environment(self) -> Environment:
        return installed_here()

    def _script(self, name: str) -> Iterator[Path]:
        """The file that ``%run NAME`` runs."""
        candidates = (self._folder / name, self._folder / f"{name}.py", self._folder / f"{name}.ipynb")
        yield from [path for path in candidates if path.is_file()][:1]

    def _found(self, step: Step) -> list[Found]:
        """What the cells of a step ask for, where they change the search path included."""
        assert self._cells is not None
        return [self._cells[index] for index in sorted({*step.setup_cells, *step.cells}) if index in self._cells]

    def _may_be_local(self, name: str) -> bool:
        if (self._folder / f"{name}.py").is_file() or (self._folder / name).is_dir():
            return True
        return name not in sys.stdlib_module_names and find_spec(name) is None
