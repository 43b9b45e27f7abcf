"""Processes and threads that use one store at once."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import Connection

from nb2pipe.model import State
from nb2pipe.store import Store, open_store
from nb2pipe.store.database import Database
from nb2pipe.store.engine import make_engine
from nb2pipe.store.runs import add
from tests.store.values import NOON, a_run, a_step_run

# Opens the store once the parent closes its input, so that all begin together.
OPENER = """
import sys
from pathlib import Path
from nb2pipe.store import open_store
from tests.store.values import a_run

print("ready", flush=True)
sys.stdin.read()
with open_store(sys.argv[1], Path(sys.argv[2])) as store:
    store.add_run(a_run(sys.argv[3]))
"""


def test_many_open_a_new_store_at_once(store_url: str, tmp_path: Path) -> None:
    """Processes that open a store that does not exist yet all succeed, and all find the same one."""
    root = Path(__file__).parents[2]
    names = [f"r{number}" for number in range(6)]
    children = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, store_url, str(tmp_path), name],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in names
    ]
    for child in children:
        assert child.stdout is not None
        assert "ready\n" == child.stdout.readline()
    for child in children:
        assert child.stdin is not None
        child.stdin.close()
        child.stdin = None
    errors = [child.communicate()[1] for child in children]
    assert [""] * 6 == errors
    with open_store(store_url, tmp_path) as store:
        assert names == sorted(run.id for run in store.runs())


def test_threads_share_a_store(store: Store) -> None:
    """Threads may use one store object: a heartbeat beside the recording of steps, say."""
    run_ids = [f"r{number}" for number in range(4)]
    for run_id in run_ids:
        store.add_run(a_run(run_id, state=State.RUNNING, pid=0))

    def work(run_id: str) -> None:
        for number in range(15):
            store.record(a_step_run(run_id, f"s{number}"))
            store.heartbeat(run_id)
            store.cancel_requested(run_id)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, run_ids))
    assert [15] * 4 == [len(store.step_runs(run_id)) for run_id in run_ids]


def test_a_reader_does_not_wait_for_a_writer(store_url: str, tmp_path: Path) -> None:
    """While one process is in the middle of writing, another reads the state before."""
    with open_store(store_url, tmp_path) as store:
        store.add_run(a_run("before"))
        writing = Database(make_engine(store_url))

        def write_and_look(connection: Connection) -> list[str]:
            add(connection, a_run("within"), NOON)
            return [run.id for run in store.runs()]

        assert ["before"] == writing.write(write_and_look)
        assert {"before", "within"} == {run.id for run in store.runs()}
        writing.engine.dispose()
