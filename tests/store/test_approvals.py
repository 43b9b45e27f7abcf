"""Approvals in the store: the first decision counts, whoever dies or comes second."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from nb2pipe.model import Approval, State, StepRun, Verdict
from nb2pipe.store import Store, open_store
from nb2pipe.store.engine import make_engine
from nb2pipe.store.migrate import prepare
from tests.store.values import NOON, a_run, a_step_run

RUN = a_run().id
ASKED = Approval(RUN, "deploy", "Deploy \0 'it'?", NOON, NOON + timedelta(hours=1))


def decided(user: str, verdict: Verdict = Verdict.APPROVED) -> Approval:
    """The question with somebody's decision."""
    return replace(ASKED, verdict=verdict, user=user, decided_at=NOON + timedelta(minutes=1), why=f"{user} says so")


@pytest.fixture
def waiting(store: Store) -> Iterator[Store]:
    """A store with a run of this process, a step of which waits."""
    store.add_run(a_run(state=State.RUNNING, ended_at=None, pid=0, machine=""))
    store.record(StepRun(RUN, "deploy", State.WAITING, approval=ASKED))
    yield store


def the_step(store: Store) -> StepRun:
    """The step as the store has it."""
    [step] = store.step_runs(RUN)
    return step


def test_what_waits_is_listed(waiting: Store) -> None:
    """The question is there with its run, and with the step."""
    [pending] = waiting.approvals.pending()
    assert (ASKED, "churn", "churn.ipynb", "ann") == (
        pending.approval,
        pending.pipeline,
        pending.notebook_path,
        pending.started_by,
    )
    assert [pending] == waiting.approvals.pending(RUN) and [] == waiting.approvals.pending("another")
    assert {"deploy": ASKED} == waiting.approvals.of_run(RUN)
    assert ASKED == the_step(waiting).approval


def test_the_first_decision_counts(waiting: Store) -> None:
    """A second one changes nothing, and is told the first; the step's record has it before the step goes on."""
    first = decided("bob")
    assert first == waiting.approvals.decide(first)
    assert first == waiting.approvals.decide(decided("eve", Verdict.REJECTED))
    assert first == the_step(waiting).approval
    assert [] == waiting.approvals.pending()


def test_two_at_once(waiting: Store, store_url: str, tmp_path: Path) -> None:
    """Of people who decide in the same moment one succeeds, and all are told the same."""
    start, told = threading.Barrier(6), list[Approval | None]()

    def work(number: int) -> None:
        with open_store(store_url, tmp_path) as own:
            start.wait(60)
            verdict = Verdict.APPROVED if number % 2 else Verdict.REJECTED
            told.append(own.approvals.decide(decided(f"user{number}", verdict)))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert 6 == len(told) and 1 == len(set(told))
    assert told[0] == the_step(waiting).approval and told[0] != ASKED


@pytest.mark.parametrize("state", [state for state in State if state is not State.WAITING])
def test_a_step_that_does_not_wait_takes_no_decision(waiting: Store, state: State) -> None:
    """Whatever else the step does, a decision is not kept."""
    waiting.record(replace(the_step(waiting), state=state))
    assert ASKED == waiting.approvals.decide(decided("bob"))
    assert [] == waiting.approvals.pending()


def test_a_run_that_is_to_stop_takes_no_decision(waiting: Store) -> None:
    """Between the request to stop and the end, nothing is approved any more."""
    waiting.request_cancel(RUN)
    assert ASKED == waiting.approvals.decide(decided("bob"))
    assert [] == waiting.approvals.pending()


def test_what_was_never_asked(store: Store) -> None:
    """A decision about nothing is kept nowhere."""
    store.add_run(a_run())
    assert store.approvals.decide(decided("bob")) is None
    assert {} == store.approvals.of_run(RUN)


def test_a_dead_run_waits_no_longer(waiting: Store) -> None:
    """A run whose process is gone is interrupted with the step that waited, and nothing can be decided."""
    waiting.update_run(a_run(state=State.RUNNING, ended_at=None, pid=2**22 + 1, machine=waiting.run(RUN).machine))
    assert [RUN] == [run.id for run in waiting.mark_interrupted()]
    assert (State.INTERRUPTED, ASKED) == (the_step(waiting).state, the_step(waiting).approval)
    assert [] == waiting.approvals.pending() and ASKED == waiting.approvals.decide(decided("bob"))


def test_a_record_cannot_undo_a_decision(waiting: Store) -> None:
    """What the run's process still thinks does not count against what was decided meanwhile."""
    first = waiting.approvals.decide(decided("bob"))
    waiting.record(StepRun(RUN, "deploy", State.FAILED, approval=replace(ASKED, verdict=Verdict.TIMED_OUT)))
    assert first == the_step(waiting).approval


def test_a_step_keeps_its_approval_over_attempts(waiting: Store) -> None:
    """Each attempt of a step has the one approval; so has a step that was approved ahead."""
    given = waiting.approvals.decide(decided("bob"))
    for attempt in (1, 2):
        waiting.record(a_step_run(RUN, "deploy", attempt=attempt, approval=given))
    assert [given, given] == [each.approval for each in waiting.step_runs(RUN, all_attempts=True)]
    ahead = replace(decided("ann"), step="other", is_ahead=True)
    waiting.record(a_step_run(RUN, "other", approval=ahead))
    assert {"deploy": given, "other": ahead} == waiting.approvals.of_run(RUN)


def test_approvals_go_with_their_run(waiting: Store) -> None:
    """Pruning a run leaves none of its questions."""
    waiting.update_run(a_run())
    waiting.retention.delete_runs(ids=[RUN])
    assert {} == waiting.approvals.of_run(RUN)


def test_a_store_without_approvals_is_upgraded(store_url: str, tmp_path: Path) -> None:
    """A store of the time before keeps its runs, and takes questions and decisions."""
    engine = make_engine(store_url)
    prepare(engine, head="0003")
    engine.dispose()
    with open_store(store_url, tmp_path) as store:
        store.add_run(a_run(state=State.RUNNING, ended_at=None, pid=0, machine=""))
        store.record(StepRun(RUN, "deploy", State.WAITING, approval=ASKED))
        assert decided("bob") == store.approvals.decide(decided("bob"))
