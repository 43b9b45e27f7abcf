"""``nb2pipe approvals``, ``approve`` and ``reject``, and runs in processes of their own that wait."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from nb2pipe.app.history import show_run
from nb2pipe.cli.terminal import without_ansi
from nb2pipe.model import State
from tests.app.samples import settings_in, write_notebook
from tests.cli.calling import Caller
from tests.cli.test_processes import Running, left_over
from tests.notebook.building import code

ASKING = (
    code("x = 1\nprint('loaded')", "step:load"),
    code("print('deployed', x)", "step:deploy", nb2pipe={"approval": "Deploy [this] to 'prod'?"}),
)
ASKED = b"waiting for approval: nb2pipe approve"


@pytest.fixture
def notebook(tmp_path: Path) -> str:
    """A notebook with a step that asks."""
    return write_notebook(tmp_path / "n.ipynb", *ASKING)


def wait_for_question(nb2pipe: Caller) -> list[dict[str, str]]:
    """What waits, once something does: the run says so before its store knows."""
    while not (pending := json.loads(nb2pipe("approvals", "--json").out)):
        pass
    found: list[dict[str, str]] = pending
    return found


@pytest.mark.parametrize("terminal", [False, True])
def test_approved(tmp_path: Path, nb2pipe: Caller, notebook: str, terminal: bool) -> None:
    """The run says what to type, on a terminal and in a pipe; once it was typed, it goes on and ends well."""
    running = Running(["run", notebook], tmp_path, terminal=terminal, columns=140)
    running.until(ASKED)
    [pending] = wait_for_question(nb2pipe)
    assert ("deploy", "Deploy [this] to 'prod'?", "n") == (pending["step"], pending["question"], pending["pipeline"])
    table = nb2pipe("approvals").out
    assert f"{pending['run_id']}  deploy  Deploy [this] to 'prod'?" in table
    assert "waiting" in nb2pipe("runs", "show", "latest").out
    done = nb2pipe("approve", "latest", "--why", "tested", "--json")
    assert (0, "approved", "tested") == (done.code, json.loads(done.out)["verdict"], json.loads(done.out)["why"])
    assert 0 == running.end(), running.seen
    said = without_ansi(running.seen.decode())
    assert f"approve {pending['run_id']} deploy --why" in said and "Deploy [this] to 'prod'?" in said
    assert "deploy: approved by " in said
    assert "Nothing waits for an approval.\n" == nb2pipe("approvals").out
    assert "deploy: Deploy [this] to 'prod'? approved by" in nb2pipe("runs", "show", "latest").out
    assert "approved by" in nb2pipe("lineage", "latest/deploy").out


def test_rejected(tmp_path: Path, nb2pipe: Caller, notebook: str) -> None:
    """Exit code 1, and who said no and why; a second decision is refused."""
    running = Running(["run", notebook], tmp_path)
    running.until(ASKED)
    wait_for_question(nb2pipe)
    done = nb2pipe("reject", "latest", "deploy", "--why", "not today")
    assert 0 == done.code and "rejected: not today" in done.out
    assert 1 == running.end()
    assert b"rejected it: not today" in running.seen and b"N2P922" in running.seen
    assert b"What it printed" not in running.seen, "it printed nothing"
    second = nb2pipe("approve", "latest", "deploy", "--why", "yes")
    assert 2 == second.code and "N2P924" in second.err and "rejected by" in second.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_while_it_waits(tmp_path: Path, nb2pipe_home: Path, notebook: str, number: signal.Signals) -> None:
    """A run that waits is cancelled as any other, and leaves no process."""
    running = Running(["run", notebook], tmp_path)
    running.until(ASKED)
    running.process.send_signal(number)
    assert 130 == running.end(), running.seen
    details = show_run(settings_in(nb2pipe_home), "latest")
    assert [State.SUCCEEDED, State.CANCELLED] == [step.state for step in details.steps]
    assert [] == left_over(nb2pipe_home)


def test_killed_while_it_waits(tmp_path: Path, nb2pipe: Caller, nb2pipe_home: Path, notebook: str) -> None:
    """The run is interrupted and nothing can be approved; run again, what came before is cached and it asks anew."""
    running = Running(["run", notebook], tmp_path)
    running.until(ASKED)
    [pending] = wait_for_question(nb2pipe)
    running.process.kill()
    running.end()
    assert "[]" == nb2pipe("approvals", "--json").out.strip()
    details = show_run(settings_in(nb2pipe_home), "latest")
    assert State.INTERRUPTED is details.run.state
    assert [State.SUCCEEDED, State.INTERRUPTED] == [step.state for step in details.steps]
    late = nb2pipe("approve", pending["run_id"], "deploy", "--why", "yes")
    assert 2 == late.code and "the run was interrupted" in late.err and "Run the notebook again" in late.err
    again = Running(["run", notebook, "--approve", "deploy"], tmp_path)
    assert 0 == again.end(), again.seen
    assert [State.CACHED, State.SUCCEEDED] == [
        step.state for step in show_run(settings_in(nb2pipe_home), "latest").steps
    ]
    assert b"given ahead by --approve" in again.seen


def test_what_is_refused(nb2pipe: Caller, notebook: str) -> None:
    """Missing words, names that nobody has, and approvals for nothing are refused before anything happens."""
    wrong = [
        (["approve", "latest"], "Missing option '--why'"),
        (["approve", "latest", "--why", "x"], "the store holds none yet"),
        (["reject", "nosuch", "--why", "x"], "There is no run 'nosuch'"),
        (["run", notebook, "--approve", "deplyo"], "N2P927"),
        (["batch", notebook, "--grid", "x=1", "--approve", "load"], "N2P927"),
    ]
    for words, expected in wrong:
        done = nb2pipe(*words)
        assert 2 == done.code and expected in done.err, words
    assert "No runs." in nb2pipe("runs").out


def test_a_batch_with_approvals_given_ahead(nb2pipe: Caller, tmp_path: Path) -> None:
    """In CI nobody is asked."""
    cells = (code("n = 1", "parameters"), *ASKING)
    path = write_notebook(tmp_path / "n.ipynb", *cells)
    done = nb2pipe("batch", path, "--grid", "n=1,2", "--approve", "all")
    assert 0 == done.code and "2 of 2 succeeded" in done.out


def test_a_time_without_a_question(nb2pipe: Caller, tmp_path: Path) -> None:
    """``approval_timeout_s`` alone is refused by check with its cell; as a default of the notebook it may stand."""
    path = write_notebook(tmp_path / "n.ipynb", code("x = 1", "step:a", nb2pipe={"approval_timeout_s": 60}))
    done = nb2pipe("check", path)
    assert 2 == done.code and "N2P926" in done.out + done.err and "cell 1" in done.out + done.err


def test_show_marks_the_step(nb2pipe: Caller, notebook: str) -> None:
    """Text, Mermaid, SVG and JSON say that a step needs an approval."""
    assert "needs approval: Deploy [this] to 'prod'?" in nb2pipe("show", notebook).out
    assert 's2["deploy<br/>needs approval"]' in nb2pipe("show", notebook, "--format", "mermaid").out
    assert "cell 2, needs approval" in nb2pipe("show", notebook, "--format", "svg").out
    [load, deploy] = json.loads(nb2pipe("show", notebook, "--json").out)["steps"]
    assert (None, "Deploy [this] to 'prod'?") == (load["settings"]["approval"], deploy["settings"]["approval"])
