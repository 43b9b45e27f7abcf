"""``nb2pipe schedule`` with what sets schedules off besides the clock, and limits of a day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.app.samples import TWO_STEPS, write_notebook
from tests.cli.calling import Caller


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A notebook."""
    return write_notebook(tmp_path / "sums.ipynb", *TWO_STEPS)


def shown(nb2pipe: Caller, name: str) -> dict[str, Any]:
    """A schedule as JSON."""
    found: dict[str, Any] = json.loads(nb2pipe("schedule", "show", name, "--json").out)
    return found


def test_without_a_clock(nb2pipe: Caller, path: str, tmp_path: Path) -> None:
    """A schedule may do without a clock; list and show say what sets it off, where nothing is yet, and its limits."""
    place = tmp_path / "data"
    done = nb2pipe(
        *("schedule", "add", path, "--name", "load", "--on-change", str(place), "--settle", "2s", "--poll", "1m"),
        *("--runs-per-day", "10", "--minutes-per-day", "90", "--tz", "Asia/Tokyo"),
    )
    assert (0, "Schedule 'load' added.\n") == (done.code, done.out), done
    assert f"Nothing is there yet: {place}" in done.err
    assert 0 == nb2pipe("schedule", "add", path, "--after", "load", "--every", "1d").code
    listed = nb2pipe("schedule", "list").out
    assert "on change of " in listed and "every 1 d; after load" in listed
    text = nb2pipe("schedule", "show", "load").out
    for words in (
        f"{place}: watched; nothing is there yet",
        "looked at every 60 s; fires once still for 2 s",
        "today      0 of 10 runs, 0.0 of 90 minutes",
        "at most 10 runs a day; at most 90 minutes a day",
    ):
        assert words in text, text
    data = shown(nb2pipe, "load")
    assert ({"zone": "Asia/Tokyo", "kind": "none"}, []) == (data["schedule"]["trigger"], data["next_times"])
    assert {"places": [str(place)], "settle_s": 2.0, "poll_s": 60.0, "within": ""} == data["schedule"]["on_change"]
    assert (0, ["load"]) == (data["used"]["runs"], shown(nb2pipe, "sums")["after"])
    assert "each run of load that succeeds" in nb2pipe("schedule", "show", "sums").out


def test_edit(nb2pipe: Caller, path: str, tmp_path: Path) -> None:
    """Each of these is changed and taken away again; what is not said stays."""
    nb2pipe("schedule", "add", path, "--cron", "@daily")
    file = tmp_path / "in.csv"
    file.write_text("1")
    nb2pipe("schedule", "edit", "sums", "--on-change", str(file), "--on-change", str(tmp_path / "*.txt"), "--no-clock")
    data = shown(nb2pipe, "sums")
    assert ("none", None, "active") == (data["schedule"]["trigger"]["kind"], data["next_due_at"], data["standing"])
    assert [(str(file), True, False), (str(tmp_path / "*.txt"), True, True)] == [
        (each["place"], each["is_seen"], each["is_empty"]) for each in data["watches"]
    ]
    nb2pipe("schedule", "edit", "sums", "--poll", "30s", "--runs-per-day", "5")
    assert (30.0, 5) == (
        (now := shown(nb2pipe, "sums")["schedule"])["on_change"]["poll_s"],
        now["policy"]["runs_per_day"],
    )
    nb2pipe("schedule", "edit", "sums", "--on-change", "none", "--every", "1d", "--runs-per-day", "none")
    now = shown(nb2pipe, "sums")["schedule"]
    assert (None, "interval", None) == (now["on_change"], now["trigger"]["kind"], now["policy"]["runs_per_day"])


def test_faults(nb2pipe: Caller, path: str, tmp_path: Path) -> None:
    """What cannot be looked at is said at once, and by show and list; the schedule is kept."""
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    done = nb2pipe("schedule", "add", path, "--on-change", str(loop))
    assert (0, True) == (done.code, "Data cannot be looked at" in done.err and "symbolic links" in done.err)
    assert f"{loop}: cannot be looked at" in nb2pipe("schedule", "show", "sums").out
    done = nb2pipe("schedule", "list")
    assert "active (fault)" in done.out and "symbolic links" in done.err
    assert "symbolic links" in shown(nb2pipe, "sums")["watches"][0]["fault"]
    nb2pipe("schedule", "pause", "sums")
    loop.unlink()
    loop.write_text("1")
    assert "" == nb2pipe("schedule", "resume", "sums").err
    assert [("", True)] == [(each["fault"], each["is_seen"]) for each in shown(nb2pipe, "sums")["watches"]]


def test_tokens(nb2pipe: Caller, path: str) -> None:
    """A token is shown when it is made, and never again."""
    done = nb2pipe("schedule", "add", path, "--on-call")
    token = done.out.split("shown this once: ")[1].split("\n")[0]
    assert token.startswith("nb2p_") and 48 == len(token)
    assert "POST /nb2pipe/call/sums" in nb2pipe("schedule", "show", "sums").out
    again = json.loads(nb2pipe("schedule", "edit", "sums", "--new-token", "--json").out)["token"]
    assert token != again
    seen = [
        nb2pipe("schedule", *words).out for words in (("list", "--json"), ("show", "sums", "--json"), ("edit", "sums"))
    ]
    assert [] == [text for text in seen if token in text or again in text or '"token"' in text]


def test_limit_of_a_day(nb2pipe: Caller, path: str) -> None:
    """Beyond the limit a run by hand is refused and recorded; forced, it is made."""
    nb2pipe("schedule", "add", path, "--every", "1d", "--runs-per-day", "1")
    assert 0 == nb2pipe("schedule", "trigger", "sums").code
    done = nb2pipe("schedule", "trigger", "sums")
    assert (2, True) == (done.code, "N2P812" in done.err and "--force" in done.err)
    assert 0 == nb2pipe("schedule", "trigger", "sums", "--force").code
    assert ["queued", "skipped", "queued"] == [each["state"] for each in shown(nb2pipe, "sums")["firings"]]
    assert "2 of 1 runs" in nb2pipe("schedule", "show", "sums").out


def test_removing(nb2pipe: Caller, path: str) -> None:
    """What sets off others is removed only by force; they are shown as paused then, and why."""
    nb2pipe("schedule", "add", path, "--name", "a", "--every", "1d")
    nb2pipe("schedule", "add", path, "--name", "b", "--after", "a")
    done = nb2pipe("schedule", "remove", "a")
    assert (2, True) == (done.code, "it sets off 'b'" in done.err and "--force" in done.err)
    assert 0 == nb2pipe("schedule", "remove", "a", "--force").code
    assert "paused: schedule 'a', which set it off, was removed" in nb2pipe("schedule", "show", "b").out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--on-change", ""], "place of data to watch is empty"),
        (["--on-change", "moon://x"], "N2P807.*Protocol not known: moon"),
        (["--on-change", "x", "--poll", "0.5s"], "N2P804.*--poll cannot be 0.5 s"),
        (["--on-change", "x", "--settle", "2d"], "N2P804.*--settle cannot be"),
        (["--on-change", "x", "--until", "2020-01-01"], "N2P802"),
        (["--on-change", "x", "--at", "2020-01-01"], "N2P802"),
        (["--on-change", "x", "--no-clock"], "No such option"),
        (["--on-change", "none"], "was not said.*--on-change PATH"),
        (["--every", "1d", "--poll", "1m"], "watches no data"),
        (["--after", "nobody"], "no schedule 'nobody'"),
        (["--every", "1d", "--runs-per-day", "0"], "N2P804"),
        (["--every", "1d", "--runs-per-day", "1.5"], "cannot be '1.5'"),
        (["--every", "1d", "--minutes-per-day", "nan"], "N2P804"),
    ],
)
def test_refused(nb2pipe: Caller, path: str, words: list[str], message: str) -> None:
    """What is wrong is refused with what to do, and nothing is stored."""
    done = nb2pipe("schedule", "add", path, *words)
    first, _, last = message.partition(".*")
    assert (2, True) == (done.code, first in done.err and last in done.err), done
    assert "No schedules." in nb2pipe("schedule", "list").out


def test_edits_that_are_refused(nb2pipe: Caller, path: str) -> None:
    """A circle, a token of what takes no calls, and a schedule that nothing would set off."""
    nb2pipe("schedule", "add", path, "--name", "a", "--every", "1d")
    nb2pipe("schedule", "add", path, "--name", "b", "--after", "a")
    for words, message in (
        (["a", "--after", "b"], "in a circle: 'a' after 'b' after 'a'"),
        (["b", "--after", "none"], "N2P808"),
        (["a", "--no-clock"], "N2P808"),
        (["a", "--no-clock", "--every", "2d"], "said twice"),
        (["a", "--new-token"], "takes no calls"),
    ):
        done = nb2pipe("schedule", "edit", *words)
        assert (2, True) == (done.code, message in done.err), done


def test_addresses(nb2pipe: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong address is refused before anything starts, and a unit listens where it is told to."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for words in ((), ("--install",)):
        done = nb2pipe("scheduler", "--listen", "somewhere", *words)
        assert (2, True) == (done.code, "N2P815" in done.err)
    assert 0 == nb2pipe("scheduler", "--install", "--listen", "127.0.0.1:8765").code
    unit = (tmp_path / "systemd" / "user" / "nb2pipe-scheduler.service").read_text("utf-8")
    assert "scheduler --listen 127.0.0.1:8765\n" in unit
