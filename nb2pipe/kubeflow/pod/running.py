"""One step in a pod, by the one worker: the same task as everywhere, its kernel forked from this process."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.execution.containers.inside import fork_kernels, load_shared
from nb2pipe.execution.lean import load_engine
from nb2pipe.execution.namespace import Namespace
from nb2pipe.execution.options import RunOptions
from nb2pipe.execution.outcome import finished_run
from nb2pipe.execution.plan import make_task
from nb2pipe.execution.task import Outcome, read_outcome, write_json
from nb2pipe.execution.worker import Worker
from nb2pipe.kubeflow.packing import Slice
from nb2pipe.model import CellFailure, State, StepRun


@dataclass(frozen=True)
class Room:
    """The folders of a pod.

    Args:
        folder: what all of it is below; the same in every pod, so that a path means the same file.
    """

    folder: Path

    @property
    def work(self) -> Path:
        """Working directory of the step, which stands for the notebook's folder."""
        return self.folder / "work"

    @property
    def home(self) -> Path:
        """Folder of the run and its artifacts."""
        return self.folder / "home"

    @property
    def store(self) -> ArtifactStore:
        """The bundles that are here."""
        return ArtifactStore(self.home / "artifacts")

    def make(self) -> None:
        """Make the folders, empty."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for folder in (self.work, self.home / "artifacts" / "staging"):
            folder.mkdir(parents=True)


def run_step(
    part: Slice,
    room: Room,
    namespace: Namespace,
    parameters: Mapping[str, Any],
    given: Mapping[str, Any],
    run_id: str,
    worker: Callable[..., Worker] = Worker,
) -> StepRun:
    """Run the step of a slice.

    Args:
        part: the step's slice.
        room: the folders, with what the step starts from.
        namespace: the same, by name.
        parameters: values of the step's parameters.
        given: those that are not the notebook's own.
        run_id: the engine's name for the run.
        worker: makes the worker.
    """
    step = part.pipeline.step(part.step)
    options = RunOptions(run_id, room.home, cwd=str(room.work), given=given)
    task = make_task(part.pipeline, step, parameters, namespace, options, attempt=1, more=False)
    folder = Path(task.folder)
    folder.mkdir(parents=True)
    path = folder / "task.json"
    write_json(path, task)
    started = datetime.now(UTC)
    with _log(Path(task.log_path)) as held:
        _work(str(path), held, worker)
    total = len({*step.cells, *step.setup_cells})
    run = StepRun(run_id, step.name, State.RUNNING, 1, started, cells_total=total, notebook_path=task.notebook_path)
    outcome = read_outcome(task.outcome_path) or Outcome(State.FAILED, _no_outcome(step.name))
    return finished_run(part.pipeline, run, outcome, namespace, parameters, step)


def _no_outcome(step: str) -> CellFailure:
    return CellFailure("internal", "WorkerLost", f"the worker of step {step!r} left no outcome", "run it again")


def _work(task_path: str, held: int, make_worker: Callable[..., Worker]) -> None:
    load_shared()
    events = os.open(os.devnull, os.O_WRONLY)
    with tempfile.TemporaryDirectory(prefix="nb2p-") as folder:
        wishes = fork_kernels(Path(folder), events, held)
        worker = make_worker(events, folder, in_container=True)
        before = signal.signal(signal.SIGTERM, lambda *_: worker.stop())
        try:
            load_engine()
            worker.run(task_path, {})
        finally:
            signal.signal(signal.SIGTERM, before)
            os.close(wishes)
            os.close(events)


@contextmanager
def _log(path: Path) -> Iterator[int]:
    """What cells print goes to this process's own output at once; gives a descriptor that no child may have."""
    os.mkfifo(path)
    sys.stdout.flush()
    source = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    held = os.open(path, os.O_WRONLY)  # so that the other end does not take a pause for the end
    os.set_blocking(source, True)

    def show() -> None:
        while rest := os.read(source, 65536):
            while rest:
                rest = rest[os.write(1, rest) :]

    reader = threading.Thread(target=show, daemon=True)
    reader.start()
    try:
        yield held
    finally:
        os.close(held)
        reader.join()
        os.close(source)
