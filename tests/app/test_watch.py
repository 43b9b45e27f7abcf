"""Changes found by looking at the store, on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nb2pipe.app.watch import Change, Watcher
from nb2pipe.model import CellRun, Metric, State, StepRun
from nb2pipe.store import Store
from tests.app.samples import settings_in
from tests.scheduling.conftest import clock, postgresql, store, store_url
from tests.scheduling.values import MONDAY, a_schedule
from tests.store.values import a_run

__all__ = ["clock", "postgresql", "store", "store_url"]


def kinds(changes: list[Change]) -> list[tuple[str, str]]:
    """Kind of each change, and the state in it."""
    return [(change.kind, str(change.data.get("state", ""))) for change in changes]


def test_a_run_from_start_to_end(store: Store, tmp_path: Path) -> None:
    """Each look gives what changed since the one before, in order, and a look at nothing new nothing."""
    watcher = Watcher(store, settings_in(tmp_path))
    old = store.add_run(a_run())
    assert [] == watcher.look()
    run = store.add_run(a_run("20261125-090000-bbbbbbb", state=State.RUNNING, pid=0, ended_at=None))
    step = StepRun(run.id, "load", State.RUNNING, cells=(CellRun(0, "c", State.RUNNING),), cells_total=1)
    store.record(step)
    assert [("cell", "running"), ("step", "running"), ("run", "running")] == kinds(watcher.look())
    assert [] == watcher.look()
    done = replace(step, state=State.SUCCEEDED, cells=(CellRun(0, "c", State.SUCCEEDED),), metrics=(Metric("m", 1),))
    store.record(done)
    store.update_run(replace(run, state=State.SUCCEEDED, ended_at=MONDAY))
    found = watcher.look()
    assert [("cell", "succeeded"), ("step", "succeeded"), ("run", "succeeded")] == kinds(found)
    assert [{"name": "m", "value": 1}] == found[1].data["metrics"]
    assert "notebook_text" not in found[2].data and "cells" not in found[1].data
    store.retention.delete_runs(ids=[old.id])
    assert [Change("run-removed", old.id, {"id": old.id})] == watcher.look()


def test_logs_of_those_followed(store: Store, tmp_path: Path) -> None:
    """What is printed comes once, from where following began; nothing below a home that is not ours is read."""
    watcher = Watcher(store, settings_in(tmp_path / "home"))
    log = tmp_path / "home" / "log.txt"
    log.parent.mkdir()
    log.write_text("before\n")
    run = store.add_run(a_run("20261125-090000-bbbbbbb", state=State.RUNNING, pid=0, ended_at=None))
    store.record(StepRun(run.id, "load", State.RUNNING, log_path=str(log)))
    (tmp_path / "secret.txt").write_text("secret\n")
    store.record(StepRun(run.id, "other", State.RUNNING, log_path=str(tmp_path / "secret.txt")))
    watcher.look()
    assert [] == watcher.look([run.id])
    with log.open("ab") as file:
        file.write("après\n".encode()[:4])
    [half] = watcher.look([run.id])
    assert ("apr", 7, 10) == tuple(half.data[name] for name in ("text", "offset", "next_offset"))
    with log.open("ab") as file:
        file.write("après\n".encode()[4:])
    assert ["ès\n"] == [change.data["text"] for change in watcher.look([run.id])]
    assert [] == watcher.look([run.id])


def test_schedules(store: Store, tmp_path: Path) -> None:
    """That schedules changed is said, once for all of them."""
    watcher = Watcher(store, settings_in(tmp_path))
    watcher.look()
    store.schedules.add(a_schedule(), MONDAY)
    assert [("schedules", "")] == kinds(watcher.look())
    assert [] == watcher.look()
