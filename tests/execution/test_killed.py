"""nb2pipe killed with SIGKILL at several points: nothing stays, nothing half is taken for whole, the next run works."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.artifacts.store import ArtifactStore
from tests.execution.processes import living
from tests.execution.running import Cells, plan

SIGNAL = "import os, threading\nwith open('reached', 'w') as fifo:\n    fifo.write('x')\n"
WAIT = "if os.environ.get('NB2P_TEST_WAIT'):\n    threading.Event().wait()\n"

POINTS: dict[str, Cells] = {
    "while a cell runs": [
        ("step:first", "x = 1"),
        ("step:second", SIGNAL + WAIT + "y = x + 1"),
        ("step:third", "print(x + y)"),
    ],
    "while a value is saved": [
        ("step:first", "x = 1"),
        (
            "step:second",
            "import os, threading\nimport numpy as np\nbig = np.ones(1_000_000)\ny = x + 1\n"
            "class Slow:\n    def __init__(self):\n        self.lock = threading.Lock()\n"
            "    def __reduce__(self):\n        if os.environ.get('NB2P_TEST_WAIT'):\n"
            "            with open('reached', 'w') as fifo:\n                fifo.write('x')\n"
            "            threading.Event().wait()\n        return (Slow, ())\nslow = Slow()",
        ),
        ("step:third", "print(x + y, slow.__class__.__name__, big.sum())"),
    ],
    "in the first step": [
        ("step:first", SIGNAL + WAIT + "x = 1"),
        ("step:second", "y = x"),
    ],
}


def nb2pipe(*words: str, folder: Path, **environment: str) -> subprocess.Popen[str]:
    """Start the command line as a user does."""
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("nb2pipe")), *words],
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answer(*words: str, folder: Path) -> Any:
    """What a command says as JSON."""
    process = nb2pipe(*words, "--json", folder=folder)
    out, problems = process.communicate(timeout=60)
    assert 0 == process.returncode, problems
    return json.loads(out)


def wait_until_reached(process: subprocess.Popen[str], folder: Path) -> None:
    """Wait until a cell writes into the fifo, or fail with what nb2pipe said."""
    fifo = os.open(folder / "reached", os.O_RDONLY | os.O_NONBLOCK)
    alive = os.pidfd_open(process.pid)
    ready, _, _ = select.select([fifo, alive], [], [], 60)
    os.close(alive)
    if fifo not in ready:
        process.kill()
    assert fifo in ready, process.communicate()
    os.close(fifo)


def wait_for_end(pids: list[int]) -> None:
    """Wait until all of these processes have ended."""
    for pid in pids:
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        ended, _, _ = select.select([descriptor], [], [], 30)
        os.close(descriptor)
        assert ended, f"process {pid} lives on"


@pytest.mark.parametrize("point", POINTS)
def test_killed_nb2pipe_leaves_nothing_wrong_behind(tmp_path: Path, nb2pipe_home: Path, point: str) -> None:
    """After kill -9 every process ends, the run shows as interrupted, artifacts are whole, a new run succeeds."""
    mark = f"mark-{os.getpid()}-{tmp_path.name}"
    plan(tmp_path, POINTS[point])
    os.mkfifo(tmp_path / "reached")

    victim = nb2pipe("run", "made.ipynb", "out.ipynb", folder=tmp_path, NB2P_TEST_WAIT="1", NB2P_TEST_MARK=mark)
    wait_until_reached(victim, tmp_path)
    started = living(mark)
    victim.send_signal(signal.SIGKILL)
    victim.communicate()
    wait_for_end(started)

    runs = answer("runs", folder=tmp_path)
    assert ["interrupted"] == [run["state"] for run in runs]
    store = ArtifactStore(nb2pipe_home / "artifacts")
    for digest in store.digests():
        store.verify(digest)
    (tmp_path / "reached").unlink()
    again = nb2pipe("run", "made.ipynb", "out.ipynb", folder=tmp_path)
    _, problems = again.communicate(timeout=100)
    assert 0 == again.returncode, problems
    assert ["succeeded", "interrupted"] == [run["state"] for run in answer("runs", folder=tmp_path)]


def test_ctrl_c_cancels_and_leaves_no_process(tmp_path: Path) -> None:
    """Ctrl-C ends with 130, a run marked cancelled, the outputs so far in the executed notebook, and no process."""
    mark = f"mark-{os.getpid()}-{tmp_path.name}"
    cells = [("step:first", "print('kept')"), ("step:second", SIGNAL + "threading.Event().wait()")]
    plan(tmp_path, cells)
    os.mkfifo(tmp_path / "reached")

    victim = nb2pipe("run", "made.ipynb", "out.ipynb", folder=tmp_path, NB2P_TEST_MARK=mark)
    wait_until_reached(victim, tmp_path)
    started = living(mark)
    victim.send_signal(signal.SIGINT)
    victim.communicate(timeout=60)
    wait_for_end([pid for pid in started if pid != victim.pid])

    assert 130 == victim.returncode
    assert [] == living(mark)
    assert ["cancelled"] == [run["state"] for run in answer("runs", folder=tmp_path)]
    cells_out = json.loads((tmp_path / "out.ipynb").read_text())["cells"]
    assert "kept" in json.dumps(cells_out[0]["outputs"])


def test_cancel_from_another_terminal(tmp_path: Path) -> None:
    """``nb2pipe cancel`` stops a run that goes on elsewhere."""
    cells = [("step:first", SIGNAL + "threading.Event().wait()"), ("step:second", "pass")]
    plan(tmp_path, cells)
    os.mkfifo(tmp_path / "reached")

    victim = nb2pipe("run", "made.ipynb", "out.ipynb", folder=tmp_path)
    wait_until_reached(victim, tmp_path)
    run_id = answer("runs", folder=tmp_path)[0]["id"]
    answer("cancel", run_id, folder=tmp_path)
    victim.communicate(timeout=60)

    assert 130 == victim.returncode
    assert ["cancelled"] == [run["state"] for run in answer("runs", folder=tmp_path)]


def test_two_runs_at_once_on_one_store(tmp_path: Path) -> None:
    """Two nb2pipe on one store and one notebook both succeed."""
    plan(tmp_path, [("step:a", "x = list(range(1000))"), ("step:b", "print(sum(x))")])

    both = [nb2pipe("run", "made.ipynb", f"out{number}.ipynb", folder=tmp_path) for number in (1, 2)]
    for process in both:
        _, problems = process.communicate(timeout=100)
        assert 0 == process.returncode, problems

    assert ["succeeded", "succeeded"] == [run["state"] for run in answer("runs", folder=tmp_path)]
