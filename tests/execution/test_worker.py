"""Steps in real workers on real kernels."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.execution.options import CellEvent
from nb2pipe.execution.process import ProcessExecutor
from nb2pipe.execution.serving import ServedHandle
from nb2pipe.model import Resources, State, StepSettings
from tests.execution.processes import finish, living, make_task, start

LITTLE_MEMORY = StepSettings(resources=Resources(memory_mib=200))
HALF_A_PROCESSOR = StepSettings(resources=Resources(cpus=0.5))


@pytest.fixture(scope="module")
def executor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessExecutor]:
    """One executor for all tests of this file."""
    made = ProcessExecutor(tmp_path_factory.mktemp("home"))
    yield made
    made.close()


def outputs_of(folder: Path) -> list[Any]:
    """Outputs of the cells in the executed notebook of a step."""
    return [cell["outputs"] for cell in json.loads((folder / "step.ipynb").read_text())["cells"]]


def test_cells_run_in_order_and_their_outputs_are_kept(executor: ProcessExecutor, tmp_path: Path) -> None:
    """Prints stand in the executed notebook and in the log, results with their number."""
    task = make_task(tmp_path, "x = 20\nprint('hello')", "x + 1")

    outcome = finish(start(executor, task))

    assert State.SUCCEEDED is outcome.state
    first, second = outputs_of(tmp_path)
    assert "hello\n" == first[0]["text"]
    assert (2, "21") == (second[0]["execution_count"], second[0]["data"]["text/plain"])
    assert "hello\n21\n" == (tmp_path / "log.txt").read_text()
    assert outcome.peak_memory_bytes is not None and outcome.peak_memory_bytes > 2**20


def test_a_step_stops_at_its_first_failing_cell(executor: ProcessExecutor, tmp_path: Path) -> None:
    """The failing cell is named, what it printed before is kept, later cells are left as pending."""
    task = make_task(tmp_path, "print('before')\nraise ValueError('boom')", "open('ran', 'w').close()")

    outcome = finish(start(executor, task))

    assert State.FAILED is outcome.state and outcome.failure is not None
    assert ("exception", "ValueError", "boom", 0, "c0") == (
        outcome.failure.kind,
        outcome.failure.name,
        outcome.failure.message,
        outcome.failure.cell_index,
        outcome.failure.cell_id,
    )
    assert "before\n" == outputs_of(tmp_path)[0][0]["text"]
    assert not (tmp_path / "ran").exists()
    cells = json.loads((tmp_path / "step.ipynb").read_text())["cells"]
    assert ["failed", "pending"] == [cell["metadata"]["papermill"]["status"] for cell in cells]


def test_the_truth_is_told_when_a_kernel_is_killed(executor: ProcessExecutor, tmp_path: Path) -> None:
    """A kernel ended by a signal fails the running cell, with signal and memory; later cells do not run."""
    dying = "print('before', flush=True)\nimport os, signal, time\nsignal.raise_signal(signal.SIGSEGV)"
    task = make_task(tmp_path, "1", dying, "open('ran', 'w').close()")

    outcome = finish(start(executor, task))

    assert outcome.failure is not None
    assert ("kernel_died", "SIGSEGV", 1) == (outcome.failure.kind, outcome.failure.name, outcome.failure.cell_index)
    assert "MiB" in outcome.failure.message
    assert not (tmp_path / "ran").exists()
    cells = json.loads((tmp_path / "step.ipynb").read_text())["cells"]
    assert ["completed", "failed", "pending"] == [cell["metadata"]["papermill"]["status"] for cell in cells]


def test_a_kernel_that_exits_by_itself_is_a_failure(executor: ProcessExecutor, tmp_path: Path) -> None:
    """An exit with code 0 inside a cell is not taken for success."""
    outcome = finish(start(executor, make_task(tmp_path, "import os; os._exit(0)")))

    assert State.FAILED is outcome.state and outcome.failure is not None
    assert ("kernel_died", "exit code 0") == (outcome.failure.kind, outcome.failure.name)


def test_a_step_ends_when_its_time_is_over(executor: ProcessExecutor, tmp_path: Path) -> None:
    """A cell that never ends is interrupted, with what it printed kept and the setting to change named."""
    task = make_task(tmp_path, "print('on', flush=True)\nimport threading; threading.Event().wait()", timeout_s=1.0)

    outcome = finish(start(executor, task))

    assert outcome.failure is not None
    assert ("timeout", 0) == (outcome.failure.kind, outcome.failure.cell_index)
    assert "timeout_s" in outcome.failure.hint
    assert "on\n" == outputs_of(tmp_path)[0][0]["text"]


def test_a_cell_that_resists_is_killed(executor: ProcessExecutor, tmp_path: Path) -> None:
    """A cell that ignores the interrupt is ended all the same when its time is over."""
    stubborn = "import signal, threading\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nthreading.Event().wait()"

    outcome = finish(start(executor, make_task(tmp_path, stubborn, timeout_s=1.0)))

    assert outcome.failure is not None and "timeout" == outcome.failure.kind


def test_a_cancelled_step_says_so(executor: ProcessExecutor, tmp_path: Path) -> None:
    """Cancelling interrupts the running cell and keeps what it printed."""
    handle = start(executor, make_task(tmp_path, "1", "import threading; threading.Event().wait()"))

    def cancel(event: CellEvent) -> None:
        if (event.index, event.state) == (1, "running"):
            handle.cancel()

    outcome = finish(handle, cancel)

    assert State.CANCELLED is outcome.state and outcome.failure is not None
    assert 1 == outcome.failure.cell_index


def test_a_lost_worker_is_a_failure_with_its_last_words(executor: ProcessExecutor, tmp_path: Path) -> None:
    """A worker that is killed leaves no outcome, and that is never read as success; the next task gets a new worker."""
    handle = start(executor, make_task(tmp_path / "a", "1", "import threading; threading.Event().wait()"))

    def kill(event: CellEvent) -> None:
        if (event.index, event.state) == (1, "running"):
            assert isinstance(handle, ServedHandle)
            os.kill(handle.worker_pid, signal.SIGKILL)

    outcome = finish(handle, kill)

    assert State.FAILED is outcome.state and outcome.failure is not None
    assert "internal" == outcome.failure.kind and "SIGKILL" in outcome.failure.message
    assert State.SUCCEEDED is finish(start(executor, make_task(tmp_path / "b", "1"))).state


def test_a_lost_maker_of_kernels_is_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """When the process that makes kernels is killed, the step says so, and the next one has a kernel again."""
    monkeypatch.setenv("NB2PIPE_TEST_MARK", f"mark-{tmp_path}")
    executor = ProcessExecutor(tmp_path / "home")
    cell = "import os, signal, threading\nos.kill(os.getppid(), signal.SIGKILL)\nthreading.Event().wait()"

    outcome = finish(start(executor, make_task(tmp_path / "a", cell)))
    after = finish(start(executor, make_task(tmp_path / "b", "1")))
    executor.close()

    assert outcome.failure is not None
    assert ("kernel_died", 0) == (outcome.failure.kind, outcome.failure.cell_index)
    assert "the process that makes kernels" in outcome.failure.message
    assert State.SUCCEEDED is after.state
    assert [] == living(f"mark-{tmp_path}")


def test_an_unknown_kernel_is_named_with_the_known_ones(executor: ProcessExecutor, tmp_path: Path) -> None:
    """A kernel spec that is not installed fails the step with what is installed."""

    outcome = finish(start(executor, replace(make_task(tmp_path, "1"), kernel_name="no-such-kernel")))

    assert outcome.failure is not None
    assert "no-such-kernel" in outcome.failure.message and "python3" in outcome.failure.message


def test_nothing_stays_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Closing the executor ends kernels, workers and programs that cells started, however far away."""
    monkeypatch.setenv("NB2PIPE_TEST_MARK", f"mark-{os.getpid()}")
    executor = ProcessExecutor(tmp_path / "home")
    cell = "import subprocess\nsubprocess.Popen(['sleep', '1000'], start_new_session=True)\nprint('up', flush=True)"
    handle = start(executor, make_task(tmp_path, cell, "import threading; threading.Event().wait()"))
    running: list[int] = []

    class UpError(Exception):
        """The second cell runs."""

    def look(event: CellEvent) -> None:
        if (event.index, event.state) == (1, "running"):
            running.extend(living(f"mark-{os.getpid()}"))
            raise UpError

    with pytest.raises(UpError):
        finish(handle, look)
    executor.close()

    assert len(running) >= 4  # worker, zygote, kernel, sleep
    assert [] == living(f"mark-{os.getpid()}")


def test_a_step_that_uses_too_much_memory_is_ended(executor: ProcessExecutor, tmp_path: Path) -> None:
    """A memory limit is enforced, and the failure names cell, use and limit."""
    greedy = "keep = bytearray(400 * 2**20)\nimport threading; threading.Event().wait()"

    outcome = finish(
        start(
            executor,
            replace(make_task(tmp_path, "1", greedy), settings=LITTLE_MEMORY),
        )
    )

    assert outcome.failure is not None
    assert ("memory", 1) == (outcome.failure.kind, outcome.failure.cell_index)
    assert "200 MiB" in outcome.failure.message


def test_a_step_keeps_to_its_processors(executor: ProcessExecutor, tmp_path: Path) -> None:
    """A limit of one processor is what the step's own threads see."""
    task = replace(
        make_task(tmp_path, "import os; len(os.sched_getaffinity(0))"),
        settings=HALF_A_PROCESSOR,
    )

    finish(start(executor, task))

    assert "1" == outputs_of(tmp_path)[0][0]["data"]["text/plain"]


def test_a_kernel_of_another_spec_runs_steps_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A kernel spec that is not this interpreter is started by Jupyter, and its death is told just the same."""
    spec = {"argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"], "language": "python"}
    folder = tmp_path / "jupyter" / "kernels" / "other"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps({**spec, "display_name": "Other", "env": {"FLAVOUR": "other"}}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    executor = ProcessExecutor(tmp_path / "home")
    task = make_task(tmp_path, "import os; print(os.environ['FLAVOUR'])", "os.kill(os.getpid(), 9)")

    outcome = finish(start(executor, replace(task, kernel_name="other")))
    executor.close()

    assert "other\n" == outputs_of(tmp_path)[0][0]["text"]
    assert outcome.failure is not None
    assert ("kernel_died", "SIGKILL", 1) == (outcome.failure.kind, outcome.failure.name, outcome.failure.cell_index)
