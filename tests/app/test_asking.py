"""Hearing decisions from the store, and what becomes of a question when the store fails."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nb2pipe.app.approvals.asking import PeopleAsked
from nb2pipe.errors import StoreError
from nb2pipe.model import State, Step, StepRun, StepSettings, Verdict
from nb2pipe.store import Store, open_store
from tests.store.conftest import Clock
from tests.store.values import a_run

STEP = Step("deploy", (0,), settings=StepSettings(approval="Deploy?", approval_timeout_s=60.0))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with a run that goes on."""
    with open_store(None, tmp_path) as opened:
        opened.add_run(a_run(state=State.RUNNING, ended_at=None, pid=0, machine=""))
        yield opened


def asked(people: PeopleAsked) -> StepRun:
    """A step that has just asked."""
    return StepRun(a_run().id, "deploy", State.WAITING, approval=people.ask(a_run().id, STEP))


def test_a_decision_is_heard(store: Store) -> None:
    """What is decided in the store is the answer; before, there is none."""
    people = PeopleAsked()
    step_run = asked(people)
    assert step_run.approval is not None
    store.record(step_run)
    people.look(store, [step_run])
    assert step_run.approval == people.heard(step_run.approval)
    now = people.clock()
    decided = replace(step_run.approval, verdict=Verdict.REJECTED, user="eve", decided_at=now, why="no")
    store.approvals.decide(decided)
    people.look(store, [step_run])
    assert decided == people.heard(step_run.approval)


def test_time_runs_out_by_the_clock(store: Store) -> None:
    """At the moment shown as the end, the question is closed in the store; a decision just before it counts."""
    clock = Clock()
    people = PeopleAsked(clock=clock)
    step_run = asked(people)
    assert step_run.approval is not None
    store.record(step_run)
    clock.advance(59.9)
    people.look(store, [step_run])
    assert people.heard(step_run.approval).verdict is None
    clock.advance(0.1)
    people.look(store, [step_run])
    assert clock.now == people.heard(step_run.approval).decided_at
    assert Verdict.TIMED_OUT is people.heard(step_run.approval).verdict
    assert store.approvals.of_run(a_run().id)["deploy"] == people.heard(step_run.approval)


def test_a_decision_in_the_last_moment_counts(store: Store) -> None:
    """Who decided before time was seen to be over was first."""
    clock = Clock()
    people = PeopleAsked(clock=clock)
    step_run = asked(people)
    assert step_run.approval is not None
    store.record(step_run)
    store.approvals.decide(replace(step_run.approval, verdict=Verdict.APPROVED, user="ann", decided_at=clock.now))
    clock.advance(100)
    people.look(store, [step_run])
    assert "ann" == people.heard(step_run.approval).user


def test_a_question_that_the_store_missed_is_asked_again(store: Store) -> None:
    """A store that failed when the step began to wait gets the question as soon as it works."""
    people = PeopleAsked()
    step_run = asked(people)
    assert [] == store.approvals.pending()
    people.look(store, [step_run])
    assert [step_run.approval] == [each.approval for each in store.approvals.pending()]


def test_a_store_that_fails_approves_nothing(store: Store, tmp_path: Path) -> None:
    """While the store cannot be asked the step goes on waiting; when its time is over it does not run."""
    clock = Clock()
    people = PeopleAsked(clock=clock)
    step_run = asked(people)
    assert step_run.approval is not None
    store.record(step_run)
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        connection.execute("DROP TABLE approvals")
    with pytest.raises(StoreError):
        people.look(store, [step_run])
    assert people.heard(step_run.approval).verdict is None
    clock.advance(60)
    with pytest.raises(StoreError):
        people.look(store, [step_run])
    assert Verdict.TIMED_OUT is people.heard(step_run.approval).verdict
