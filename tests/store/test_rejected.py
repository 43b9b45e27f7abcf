"""A due time whose run a person rejected."""

from __future__ import annotations

from dataclasses import replace

from nb2pipe.model import Approval, Phase, State, StepRun, Verdict
from nb2pipe.store import Store
from tests.store.conftest import Clock
from tests.store.test_triggers import CALLED, add, end, firings


def test_what_a_person_rejected_is_not_tried_again(store: Store, clock: Clock) -> None:
    """A retry would only ask again: the due time is over, and says who rejected it."""
    schedule = add(store, "a")
    store.triggers.set_off(schedule, CALLED)
    firing = firings(store, schedule)[0]
    asked = Approval(firing.run_id, "deploy", "Deploy it?", clock.now)
    said_no = replace(asked, verdict=Verdict.REJECTED, user="bob", decided_at=clock.now, why="too early")
    store.record(StepRun(firing.run_id, "deploy", State.FAILED, approval=said_no))
    ending = end(store, firing, clock, 1, State.FAILED)
    assert store.schedules.settle(replace(ending, retry_at=clock.now), schedule)
    done = firings(store, schedule)[0]
    assert (Phase.DONE, State.FAILED, 1) == (done.phase, done.state, done.attempt)
    assert "called - not tried again: step 'deploy' was rejected by bob" == done.reason
    assert 1 == len(store.runs())
