"""Runs tasks on the real process executor, and looks at what is left behind."""

from __future__ import annotations

import selectors
from collections.abc import Callable
from pathlib import Path

from nb2pipe.execution.options import CellEvent, Executor, Handle
from nb2pipe.execution.task import Outcome, Task, TaskCell, write_json


def make_task(folder: Path, *sources: str, timeout_s: float | None = None) -> Task:
    """A task of plain cells, without a session."""
    folder.mkdir(parents=True, exist_ok=True)
    cells = tuple(TaskCell(number, f"c{number}", source, count=number + 1) for number, source in enumerate(sources))
    return Task(
        run_id="r",
        step="s",
        attempt=1,
        folder=str(folder),
        kernel_name="python3",
        language="python",
        metadata={},
        cells=cells,
        state={"session": False, "cwd": str(folder)},
        timeout_s=timeout_s,
    )


def start(executor: Executor, task: Task) -> Handle:
    """Give the task to the executor."""
    path = Path(task.folder) / "task.json"
    write_json(path, task)
    return executor.start(task, str(path))


def finish(handle: Handle, seen: Callable[[CellEvent], None] = lambda event: None) -> Outcome:
    """Follow a task to its end; ``seen`` is told every event."""
    with selectors.DefaultSelector() as selector:
        selector.register(handle.fileno(), selectors.EVENT_READ)
        while True:
            assert selector.select(timeout=60), "nothing happened for a minute"
            for event in handle.events():
                seen(event)
            outcome = handle.outcome()
            if outcome is not None:
                return outcome


def living(marker: str) -> list[int]:
    """Processes whose environment holds ``marker``; the running test process is left out."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                environment = (entry / "environ").read_bytes()
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if marker.encode() in environment and state != "Z":
                found.append(int(entry.name))
    return found
