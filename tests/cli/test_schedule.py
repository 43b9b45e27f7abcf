"""``nb2pipe schedule`` and ``nb2pipe scheduler --install``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.app.samples import FAILING, TWO_STEPS, write_notebook
from tests.cli.calling import Caller
from tests.notebook.building import code

WEEKDAYS = ("--cron", "0 7 * * mon-fri", "--tz", "Asia/Tokyo")


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A notebook."""
    return write_notebook(tmp_path / "sums.ipynb", *TWO_STEPS)


def shown(nb2pipe: Caller, name: str = "sums") -> dict[str, Any]:
    """A schedule as JSON."""
    found: dict[str, Any] = json.loads(nb2pipe("schedule", "show", name, "--json").out)
    return found


def test_add_list_show(nb2pipe: Caller, path: str) -> None:
    """A schedule is added, listed, and shown with its next five times, in its zone and here."""
    done = nb2pipe("schedule", "add", path, *WEEKDAYS, "-p", "rows", "7", "--jitter", "5m", "--retries", "2")
    assert (0, True) == (done.code, done.out.startswith("Schedule 'sums' added; next due ")), done
    assert "07:00:00 JST" in done.out
    table = nb2pipe("schedule", "list")
    assert "0 7 * * mon-fri Asia/Tokyo" in table.out and "No scheduler is running" in table.err
    text = nb2pipe("schedule", "show", "sums").out
    assert 5 == text.count("07:00:00 JST") and "rows=7" in text and "retries: 2 after 1 min" in text
    data = shown(nb2pipe)
    assert 5 == len(data["next_times"])
    assert ({"rows": 7}, "follow", 300.0) == (
        data["schedule"]["parameters"],
        data["schedule"]["source"],
        data["schedule"]["policy"]["jitter_s"],
    )
    listed = json.loads(nb2pipe("schedule", "list", "--json").out)
    assert (["sums"], None) == ([each["name"] for each in listed["schedules"]], listed["scheduler"])


def test_names(nb2pipe: Caller, path: str) -> None:
    """Without a name the notebook's is taken, with a number where it is taken; a given name must be free."""
    for expected in ("sums", "sums-2"):
        assert repr(expected) in nb2pipe("schedule", "add", path, "--every", "15m").out
    done = nb2pipe("schedule", "add", path, "--every", "15m", "--name", "sums")
    assert (2, True) == (done.code, "a schedule 'sums' already" in done.err)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--cron", "0 25 * * *"], "N2P801.*'25' is no hour"),
        (["--cron", "0 0 30 2 *"], "N2P802"),
        (["--at", "2020-01-01"], "N2P802"),
        (["--cron", "@daily", "--until", "2020-01-01"], "N2P802"),
        (["--cron", "@daily", "--tz", "Asia/Tokio"], "N2P803.*'Asia/Tokyo'"),
        (["--every", "0s"], "N2P804.*--every 15m"),
        (["--every", "15m", "--retries", "-1"], "N2P804.*retries cannot be -1"),
        (["--every", "15m", "--timeout", "0s"], "N2P804"),
        (["--every", "15m", "--from", "2999-01-02", "--until", "2999-01-01"], "N2P804.*ends before it starts"),
        (["--every", "15m", "--cron", "@daily"], "said twice"),
        ([], "was not said"),
        (["--every", "soon"], "'soon' is not a length of time"),
        (["--cron", "@daily", "-p", "rowz", "1"], "no parameter 'rowz'"),
        (["--cron", "@daily", "-p", "rows", "many"], "rows"),
        (["--cron", "@daily", "-f", "none.yaml"], "none.yaml"),
        (["--cron", "@daily", "--executor", "nowhere"], "nowhere"),
    ],
)
def test_refused(nb2pipe: Caller, path: str, words: list[str], message: str) -> None:
    """What is wrong is refused with what to do, and nothing is stored."""
    done = nb2pipe("schedule", "add", path, *words)
    assert 2 == done.code
    assert _matches(message, done.err), done.err
    assert [] == json.loads(nb2pipe("schedule", "list", "--json").out)["schedules"]


def _matches(message: str, text: str) -> bool:
    found = text.replace("\n", " ")
    return all(part in found for part in message.split(".*"))


def test_notebooks_that_cannot_run(nb2pipe: Caller, tmp_path: Path) -> None:
    """A notebook that is not there, or that would be refused, is refused now; one that may fail is not."""
    broken = write_notebook(tmp_path / "broken.ipynb", code("print('hello'"))
    for path, expected in ((str(tmp_path / "none.ipynb"), "none.ipynb"), (broken, "N2P201"), ("-", "in a file")):
        done = nb2pipe("schedule", "add", path, "--cron", "@daily")
        assert (2, True) == (done.code, expected in done.err), done
    assert 0 == nb2pipe("schedule", "add", write_notebook(tmp_path / "f.ipynb", *FAILING), "--cron", "@daily").code


def test_edit(nb2pipe: Caller, path: str) -> None:
    """What is given changes, all else stays; a snapshot keeps its text until it is taken anew."""
    nb2pipe("schedule", "add", path, *WEEKDAYS, "-p", "rows", "7", "--timeout", "10m", "--snapshot", "--tag", "a")
    before = shown(nb2pipe)["schedule"]
    write_notebook(Path(path), *TWO_STEPS, code("1", "step:more"))
    assert 0 == nb2pipe("schedule", "edit", "sums", "--tz", "Europe/Berlin", "--timeout", "none", "--name", "b").code
    after = shown(nb2pipe, "b")["schedule"]
    changed = {key for key in before if before[key] != after[key]}
    assert {"trigger", "name", "policy"} == changed
    assert ("0 7 * * mon-fri", "Europe/Berlin") == (after["trigger"]["text"], after["trigger"]["zone"])
    assert after["policy"]["timeout_s"] is None
    nb2pipe("schedule", "edit", "b", "--snapshot", "-p", "name", "y")
    newest = shown(nb2pipe, "b")["schedule"]
    assert ({"rows": 7, "name": "y"}, False) == (
        newest["parameters"],
        newest["notebook_digest"] == before["notebook_digest"],
    )
    done = nb2pipe("schedule", "edit", "b", "--cron", "0 0 30 2 *")
    assert (2, newest) == (done.code, shown(nb2pipe, "b")["schedule"])


def test_pause_resume_remove_trigger(nb2pipe: Caller, path: str) -> None:
    """A paused schedule has no next time, a resumed one has; a triggered run waits and can be cancelled."""
    nb2pipe("schedule", "add", path, *WEEKDAYS)
    assert "paused" in nb2pipe("schedule", "pause", "sums").out
    assert ([], "paused") == (shown(nb2pipe)["next_times"], shown(nb2pipe)["standing"])
    done = nb2pipe("schedule", "trigger", "sums", "--json")
    run_id = json.loads(done.out)["run_id"]
    assert ["queued"] == [run["state"] for run in json.loads(nb2pipe("runs", "--json").out)]
    assert "cancelled" in nb2pipe("cancel", run_id).out
    assert f"of schedule {shown(nb2pipe)['id']}, due " in nb2pipe("runs", "show", run_id).out
    assert [("cancelled", run_id)] == [(each["state"], each["run_id"]) for each in shown(nb2pipe)["firings"]]
    nb2pipe("schedule", "resume", "sums")
    assert 5 == len(shown(nb2pipe)["next_times"])
    assert 0 == nb2pipe("schedule", "remove", "sums").code
    assert "No schedules." in nb2pipe("schedule", "list").out
    assert "There is no schedule 'sums'" in nb2pipe("schedule", "show", "sums").err


def test_install(nb2pipe: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The unit starts this Python's scheduler, leaves runs alone, and never holds the URL of a store."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    done = nb2pipe("scheduler", "--install", "--at-once", "3")
    text = (tmp_path / "systemd" / "user" / "nb2pipe-scheduler.service").read_text("utf-8")
    assert "-m nb2pipe scheduler --at-once 3\n" in text and "KillMode=process\n" in text
    assert "systemctl --user enable --now nb2pipe-scheduler.service" in done.out
    monkeypatch.setenv("NB2PIPE_STORE_URL", "postgresql://ann:secret@db/runs")
    refused = nb2pipe("scheduler", "--install")
    assert (2, False) == (refused.code, "secret" in refused.err)
