"""What one types: targets, submissions, and the commands that speak of runs wherever they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nb2pipe.app.elsewhere import keep
from nb2pipe.cli import submit
from tests.cli.calling import Caller
from tests.kubeflow.remote.sending import FAILURE, notebook, said_by_load, said_by_train
from tests.kubeflow.remote.standin import StandIn
from tests.kubeflow.remote.workflow import Task


@pytest.fixture
def nb2pipe(
    kfp: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Caller:
    """The command line in a folder with a notebook, which knows the stand-in as ``cloud``."""
    monkeypatch.chdir(tmp_path)
    notebook(tmp_path)
    caller = Caller(capsys)
    assert 0 == caller("target", "add", "cloud", "--kind", "kfp", "--host", kfp.url, "--label", "team=a").code
    return caller


def test_targets(nb2pipe: Caller, kfp: StandIn) -> None:
    """A target is listed, shown, checked and removed."""
    assert kfp.url in nb2pipe("target", "list").out
    assert "team=a" in nb2pipe("target", "show", "cloud").out
    (found,) = json.loads(nb2pipe("target", "list", "--json").out)
    assert ("cloud", {"team": "a"}) == (found["name"], found["labels"])
    assert "it answers" in nb2pipe("target", "check", "cloud").out
    kfp.fault = lambda operation: (503, "")
    done = nb2pipe("target", "check", "cloud")
    assert 2 == done.code and "503" in done.err
    assert 2 == nb2pipe("target", "add", "cloud", "--kind", "kfp", "--host", kfp.url).code
    assert 0 == nb2pipe("target", "remove", "cloud").code
    assert "No targets" in nb2pipe("target", "list").out
    assert "Add one" in nb2pipe("submit", "churn.ipynb", "--to", "cloud").err


def test_submit_and_look(nb2pipe: Caller, kfp: StandIn) -> None:
    """A run is sent, listed with where it is, shown with its page, and its log is printed."""
    done = nb2pipe("submit", "churn.ipynb", "--to", "cloud", "-p", "n", "7", "--run-name", "mine", "--json")
    run = json.loads(done.out)["run"]
    assert ("cloud", {"n": 7}, "mine") == (run["target"], run["parameters"], run["elsewhere"]["name"])
    kfp.move(kfp.only_run(), "RUNNING", load=Task("SUCCEEDED"), train_it=Task("RUNNING"))
    kfp.print_log(kfp.only_run(), "load", said_by_load())
    kfp.print_log(kfp.only_run(), "train-it", "so far\n")
    line = next(each for each in nb2pipe("runs").out.splitlines() if run["id"] in each)
    assert "running" in line and "cloud" in line
    shown = nb2pipe("runs", "show", run["id"]).out
    assert f"{kfp.url}/#/runs/details/{kfp.only_run()}" in shown and "labels team=a" in shown
    assert "loaded\n" == nb2pipe("logs", run["id"], "load").out
    assert "so far\n" == nb2pipe("logs", run["id"], "train_it").out
    assert "was asked to stop" in nb2pipe("cancel", run["id"], "--no-wait").out


def test_wait(nb2pipe: Caller, kfp: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """--wait follows the run to its end and ends as it did: 1 where a step failed, with the cell."""

    def sleep(seconds: float) -> None:
        kfp.move(kfp.only_run(), "FAILED", load=Task("SUCCEEDED"), train_it=Task("FAILED"))
        kfp.print_log(kfp.only_run(), "train-it", said_by_train(FAILURE))

    follow = keep.watch_run
    monkeypatch.setattr(submit, "watch_run", lambda *words, **more: follow(*words, **more, sleep=sleep))
    done = nb2pipe("submit", "churn.ipynb", "--to", "cloud", "--wait")
    assert 1 == done.code and "ValueError" in done.out and "cell 3" in done.out
    assert "train_it: failed" in done.err


def test_a_dead_server(nb2pipe: Caller, kfp: StandIn) -> None:
    """The list is printed all the same; what may be out of date is said beside it."""
    nb2pipe("submit", "churn.ipynb", "--to", "cloud")
    kfp.fault = lambda operation: (500, "")
    done = nb2pipe("runs")
    assert 0 == done.code and "cloud" in done.out and "may have moved on" in done.err
    assert "since then" in nb2pipe("runs", "show").out


def test_bad_words(nb2pipe: Caller, kfp: StandIn) -> None:
    """What cannot be sent is refused with exit code 2 and says what to do."""
    for words, said in (
        (("--image", "localhost/x", "--to", "clowd"), "There are: cloud."),
        (("--to", "cloud", "--label", "x"), "--label NAME=TEXT"),
        (("--to", "cloud", "-p", "m", "1"), "m"),
    ):
        done = nb2pipe("submit", "churn.ipynb", *words)
        assert 2 == done.code and said in done.err
    assert {} == kfp.runs


def test_schedule_on(nb2pipe: Caller, kfp: StandIn) -> None:
    """A schedule on a target is in the list of all, with where it is."""
    words = ("schedule", "add", "churn.ipynb", "--on", "cloud", "--cron", "0 6 * * *", "--tz", "UTC")
    assert 0 == nb2pipe(*words).code
    assert 2 == nb2pipe(*words, "--retries", "2").code
    line = next(each for each in nb2pipe("schedule", "list").out.splitlines() if each.startswith("churn"))
    assert "cloud" in line and "active" in line
    assert "fired by" in nb2pipe("schedule", "show", "churn").out
    assert 0 == nb2pipe("schedule", "remove", "churn").code and {} == kfp.schedules
