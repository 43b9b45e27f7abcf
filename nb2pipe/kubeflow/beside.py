"""Files beside the notebook that a step needs where it runs: modules that it imports, and data that it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from nb2pipe.images.found import Found
from nb2pipe.images.installed import installed_here
from nb2pipe.images.local import follow
from nb2pipe.images.plan import found_in_cells
from nb2pipe.model import Pipeline, Step


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

        Raises:
            OSError: one cannot be read.
        """
        found = self._modules(step)
        written = {path for name in ancestors for path in self._pipeline.step(name).files_written}
        for text in step.files_read:
            path = (self._folder / text).resolve()
            if text not in written and path.is_file() and path.is_relative_to(self._folder.resolve()):
                found[path.relative_to(self._folder.resolve()).as_posix()] = path
        return {name: path.read_bytes() for name, path in found.items()}

    def _modules(self, step: Step) -> dict[str, Path]:
        if not any(self._is_beside(name) for name in step.imports):
            return {}
        if self._cells is None:
            self._cells = found_in_cells(self._pipeline.notebook)[0]
        own = [self._cells[index] for index in sorted({*step.setup_cells, *step.cells}) if index in self._cells]
        return {file.target: file.source for file in follow(own, self._folder, installed_here()).files}

    def _is_beside(self, name: str) -> bool:
        return (self._folder / f"{name}.py").is_file() or (self._folder / name).is_dir()
