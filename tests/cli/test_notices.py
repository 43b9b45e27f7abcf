"""``nb2pipe notices``, and ``--notify`` of ``run`` and ``schedule``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.samples import FAILING, TWO_STEPS, write_notebook
from tests.cli.calling import Caller
from tests.cli.test_processes import Running
from tests.notebook.building import code
from tests.notices.conftest import own
from tests.notices.receivers import Answer, Web
from tests.notices.values import Settings

__all__ = ["own"]


@pytest.fixture
def web(own: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A web server that the channel ``team`` posts to."""
    monkeypatch.setenv("no_proxy", "*")
    with Web() as opened:
        monkeypatch.setenv("HOOK", opened.url("/services/hunter2"))
        own.write("[notices.team]\nkind = 'webhook'\nurl = 'env:HOOK'\n")
        yield opened


@pytest.fixture
def failing(tmp_path: Path) -> str:
    """A notebook that fails."""
    return write_notebook(tmp_path / "fails.ipynb", *FAILING)


def test_a_channel_is_tested(nb2pipe: Caller, web: Web) -> None:
    """A test is sent at once, or it is said why not; nothing of it is kept."""
    done = nb2pipe("notices", "test", "team")
    got = web.next()
    assert (0, f"Test {got.data['id']} sent by 'team'.\n") == (done.code, done.out)
    assert "test" == json.loads(nb2pipe("notices", "test", "team", "--json").out)["notice"]["event"]
    web.answers = [Answer(403, {}, "no hunter2")]
    refused = nb2pipe("notices", "test", "team")
    assert (2, True) == (refused.code, "N2P905" in refused.err and "it answered 403 Forbidden: no ***" in refused.err)
    unknown = nb2pipe("notices", "test", "taem")
    assert (2, True) == (unknown.code, "Did you mean 'team'?" in unknown.err)
    assert "No notices.\n" == nb2pipe("notices").out


def test_a_run_that_fails(nb2pipe: Caller, web: Web, failing: str) -> None:
    """At the end of a failed run it is told which step and cell failed, and where to look."""
    done = nb2pipe("run", failing, "--notify", "team")
    got = web.next()
    assert (1, False) == (done.code, "warning" in done.out + done.err)
    run_id = json.loads(nb2pipe("runs", "--json").out)[0]["id"]
    assert ("second", 2, "ZeroDivisionError", f"nb2pipe runs show {run_id}") == (
        got.data["step"],
        got.data["cell"]["number"],
        got.data["error"]["name"],
        got.data["command"],
    )
    [listed] = json.loads(nb2pipe("notices", "--json").out)
    assert (got.data["id"], "sent", run_id) == (listed["id"], listed["delivery"], listed["notice"]["run_id"])


def test_a_run_that_succeeds(nb2pipe: Caller, web: Web, tmp_path: Path) -> None:
    """A success is told to nobody, and an unknown channel or event is refused before anything runs."""
    path = write_notebook(tmp_path / "sums.ipynb", *TWO_STEPS)
    assert 0 == nb2pipe("run", path, "--notify", "team").code
    assert ([], "No notices.\n") == (web.rest(), nb2pipe("notices").out)
    for words in ("taem", "team:fail"):
        assert 2 == nb2pipe("run", path, "--notify", words).code
    assert 1 == len(json.loads(nb2pipe("runs", "--json").out))


def test_what_could_not_be_sent(nb2pipe: Caller, web: Web, failing: str) -> None:
    """It is a warning, stays in the list with the reason and without the secret, and can be sent again."""
    web.answers = [Answer(500, {}, "no hunter2 here"), Answer(404), Answer(0)]
    done = nb2pipe("run", failing, "--notify", "team")
    said = done.out + done.err
    assert (1, True) == (done.code, "N2P903" in said and "nb2pipe notices retry" in said), said
    first = web.next()
    table = nb2pipe("notices").out
    assert "pending  failure  team" in table and "it answered 500" in table and "hunter2" not in table
    given_up = nb2pipe("notices", "retry", first.data["id"][:8])
    assert (1, True) == (given_up.code, "N2P904" in given_up.out)
    assert "failed" in nb2pipe("notices", "--state", "failed").out
    assert "No notices that fit.\n" == nb2pipe("notices", "--state", "sent").out
    again = nb2pipe("notices", "retry", "--all", "--json")
    assert (1, [False]) == (again.code, [each["is_sent"] for each in json.loads(again.out)])
    sent = nb2pipe("notices", "retry", "--all")
    assert (0, True) == (sent.code, "sent by 'team'" in sent.out)
    assert {first.data["id"]} == {got.data["id"] for got in web.rest()}
    assert "No notice waits to be sent.\n" == nb2pipe("notices", "retry", "--all").out
    for words, message in (
        ([first.data["id"]], "was sent already"),
        (["zz"], "no notice 'zz'"),
        ([], "Name one NOTICE"),
        (["a", "--all"], "Name one NOTICE"),
    ):
        refused = nb2pipe("notices", "retry", *words)
        assert (2, True) == (refused.code, message in refused.err)


def test_schedules(nb2pipe: Caller, web: Web, failing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A schedule says who is told; unknown channels are refused, those that the settings name included."""
    added = nb2pipe("schedule", "add", failing, "--every", "1h", "--notify", "team:failure,late", "--late-after", "10m")
    assert 0 == added.code, added.err
    assert "notify     team:failure,late; late after 10 min" in nb2pipe("schedule", "show", "fails").out
    for words, shown in ((["--tag", "x"], "team:failure,late"), (["--notify", "none"], "nobody")):
        assert 0 == nb2pipe("schedule", "edit", "fails", *words).code
        assert f"notify     {shown}" in nb2pipe("schedule", "show", "fails").out
    nb2pipe("schedule", "edit", "fails", "--notify", "default")
    assert "as the setting notify says" in nb2pipe("schedule", "show", "fails").out
    for words in (["--notify", "other"], ["--notify", "team:x"], ["--late-after", "0s"]):
        for command in (["add", failing, "--every", "1h"], ["edit", "fails"]):
            assert 2 == nb2pipe("schedule", *command, *words).code
    monkeypatch.setenv("NB2PIPE_NOTIFY", "other")
    refused = nb2pipe("schedule", "add", failing, "--every", "1h")
    assert (2, True) == (refused.code, "N2P901" in refused.err)
    assert 1 == len(json.loads(nb2pipe("schedule", "list", "--json").out)["schedules"])


def test_a_step_that_waits(nb2pipe: Caller, web: Web, tmp_path: Path) -> None:
    """While a step waits for a person they are told at once, with the question; the run goes on once it is approved."""
    cells = (code("x = 1", "step:load"), code("x", "step:deploy", nb2pipe={"approval": "Deploy to prod?"}))
    path = write_notebook(tmp_path / "deploy.ipynb", *cells)
    run = Running(["run", path, "--notify", "team"], tmp_path)
    got = web.next()
    assert ("approval", "deploy", "Deploy to prod?") == tuple(got.data[name] for name in ("event", "step", "message"))
    assert f"nb2pipe approve {got.data['run_id']} deploy" in got.data["text"]
    assert 0 == nb2pipe("approve", got.data["run_id"], "deploy", "--why", "looks good").code
    assert 0 == run.end()
    assert [] == web.rest()


def test_a_scheduled_step_that_waits(nb2pipe: Caller, web: Web, tmp_path: Path) -> None:
    """Of the step of a scheduled run that waits, those are told whom the schedule names, by the scheduler."""
    cell = code("1", "step:deploy", nb2pipe={"approval": "Deploy to prod?"})
    path = write_notebook(tmp_path / "deploy.ipynb", cell)
    nb2pipe("schedule", "add", path, "--at", "2999-01-01", "--notify", "team:approval")
    scheduler = Running(["scheduler"], tmp_path)
    scheduler.until(b"sees to schedules")
    run_id = json.loads(nb2pipe("schedule", "trigger", "deploy", "--json").out)["run_id"]
    got = web.next()
    assert ("approval", "deploy", run_id) == tuple(got.data[name] for name in ("event", "schedule", "run_id"))
    assert 0 == nb2pipe("reject", run_id, "--why", "not today").code
    scheduler.until(b"failed")
    scheduler.process.terminate()
    assert 0 == scheduler.end()
    assert [] == web.rest()


def test_config_shows_channels(nb2pipe: Caller, web: Web, own: Settings) -> None:
    """The settings shown have each channel with its kind and file, and nothing secret; what is wrong is refused."""
    rows = {row["key"]: row for row in json.loads(nb2pipe("config", "--json").out)}
    assert {"key": "notices.team", "value": "webhook", "origin": str(own.path)} == rows["notices.team"]
    own.write("[notices.team]\nkind = 'webhook'\nurl = 'https://u:hunter2@h/'\n")
    done = nb2pipe("config")
    assert (2, True, False) == (done.code, "holds a password" in done.err, "hunter2" in done.err)
