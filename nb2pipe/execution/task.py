"""What a worker is told to do, and what it answers: one JSON file each, the same for every executor."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from nb2pipe.model import CellFailure, CellRun, State, StepSettings
from nb2pipe.model.json import from_json, to_json

TASK_VERSION = 2


@dataclass(frozen=True)
class TaskCell:
    """One cell for the worker to execute.

    Args:
        index: position in the source notebook from 0; -1 for the cell of injected parameters.
        id: cell id.
        source: code as written.
        metadata: the cell's metadata.
        role: ``setup`` (runs before the carried state is laid over), ``parameters`` (given values take the place of
            what it binds), ``own``, or ``injected`` (shown, never executed: its values reach the kernel as data).
        count: its ``In [n]`` in Run All's numbering, None when its outputs belong to another step.
    """

    index: int
    id: str
    source: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    role: str = "own"
    count: int | None = None


@dataclass(frozen=True)
class Task:
    """A step for a worker to run.

    Args:
        run_id: the run.
        step: step name.
        attempt: from 1.
        folder: folder of this attempt, for the log, the executed notebook and the outcome.
        kernel_name: Jupyter kernel spec.
        language: language of the notebook.
        metadata: metadata of the notebook.
        cells: in the order of execution.
        state: what the session in the kernel starts from; empty for a kernel without session.
        settings: the step's, for the executor and its worker; secrets are references.
        timeout_s: seconds for the whole step, None for no limit.
        autosave_s: least seconds between two saves of the executed notebook while cells run.
        more: whether another kernel will be wanted after this one.
        version: of this format.
    """

    run_id: str
    step: str
    attempt: int
    folder: str
    kernel_name: str
    language: str
    metadata: Mapping[str, Any]
    cells: tuple[TaskCell, ...]
    state: Mapping[str, Any]
    settings: StepSettings = field(default_factory=StepSettings)
    timeout_s: float | None = None
    autosave_s: float = 10.0
    more: bool = False
    version: int = TASK_VERSION

    @property
    def log_path(self) -> str:
        """File that gets what the cells print, as they print it."""
        return str(Path(self.folder) / "log.txt")

    @property
    def notebook_path(self) -> str:
        """Executed notebook of this step."""
        return str(Path(self.folder) / "step.ipynb")

    @property
    def outcome_path(self) -> str:
        """File that says how it ended; its absence means that it did not."""
        return str(Path(self.folder) / "outcome.json")

    @property
    def events_path(self) -> str:
        """File that keeps the cell events, a JSON object a line: a dying engine loses those on their way."""
        return str(Path(self.folder) / "cells.jsonl")

    @property
    def report_path(self) -> str:
        """File that the session in the kernel writes at its end."""
        return str(Path(self.folder) / "report.json")


@dataclass(frozen=True)
class Outcome:
    """How a task ended.

    Args:
        state: succeeded, failed or cancelled.
        failure: why not succeeded.
        cells: its cells with states and times.
        report: the session's report, empty if it gave none.
        peak_memory_bytes: of the kernel, None if not known.
    """

    state: State
    failure: CellFailure | None = None
    cells: tuple[CellRun, ...] = ()
    report: Mapping[str, Any] = field(default_factory=dict)
    peak_memory_bytes: int | None = None


def write_json(path: str | Path, value: Any) -> None:
    """Write a value of the model as JSON, whole or not at all."""
    with _whole(path) as file:
        file.write(json.dumps(to_json(value), ensure_ascii=False))


def write_notebook(path: str | Path, document: Mapping[str, Any]) -> None:
    """Write a notebook document as JSON, whole or not at all; it is not validated here."""
    with _whole(path) as file:
        file.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


@contextmanager
def _whole(path: str | Path) -> Iterator[IO[str]]:
    """A file that takes its name when it is whole; nothing is left of it otherwise."""
    temporary = Path(f"{path}.{os.getpid()}.part")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            yield file
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_task(path: str | Path) -> Task:
    """Read a task.

    Raises:
        ValueError: the file was written by another version of nb2pipe.
    """
    task = from_json(Task, json.loads(Path(path).read_text(encoding="utf-8")))
    if task.version != TASK_VERSION:
        raise ValueError(f"task format {task.version} is not {TASK_VERSION}")
    return task


def read_outcome(path: str | Path) -> Outcome | None:
    """Read an outcome; None when the worker left none, or only a part of one."""
    try:
        return from_json(Outcome, json.loads(Path(path).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
