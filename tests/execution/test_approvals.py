"""Steps that a person has to approve: asked once, others go on, nothing is held, every end is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.execution.process import ProcessExecutor
from nb2pipe.model import Approval, Pipeline, State, Step, StepRun, Verdict
from tests.execution.running import Cells, plan, run

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
CHAIN: Cells = [("step:load", "x = 1"), ("step:deploy", "y = x + 1\nprint(y)"), ("step:after", "print(y)")]
ASKED = {"deploy": "Deploy?"}


class People:
    """Answers as a test says, once it says so.

    Args:
        verdict: the answer to every question.
        ready: whether they answer now, given how often they were looked at.
    """

    def __init__(self, verdict: Verdict, ready: Callable[[int], bool] = lambda looks: looks >= 2) -> None:
        self.asked: list[str] = []
        self._verdict = verdict
        self._ready = ready
        self._looks = 0

    def ask(self, run_id: str, step: Step) -> Approval:
        """Note the question."""
        self.asked.append(step.name)
        return Approval(run_id, step.name, step.settings.approval or "", NOW, NOW + timedelta(seconds=60))

    def heard(self, approval: Approval) -> Approval:
        """The answer, once they are ready."""
        self._looks += 1
        if not self._ready(self._looks):
            return approval
        user = "" if self._verdict is Verdict.TIMED_OUT else "ann"
        return replace(approval, verdict=self._verdict, user=user, decided_at=NOW, why="the AUC is too low")


class Resting(ProcessExecutor):
    """Notes what it was told to do."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.rests = 0
        self.expected: list[list[str]] = []

    def expect(self, steps: Sequence[Step]) -> None:
        """Note which steps come next."""
        self.expected.append([step.name for step in steps])
        super().expect(steps)

    def rest(self) -> None:
        """Note it."""
        self.rests += 1
        super().rest()


@pytest.fixture(scope="module")
def executor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessExecutor]:
    """One executor for all tests of this file."""
    made = ProcessExecutor(tmp_path_factory.mktemp("home"))
    yield made
    made.close()


def asking(pipeline: Pipeline, questions: dict[str, str], **settings: Any) -> Pipeline:
    """The plan with steps that have to be approved."""
    steps = [
        replace(step, settings=replace(step.settings, approval=questions[step.name], **settings))
        if step.name in questions
        else step
        for step in pipeline.steps
    ]
    return replace(pipeline, steps=tuple(steps))


def states(seen: Sequence[StepRun], step: str) -> list[State]:
    """The states that a step went through."""
    found = [each.state for each in seen if each.step == step]
    return [state for number, state in enumerate(found) if number == 0 or found[number - 1] is not state]


def test_an_approved_step_runs(executor: ProcessExecutor, tmp_path: Path) -> None:
    """It waits, is queued again and runs, and its record says who approved it and why; it is asked about once."""
    people, seen = People(Verdict.APPROVED), list[StepRun]()
    pipeline = asking(plan(tmp_path, CHAIN), ASKED)
    runs = run(pipeline, tmp_path / "home", executor, approvals=people, watch=seen.append)
    assert [State.SUCCEEDED] * 3 == [each.state for each in runs.values()]
    expected = [State.QUEUED, State.WAITING, State.QUEUED, State.RUNNING, State.SUCCEEDED]
    assert expected == states(seen, "deploy")
    assert ["deploy"] == people.asked
    approval = runs["deploy"].approval
    assert approval is not None and runs["load"].approval is None
    assert ("Deploy?", Verdict.APPROVED, "ann") == (approval.question, approval.verdict, approval.user)


@pytest.mark.parametrize(
    ("verdict", "code", "words"),
    [
        (Verdict.REJECTED, "N2P922", "ann rejected it: the AUC is too low (asked: Deploy?)"),
        (Verdict.TIMED_OUT, "N2P921", "nobody approved it within 60 s (asked: Deploy?)"),
    ],
)
def test_what_is_not_approved_does_not_run(
    executor: ProcessExecutor, tmp_path: Path, verdict: Verdict, code: str, words: str
) -> None:
    """The step fails with a code of its own, is not tried again, and what needs it is skipped."""
    people = People(verdict)
    pipeline = asking(plan(tmp_path, CHAIN), ASKED, retries=2)
    runs = run(pipeline, tmp_path / "home", executor, approvals=people)
    failure = runs["deploy"].failure
    assert failure is not None
    assert ("approval", code, words) == (failure.kind, failure.name, failure.message)
    assert "run the notebook again" in failure.hint
    assert (State.FAILED, 1, False) == (runs["deploy"].state, runs["deploy"].attempt, runs["deploy"].kernel_started)
    assert (State.SKIPPED, "step 'deploy' before it failed") == (runs["after"].state, runs["after"].reason)
    assert ["deploy"] == people.asked


def test_others_go_on_and_no_job_is_taken(executor: ProcessExecutor, tmp_path: Path) -> None:
    """With one job, a step that nothing connects to the waiting one runs while that waits."""
    seen: list[StepRun] = []

    def other_has_ended(looks: int) -> bool:
        return any(each.step == "other" and each.state is State.SUCCEEDED for each in seen)

    cells = [*CHAIN[:2], ("step:other", "z = 3"), CHAIN[2]]
    people = People(Verdict.APPROVED, other_has_ended)
    runs = run(
        asking(plan(tmp_path, cells), ASKED), tmp_path / "home", executor, approvals=people, watch=seen.append, jobs=1
    )
    assert {State.SUCCEEDED} == {each.state for each in runs.values()}
    order = [(each.step, each.state) for each in seen]
    assert order.index(("deploy", State.WAITING)) < order.index(("other", State.RUNNING))


def test_a_cancelled_run_waits_no_longer(executor: ProcessExecutor, tmp_path: Path) -> None:
    """The waiting step and those behind it are cancelled; the question stays in the record, undecided."""
    seen: list[StepRun] = []
    runs = run(
        asking(plan(tmp_path, CHAIN), ASKED),
        tmp_path / "home",
        executor,
        approvals=People(Verdict.APPROVED, lambda looks: False),
        watch=seen.append,
        should_cancel=lambda: any(each.state is State.WAITING for each in seen),
    )
    assert [State.SUCCEEDED, State.CANCELLED, State.CANCELLED] == [each.state for each in runs.values()]
    assert runs["deploy"].approval is not None and runs["deploy"].approval.verdict is None


def test_nothing_is_held_while_all_waits(tmp_path: Path) -> None:
    """No kernel stands ready once only people are waited for, nor for steps that wait; afterwards steps run as ever."""
    executor = Resting(tmp_path / "executor")
    zygotes: list[int] = []

    def at_rest(looks: int) -> bool:
        assert executor._zygote is not None
        zygotes.append(executor._zygote.process.pid)
        return executor.rests == 1 and [] == _children(zygotes[-1])

    people = People(Verdict.APPROVED, at_rest)
    try:
        runs = run(asking(plan(tmp_path, CHAIN), ASKED), tmp_path / "home", executor, approvals=people)
    finally:
        executor.close()
    assert {State.SUCCEEDED} == {each.state for each in runs.values()}
    assert [[], ["after"], []] == executor.expected
    assert 1 == len(set(zygotes)), "sets keep their order only in kernels of one zygote"


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_a_cached_step_is_not_asked_about(executor: ProcessExecutor, tmp_path: Path) -> None:
    """Nothing runs, so there is nothing to approve; when the step has to run again, it is asked about again."""
    home, people = tmp_path / "home", People(Verdict.APPROVED)
    pipeline = asking(plan(tmp_path, CHAIN), ASKED)
    run(pipeline, home, executor, approvals=people)
    again = run(pipeline, home, executor, approvals=people)
    assert [State.CACHED] * 3 == [each.state for each in again.values()]
    assert ["deploy"] == people.asked
    run(asking(plan(tmp_path, [("step:load", "x = 2"), *CHAIN[1:]]), ASKED), home, executor, approvals=people)
    assert ["deploy", "deploy"] == people.asked


def test_attempts_share_an_approval(executor: ProcessExecutor, tmp_path: Path) -> None:
    """A step that is tried again was approved already."""
    source = "import os\nif not os.path.exists('tried'):\n    open('tried', 'w')\n    1 / 0"
    people = People(Verdict.APPROVED)
    pipeline = asking(plan(tmp_path, [("step:deploy", source)]), ASKED, retries=1)
    runs = run(pipeline, tmp_path / "home", executor, approvals=people)
    assert (State.SUCCEEDED, 2) == (runs["deploy"].state, runs["deploy"].attempt)
    assert ["deploy"] == people.asked
    assert runs["deploy"].approval is not None


def test_several_steps_wait_at_once(executor: ProcessExecutor, tmp_path: Path) -> None:
    """Steps that wait do not wait for each other."""
    cells = [("step:one", "a = 1"), ("step:two", "b = 2")]
    seen: list[StepRun] = []

    def both_wait(looks: int) -> bool:
        return {"one", "two"} == {each.step for each in seen if each.state is State.WAITING}

    people = People(Verdict.APPROVED, both_wait)
    pipeline = asking(plan(tmp_path, cells), {"one": "1?", "two": "2?"})
    runs = run(pipeline, tmp_path / "home", executor, approvals=people, watch=seen.append)
    assert [State.SUCCEEDED] * 2 == [each.state for each in runs.values()]


def test_without_anybody_to_ask_nothing_is_approved(executor: ProcessExecutor, tmp_path: Path) -> None:
    """A run that is not connected to people refuses the step rather than to run it or to wait for ever."""
    runs = run(asking(plan(tmp_path, CHAIN), ASKED), tmp_path / "home", executor)
    failure = runs["deploy"].failure
    assert failure is not None and "nobody can be asked" in failure.message
