"""The lease of the scheduler: one holder, passed on at a death or after a silence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from nb2pipe.store import Store, this_process
from nb2pipe.store.engine import make_engine
from tests.store.conftest import Clock

# Takes the lease, says whether it has it, and keeps it until its input ends.
TAKER = """
import sys
from pathlib import Path
from nb2pipe.store import open_store
with open_store(sys.argv[1], Path(sys.argv[2])) as store:
    print(store.lease.take(), flush=True)
    sys.stdin.read()
"""


def a_taker(store_url: str, tmp_path: Path) -> subprocess.Popen[str]:
    """Another process that takes the lease."""
    return subprocess.Popen(
        [sys.executable, "-c", TAKER, store_url, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_passed_on_at_a_death(store: Store, store_url: str, tmp_path: Path) -> None:
    """While its holder lives nobody else gets the lease; once it was killed, the next does at once."""
    assert store.lease.holder() is None
    other = a_taker(store_url, tmp_path)
    assert other.stdout is not None
    assert "True\n" == other.stdout.readline()
    assert not store.lease.take()
    holder = store.lease.holder()
    assert holder is not None and other.pid == holder.pid
    other.kill()
    other.communicate()
    assert store.lease.take()
    assert this_process() == store.lease.holder()
    assert store.lease.take()
    second = a_taker(store_url, tmp_path)
    assert "False\n" == second.communicate()[0]
    store.lease.give_up()
    assert store.lease.holder() is None


def test_passed_on_after_a_silence(store: Store, store_url: str, clock: Clock) -> None:
    """Of a holder on another machine only signs of life tell: after 10 s of silence the lease is free."""
    assert store.lease.take()
    engine = make_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE leases SET machine = 'far'"))
    engine.dispose()
    clock.advance(10)
    assert not store.lease.take()
    clock.advance(1)
    assert store.lease.take()
