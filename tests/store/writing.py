"""What writes into a store until it dies."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

from nb2pipe.model import State
from nb2pipe.store import open_store
from nb2pipe.store.engine import make_engine
from nb2pipe.store.migrate import prepare
from tests.store.dying import die_before
from tests.store.values import a_run, a_step_run


def upgrade(url: str, migrations: Path, fatal: int) -> None:
    """Upgrade a store to the tables of a later nb2pipe, or die before the statement of this number."""
    die_before(fatal)
    prepare(make_engine(url), head="tomorrow", migrations=migrations)


def write(url: str, home: Path, name: str, fatal: int, told: Path) -> None:
    """Write runs until death; a line "ID DONE" goes to ``told`` after each step run that was recorded."""
    die_before(fatal)
    store = open_store(url, home)
    with told.open("w", encoding="utf-8") as lines:
        for number in count():
            run = a_run(f"{name}-{number:04}", minutes=number, state=State.RUNNING, ended_at=None, pid=0, machine="")
            run = store.add_run(run)
            for done in range(3):
                store.record(a_step_run(run.id, f"step{done}", state=State.RUNNING))
                store.record(a_step_run(run.id, f"step{done}", state=State.SUCCEEDED))
                print(run.id, done + 1, file=lines, flush=True)
            store.update_run(replace(run, state=State.SUCCEEDED))
