"""``kill -9`` at many points: the store stays readable, what was confirmed is there, the run shows as interrupted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nb2pipe.errors import StoreError
from nb2pipe.model import State
from nb2pipe.store import Store, open_store
from tests.store.dying import killed, run_apart
from tests.store.later import later
from tests.store.values import a_run, a_step_run
from tests.store.writing import upgrade, write

ROOT = Path(__file__).parents[2]


WRITER = """
import sys
from pathlib import Path
from tests.store.writing import write

write(sys.argv[1], Path(sys.argv[2]), sys.argv[3], 0, Path("/dev/stdout"))
"""


def start_writer(url: str, home: Path, name: str) -> subprocess.Popen[str]:
    """A process that writes runs until it is killed, and tells on its standard output."""
    command = [sys.executable, "-c", WRITER, url, str(home), name]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def check(store: Store, confirmed: list[str], name: str) -> None:
    """Every confirmed step run is whole, and no run is shown as going on."""
    for line in confirmed:
        run_id, done = line.split()
        steps = store.step_runs(run_id)[: int(done)]
        assert [State.SUCCEEDED] * int(done) == [step.state for step in steps]
        assert [(3, 2, 3)] * int(done) == [(len(s.cells), len(s.artifacts), len(s.metrics)) for s in steps]
    store.mark_interrupted()
    own = [run for run in store.runs() if run.id.startswith(name)]
    states = [run.state for run in own]
    assert [State.SUCCEEDED] * len(own[1:]) == states[1:]
    assert set(states[:1]) <= {State.INTERRUPTED, State.SUCCEEDED}
    running = [step.state for run in own for step in store.step_runs(run.id) if not step.state.is_final]
    assert [] == running


@pytest.mark.parametrize("fatal", [1, 2, 5, 9, 15, 21, 27, 33, 40, 56, 80, 150])
def test_killed_at_a_statement(store_url: str, tmp_path: Path, fatal: int) -> None:
    """Killed before the n-th statement, from the making of the tables on, within transactions and at commits."""
    told = tmp_path / "told"
    killed(write, store_url, tmp_path, "w", fatal, told)
    confirmed = told.read_text("utf-8").splitlines() if told.exists() else []
    with open_store(store_url, tmp_path) as store:
        check(store, confirmed, "w")


@pytest.mark.parametrize("lines", [1, 4, 17])
def test_killed_from_outside(store_url: str, tmp_path: Path, lines: int) -> None:
    """Killed by another process wherever it happens to be; the last run is interrupted."""
    with start_writer(store_url, tmp_path, "w") as writer:
        assert writer.stdout is not None
        confirmed = [writer.stdout.readline() for _ in range(lines)]
        writer.kill()
        confirmed += [line for line in writer.stdout if line.endswith("\n")]
    with open_store(store_url, tmp_path) as store:
        check(store, confirmed, "w")


def test_two_writers_and_a_death(store_url: str, tmp_path: Path) -> None:
    """Two processes make and use a new store at once; the death of one does not disturb the other."""
    with start_writer(store_url, tmp_path, "a") as first, start_writer(store_url, tmp_path, "b") as second:
        assert first.stdout is not None and second.stdout is not None
        confirmed = {"a": [first.stdout.readline()], "b": [second.stdout.readline()]}
        first.kill()
        confirmed["b"] += [second.stdout.readline() for _ in range(12)]
        second.kill()
    with open_store(store_url, tmp_path) as store:
        check(store, confirmed["a"], "a")
        check(store, confirmed["b"], "b")


def test_killed_in_an_upgrade(store_url: str, tmp_path: Path) -> None:
    """Killed ever later while the tables are being changed, the store is as it was; in the end it is upgraded."""
    with open_store(store_url, tmp_path) as store:
        store.add_run(a_run())
        store.record(a_step_run(a_run().id))
    migrations = later(tmp_path)
    kills = 0
    while (ended := run_apart(upgrade, store_url, migrations, 3 * kills + 2))[0]:
        assert -9 == ended[0], ended[1]
        kills += 1
        with open_store(store_url, tmp_path) as store:
            assert a_run() == store.run("latest")
            assert [a_step_run(a_run().id)] == store.step_runs(a_run().id)
    assert kills >= 3
    with pytest.raises(StoreError, match="was made by a newer nb2pipe"):
        open_store(store_url, tmp_path)
