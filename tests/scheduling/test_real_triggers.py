"""The scheduler as a real process: data that changes, calls, and what comes after, on SQLite and PostgreSQL."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

from nb2pipe.app.history import show_run
from nb2pipe.app.schedules.keeping import add_schedule, show_schedule
from nb2pipe.app.schedules.triggers import TriggerWords
from nb2pipe.app.schedules.words import ScheduleWords
from nb2pipe.model import Firing, State
from nb2pipe.settings import Settings
from tests.app.samples import write_notebook
from tests.cli.test_processes import Running
from tests.notebook.building import code
from tests.scheduling.test_real import scheduler, settings
from tests.scheduling.watching import write

__all__ = ["scheduler", "settings"]


def test_a_chain(tmp_path: Path, settings: Settings, scheduler: list[Running]) -> None:
    """Changed data runs one schedule, whose success runs another; killed meanwhile, the next scheduler goes on; a call
    runs a third; each of them once."""
    data = tmp_path / "data" / "in.csv"
    write(data, "1")
    path = write_notebook(tmp_path / "n.ipynb", code("rows = 1", "parameters"), code(f"open({str(data)!r}).read()"))
    change = TriggerWords(on_change=(str(data.parent),), settle_s=0.0, poll_s=1.0)
    add_schedule(ScheduleWords(path, "load", triggers=change), settings)
    add_schedule(ScheduleWords(path, "train", triggers=TriggerWords(after=("load",))), settings)
    token = add_schedule(ScheduleWords(path, "called", triggers=TriggerWords(on_call=True)), settings).token
    write(data, "2")
    first = start(scheduler, tmp_path)
    first.until(b"load: changed: ")
    first.process.kill()
    first.process.wait()
    second = start(scheduler, tmp_path)
    port = re.search(rb"http://127.0.0.1:(\d+)/", second.seen)
    assert port is not None
    request = urllib.request.Request(
        f"http://127.0.0.1:{int(port[1])}/nb2pipe/call/called",
        b'{"parameters": {"rows": 7}}',
        {"Authorization": f"Bearer {token}"},
    )
    with urllib.request.urlopen(request) as answer:
        assert 202 == answer.status
    for name in (b"load", b"train", b"called"):
        second.until(name + b": run ")
    (load,), (train,), (called,) = (firings(name, settings) for name in ("load", "train", "called"))
    assert (f"changed: {data}", f"after run {load.run_id} of 'load'") == (load.reason, train.reason)
    assert [State.SUCCEEDED] * 3 == [each.state for each in (load, train, called)]
    assert {"rows": 7} == show_run(settings, called.run_id).run.parameters


def start(running: list[Running], folder: Path) -> Running:
    """Another scheduler that takes calls, once it sees to schedules."""
    running.append(Running(["scheduler", "--at-once", "2", "--listen", "127.0.0.1:0"], folder))
    running[-1].until(b"sees to schedules")
    return running[-1]


def firings(name: str, settings: Settings) -> tuple[Firing, ...]:
    """Due times of a schedule."""
    return show_schedule(name, settings).firings
