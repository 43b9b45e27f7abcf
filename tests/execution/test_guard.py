"""Kernels that end, use too much or take too long between cells and while values are saved: never a fault of ours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.execution.failures import SAVING, Moment, refusal_failure
from nb2pipe.execution.merge import executed_notebook
from nb2pipe.execution.task import TaskCell
from nb2pipe.model import CellFailure, Pipeline
from tests.execution.running import Cells, plan, run

# Ends the kernel at the next question of the worker, or at the next cell.
MINE = "import os\nget_ipython().events.register('pre_execute', lambda: os._exit(3))\n"
# What happens when a value is saved; the lock keeps its object from being taken apart without asking it.
SAVED_BY = (
    "import threading\nclass Slow:\n    def __init__(self):\n        self.lock = threading.Lock()\n"
    "    def __reduce__(self):\n        {}\nslow = Slow()"
)


def failure(folder: Path, cells: Cells, home: Path, memory_mib: int | None = None, **options: Any) -> CellFailure:
    """Why the first step failed."""
    pipeline = limited(plan(folder, cells), memory_mib)
    runs = run(pipeline, home, **options)
    found = runs[pipeline.steps[0].name].failure
    assert found is not None
    return found


def limited(pipeline: Pipeline, memory_mib: int | None) -> Pipeline:
    """The plan with a limit of memory for every step."""
    if memory_mib is None:
        return pipeline
    steps = [
        replace(s, settings=replace(s.settings, resources=replace(s.settings.resources, memory_mib=memory_mib)))
        for s in pipeline.steps
    ]
    return replace(pipeline, steps=tuple(steps))


@pytest.mark.parametrize(
    ("cells", "cell", "words"),
    [
        ([("step:a", MINE)], 0, "after this cell, while what the step leaves was saved"),
        ([("step:a", "1"), ("", MINE), ("", "2")], 2, "while this cell ran"),
        ([("setup", MINE), ("step:a", "1")], 1, "before this cell ran"),
        ([("setup", "1"), ("parameters", "n = 1\n" + MINE), ("step:a", "n")], 1, "after this cell"),
        (
            [("step:a", SAVED_BY.format("__import__('os').kill(__import__('os').getpid(), 11)")), ("step:b", "slow")],
            0,
            "was killed by SIGSEGV after this cell, while what the step leaves was saved",
        ),
    ],
    ids=["saving", "next cell", "behind setup", "behind parameters", "crash while saving"],
)
def test_a_kernel_that_ends_is_told_with_the_nearest_cell(
    tmp_path: Path, nb2pipe_home: Path, cells: Cells, cell: int, words: str
) -> None:
    """Wherever the kernel ends, the failure names a cell, says when, and what to do."""
    found = failure(tmp_path, cells, nb2pipe_home)
    assert ("kernel_died", cell, "") == (found.kind, found.cell_index, found.traceback)
    assert words in found.message
    assert found.hint


def test_more_memory_than_allowed_in_a_quick_cell(tmp_path: Path, nb2pipe_home: Path) -> None:
    """A cell that ends before anybody looks is held to the limit all the same."""
    cells = [("step:a", "x = bytearray(600 << 20)"), ("step:b", "len(x)")]
    found = failure(tmp_path, cells, nb2pipe_home, memory_mib=300)
    assert ("memory", "MemoryLimit", 0) == (found.kind, found.name, found.cell_index)
    assert "memory_mib" in found.hint


def test_more_memory_than_allowed_while_saving(tmp_path: Path, nb2pipe_home: Path) -> None:
    """Saving counts as well, and is told apart from the cell."""
    body = "self.x = bytearray(600 << 20); threading.Event().wait()"
    cells = [("step:a", "y = 1"), ("", SAVED_BY.format(body)), ("step:b", "slow")]
    found = failure(tmp_path, cells, nb2pipe_home, memory_mib=300)
    assert ("memory", 1) == (found.kind, found.cell_index)
    assert "while what the step leaves was saved" in found.message


def test_the_time_of_a_step_ends_while_saving(tmp_path: Path, nb2pipe_home: Path) -> None:
    """A value that takes for ever to save ends with the step's time."""
    cells = [("step:a", SAVED_BY.format("threading.Event().wait()")), ("step:b", "slow")]
    found = failure(tmp_path, cells, nb2pipe_home, timeout_s=3.0)
    assert ("timeout", 0) == (found.kind, found.cell_index)
    assert "while what the step leaves was saved" in found.message


DAMAGE = """from pathlib import Path
for path in Path({!r}).rglob('*.bundle'):
    path.write_bytes(bytes(path.stat().st_size))
print(x)"""


def test_a_value_that_is_damaged_when_it_is_read(tmp_path: Path, nb2pipe_home: Path) -> None:
    """The cell that asks for it fails with what is damaged and what to do, its traceback without frames of ours."""
    pipeline = plan(tmp_path, [("step:make", "x = list(range(5))"), ("step:use", DAMAGE.format(str(nb2pipe_home)))])
    runs = run(pipeline, nb2pipe_home)
    found = runs["use"].failure
    assert found is not None
    assert ("exception", "ArtifactError", 1) == (found.kind, found.name, found.cell_index)
    assert "--no-cache" in found.message
    assert "print(x)" in found.traceback
    assert "nb2pipe/" not in found.traceback.replace(found.message, "")
    cells = executed_notebook(pipeline, {}, runs.values())["cells"]
    assert "execution/session" not in str(cells[1]["outputs"])


@pytest.mark.parametrize(
    ("name", "text", "kind", "words"),
    [
        ("MemoryError", "", "memory", "there was no memory left"),
        ("ArtifactError", "The disk is full.\n    Make room.", "internal", "The disk is full."),
        ("OSError", "[Errno 28] No space left on device: 'r.json'", "internal", "'r.json' after this cell"),
    ],
)
def test_what_the_machine_refuses_is_no_fault_of_ours(name: str, text: str, kind: str, words: str) -> None:
    """No memory, no room and errors that have a hint already become failures at the cell, without a traceback."""
    found = refusal_failure(Moment(TaskCell(4, "c4", "x"), SAVING), {"ename": name, "evalue": text})
    assert found is not None
    assert (kind, name, 4, "") == (found.kind, found.name, found.cell_index, found.traceback)
    assert words in found.message
    assert found.hint


def test_other_errors_of_our_code_keep_their_traceback() -> None:
    """What nobody foresaw is not given another name."""
    assert None is refusal_failure(Moment(None), {"ename": "KeyError", "evalue": "'x'"})
