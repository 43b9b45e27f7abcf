"""Approvals from the question to the record, with real runs and decisions through the store."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.app.approvals.deciding import decide, pending_approvals
from nb2pipe.app.batches.plan import BatchRequest
from nb2pipe.app.batches.running import batch_notebook
from nb2pipe.app.batches.sets import ParameterSet
from nb2pipe.app.cancel import Cancel
from nb2pipe.app.history import cancel_run, list_runs, show_run
from nb2pipe.app.loaded import load
from nb2pipe.app.parameters import Given
from nb2pipe.app.plan import plan_run
from nb2pipe.app.result import RunResult
from nb2pipe.app.run import run_notebook
from nb2pipe.errors import SettingsError
from nb2pipe.model import Approval, State, StepRun, Verdict
from nb2pipe.settings import Settings
from nb2pipe.store import open_store
from tests.app.samples import request, settings_in, write_notebook
from tests.notebook.building import code

PATIENCE_S = 60.0
ASKING = (
    code("x = 1", "step:load"),
    code("print('deployed', x)", "step:deploy", nb2pipe={"approval": "Deploy?"}),
)
TWO_ASKING = (
    code("a = 1", "step:one", nb2pipe={"approval": True}),
    code("b = 2", "step:two", nb2pipe={"approval": "Really?"}),
)


@pytest.fixture
def settings(tmp_path: Path, store_url: str) -> Settings:
    """Settings with a store on each kind of database."""
    return settings_in(tmp_path / "home", store_url=store_url)


class Going:
    """A run on a thread, and what it says."""

    def __init__(self, path: str, settings: Settings, **wanted: object) -> None:
        self.cancel = Cancel()
        self._seen: list[StepRun] = []
        self._news = threading.Condition()
        self._result: list[RunResult] = []
        asked = replace(request(path), **wanted)  # type: ignore[arg-type]
        self._thread = threading.Thread(target=self._run, args=(asked, settings), daemon=True)
        self._thread.start()

    def _run(self, *wanted: object) -> None:
        self._result.append(run_notebook(*wanted, watch=self._watch, cancel=self.cancel))  # type: ignore[arg-type]

    def _watch(self, step_run: StepRun) -> None:
        with self._news:
            self._seen.append(step_run)
            self._news.notify_all()

    def until_waiting(self, settings: Settings, steps: int = 1) -> str:
        """Wait until so many steps wait, and the store knows; the run's id."""
        with self._news:
            assert self._news.wait_for(lambda: steps == len({s.step for s in self._waiting()}), PATIENCE_S)
        run_id = self._seen[0].run_id
        until(lambda: steps == len(pending_approvals(settings)))
        return run_id

    def _waiting(self) -> list[StepRun]:
        return [each for each in self._seen if each.state is State.WAITING]

    def end(self) -> RunResult:
        """Wait for the end."""
        self._thread.join(PATIENCE_S)
        [result] = self._result
        return result


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that another thread brings about."""
    given_up = threading.Event()
    timer = threading.Timer(PATIENCE_S, given_up.set)
    timer.start()
    while not condition():
        assert not given_up.is_set()
    timer.cancel()


def test_approved_by_somebody_else(tmp_path: Path, settings: Settings) -> None:
    """The run goes on; result, store and report say who approved, when and why."""
    report = tmp_path / "r.html"
    going = Going(write_notebook(tmp_path / "n.ipynb", *ASKING), settings, report=str(report))
    run_id = going.until_waiting(settings)
    run, given = decide(settings, run_id, "deploy", Verdict.APPROVED, user=" bob ", why="AUC is\n \x1b<fine>")
    result = going.end()
    assert (State.SUCCEEDED, run_id) == (result.state, run.id)
    assert ("bob", "AUC is <fine>", Verdict.APPROVED) == (given.user, given.why, given.verdict)
    assert given == result.steps[1].approval == show_run(settings, run_id).steps[1].approval
    page = report.read_text("utf-8")
    assert "Deploy?" in page and "bob" in page and "AUC is &lt;fine&gt;" in page
    assert [] == pending_approvals(settings)


def test_rejected(tmp_path: Path, settings: Settings) -> None:
    """The run fails with who said no and why."""
    going = Going(write_notebook(tmp_path / "n.ipynb", *ASKING), settings)
    run_id = going.until_waiting(settings)
    decide(settings, run_id, None, Verdict.REJECTED, user="eve", why="not on a Friday")
    result = going.end()
    assert (State.FAILED, "step 'deploy' failed: N2P922") == (result.state, result.run.message)
    assert "eve rejected it: not on a Friday (asked: Deploy?)" == result.failures["deploy"].message
    with pytest.raises(SettingsError, match=r"No step .* waits .* it failed\. Step 'deploy' has been rejected by eve"):
        decide(settings, run_id, None, Verdict.APPROVED, user="ann", why="now")


def test_nobody_decides_in_time(tmp_path: Path, settings: Settings) -> None:
    """After ``approval_timeout_s`` the step fails, and the store says that time ran out."""
    cell = code("pass", "step:deploy", nb2pipe={"approval": True, "approval_timeout_s": 0.01})
    result = Going(write_notebook(tmp_path / "n.ipynb", cell), settings).end()
    assert "N2P921" == result.failures["deploy"].name
    kept = show_run(settings, result.id).steps[0].approval
    assert kept is not None and (Verdict.TIMED_OUT, "") == (kept.verdict, kept.user)
    with pytest.raises(SettingsError, match="has been decided on: left without a decision in time"):
        decide(settings, result.id, "deploy", Verdict.APPROVED, user="ann", why="late")


def test_two_people_at_once(tmp_path: Path, settings: Settings) -> None:
    """One decision counts, and the other gets an error that names it."""
    going = Going(write_notebook(tmp_path / "n.ipynb", *ASKING), settings)
    run_id = going.until_waiting(settings)
    start, kept, refused = threading.Barrier(2), list[Approval](), list[str]()

    def work(user: str, verdict: Verdict) -> None:
        start.wait(PATIENCE_S)
        try:
            kept.append(decide(settings, run_id, "deploy", verdict, user=user, why="so")[1])
        except SettingsError as error:
            refused.append(str(error))

    people = [("bob", Verdict.APPROVED), ("eve", Verdict.REJECTED)]
    threads = [threading.Thread(target=work, args=person) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    result = going.end()
    [won], [lost] = kept, refused
    assert won == result.steps[1].approval
    assert won.user in lost and "has been decided on" in lost
    assert (won.verdict is Verdict.APPROVED) == (result.state is State.SUCCEEDED)


def test_cancelled_while_it_waits(tmp_path: Path, settings: Settings) -> None:
    """``cancel`` ends a run that waits, and what it asked can no longer be decided."""
    going = Going(write_notebook(tmp_path / "n.ipynb", *ASKING), settings)
    run_id = going.until_waiting(settings)
    run, asked = cancel_run(settings, run_id, wait_s=PATIENCE_S)
    result = going.end()
    assert (True, State.CANCELLED, State.CANCELLED) == (asked, run.state, result.state)
    assert [State.SUCCEEDED, State.CANCELLED] == [step.state for step in show_run(settings, run_id).steps]
    with pytest.raises(SettingsError, match="does not wait for an approval: the run was cancelled"):
        decide(settings, run_id, "deploy", Verdict.APPROVED, user="ann", why="so")


def test_what_is_refused(tmp_path: Path, settings: Settings) -> None:
    """A decision that is not clear, or about something else, says what to do and changes nothing."""
    going = Going(write_notebook(tmp_path / "n.ipynb", *TWO_ASKING), settings)
    run_id = going.until_waiting(settings, steps=2)
    questions = {each.approval.step: each.approval.question for each in pending_approvals(settings)}
    assert {"one": "May this step run?", "two": "Really?"} == questions
    wrong = [
        (None, "ann", "so", "2 steps of run .* wait for an approval.\n    Name one of them: one, two"),
        ("three", "ann", "so", "the run has no such step.\n    It has: one, two"),
        ("one", "  ", "so", "needs the name"),
        ("one", "ann", " \n", "needs a reason.\n    Add --why"),
    ]
    for step, user, why, words in wrong:
        with pytest.raises(SettingsError, match=words):
            decide(settings, run_id, step, Verdict.APPROVED, user=user, why=why)
    assert 2 == len(pending_approvals(settings))
    for step in ("one", "two"):
        decide(settings, run_id, step, Verdict.APPROVED, user="ann", why="so")
    assert State.SUCCEEDED is going.end().state
    with pytest.raises(SettingsError, match="There is no run 'nosuch'"):
        decide(settings, "nosuch", None, Verdict.APPROVED, user="ann", why="so")


def test_a_step_without_approval_is_not_waiting(tmp_path: Path) -> None:
    """A step that asks nothing says that it has ended."""
    settings = settings_in(tmp_path / "home")
    result = run_notebook(request(write_notebook(tmp_path / "n.ipynb", *ASKING[:1])), settings)
    with pytest.raises(SettingsError, match="does not wait for an approval: the run succeeded"):
        decide(settings, result.id, "load", Verdict.APPROVED, user="ann", why="so")


@pytest.mark.parametrize("ahead", [("one", "two"), ("all",)])
def test_approved_ahead(tmp_path: Path, ahead: tuple[str, ...]) -> None:
    """Nobody is asked, and the record says that it was given ahead and by whom."""
    settings = settings_in(tmp_path / "home")
    wanted = replace(request(write_notebook(tmp_path / "n.ipynb", *TWO_ASKING)), approve=ahead)
    seen: list[StepRun] = []
    result = run_notebook(wanted, settings, watch=seen.append)
    assert State.SUCCEEDED is result.state and State.WAITING not in {each.state for each in seen}
    for step in show_run(settings, result.id).steps:
        assert step.approval is not None and step.approval.is_ahead
        assert (Verdict.APPROVED, result.run.user) == (step.approval.verdict, step.approval.user)


def test_approved_ahead_in_a_batch(tmp_path: Path) -> None:
    """Each run of a batch has the approvals of the batch."""
    sets = tuple(ParameterSet(Given(), f"set {number}") for number in (1, 2))
    path = write_notebook(tmp_path / "n.ipynb", *ASKING)
    items = batch_notebook(BatchRequest(path, sets, approve=("deploy",)), settings_in(tmp_path / "home"))
    assert [True, True] == [item.is_good for item in items]


def test_approved_ahead_in_python(tmp_path: Path, nb2pipe_home: Path) -> None:
    """``with_options(approve=...)`` is ``--approve``."""
    pipeline = load(write_notebook(tmp_path / "n.ipynb", *ASKING)).with_options(approve=("all",))
    assert State.SUCCEEDED is pipeline.run().state


@pytest.mark.parametrize(
    ("cells", "name", "words"),
    [
        (ASKING, "deplyo", "no step 'deplyo' .*\n    Did you mean 'deploy'"),
        (ASKING, "load", "no step 'load' that asks"),
        (ASKING[:1], "load", "\n    No step of this notebook asks"),
    ],
)
def test_an_approval_for_nothing_is_refused(
    tmp_path: Path, cells: tuple[dict[str, Any], ...], name: str, words: str
) -> None:
    """A misspelt step would leave the run waiting; it is refused before anything runs."""
    wanted = replace(request(write_notebook(tmp_path / "n.ipynb", *cells)), approve=("all", name))
    with pytest.raises(SettingsError, match=words):
        plan_run(wanted, settings_in(tmp_path / "home"))


def test_a_run_says_that_it_waits(tmp_path: Path, settings: Settings) -> None:
    """A run waits while a step does and none is at work, wherever it is shown; it can be asked for, and goes on."""
    going = Going(write_notebook(tmp_path / "n.ipynb", *ASKING), settings)
    run_id = going.until_waiting(settings)
    assert State.WAITING is show_run(settings, run_id).run.state
    assert ([run_id], []) == tuple(
        [run.id for run in list_runs(settings, states=[state])[0]] for state in (State.WAITING, State.RUNNING)
    )
    decide(settings, run_id, "deploy", Verdict.APPROVED, user="bob", why="fine")
    assert State.SUCCEEDED is going.end().state
    assert State.SUCCEEDED is show_run(settings, run_id).run.state


def test_a_run_with_other_work_does_not_wait(tmp_path: Path, settings: Settings) -> None:
    """While another step is at work the run is running; it waits when that has ended, and is cancelled then."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    cells = (
        code(f"x = open({str(gate)!r}).read()", "step:work"),
        code("print('deployed')", "step:deploy", nb2pipe={"approval": "Deploy?"}),
    )
    going = Going(write_notebook(tmp_path / "n.ipynb", *cells), replace(settings, jobs=2))
    run_id = going.until_waiting(settings)
    until(lambda: State.RUNNING in {step.state for step in show_run(settings, run_id).steps})
    assert State.RUNNING is show_run(settings, run_id).run.state
    gate.write_text("go", encoding="utf-8")
    until(lambda: State.WAITING is show_run(settings, run_id).run.state)
    assert cancel_run(settings, run_id)[1]
    assert State.CANCELLED is going.end().state is show_run(settings, run_id).run.state


def test_a_run_that_died_waiting(tmp_path: Path, settings: Settings) -> None:
    """The process of a run that waits is missed like that of any other."""
    going = Going(write_notebook(tmp_path / "n.ipynb", *ASKING), settings)
    run_id = going.until_waiting(settings)
    with open_store(settings.store_url, settings.home) as store:
        gone = replace(store.run(run_id), pid=2**22 + 1, process_started_at=1)
        assert State.WAITING is store.update_run(gone).state
        assert [run_id] == [run.id for run in store.mark_interrupted()]
    going.cancel.request("enough")
    going.end()
