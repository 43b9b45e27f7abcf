"""Step runs: every attempt, cells as they go on, artifacts and metrics."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nb2pipe.errors import StoreError
from nb2pipe.model import Artifact, CellRun, Metric, State, StepRun
from nb2pipe.store import Store, open_store
from tests.store.values import NOON, a_run, a_step_run


def test_a_step_run_comes_back_as_it_was(store: Store) -> None:
    """A step run read is equal to the one recorded, every field of it."""
    run = store.add_run(a_run())
    step_run = a_step_run(run.id)
    bare = StepRun(run.id, "bare", State.QUEUED)
    store.record(step_run)
    store.record(bare)
    assert [step_run, bare] == store.step_runs(run.id)


def test_odd_text_comes_back(store: Store) -> None:
    """What cells print and raise may hold anything."""
    run = store.add_run(a_run())
    odd = a_step_run(
        run.id, artifacts=(Artifact("x", "d", 0, 1, "T", "a\0\ud800"),), reason="\0", log_path="/caf\udce9"
    )
    store.record(odd)
    assert [odd] == store.step_runs(run.id)


def test_each_change_replaces_the_value_before(store: Store) -> None:
    """While cells go on, what is read is always what was recorded last; cells may come and go."""
    run = store.add_run(a_run())
    waiting = tuple(CellRun(index, f"c{index}", State.QUEUED) for index in range(4))
    begun = CellRun(1, "c1", State.RUNNING, NOON)
    values = [
        StepRun(run.id, "fit", State.QUEUED),
        StepRun(run.id, "fit", State.RUNNING, started_at=NOON, cells=waiting),
        StepRun(run.id, "fit", State.RUNNING, started_at=NOON, cells=(waiting[0], begun, *waiting[2:])),
        StepRun(run.id, "fit", State.RUNNING, cells=waiting[:2], metrics=(Metric("a", 1), Metric("b", 2))),
        StepRun(run.id, "fit", State.RUNNING, cells=waiting, metrics=(Metric("a", 2),)),
        StepRun(run.id, "fit", State.SUCCEEDED, cells=waiting[1:], artifacts=(Artifact("x", "d", 0),)),
    ]
    for value in values:
        store.record(value)
        assert [value] == store.step_runs(run.id)


def test_another_process_may_go_on(store_url: str, tmp_path: Path) -> None:
    """What was recorded by one store object is replaced by another as by itself."""
    with open_store(store_url, tmp_path) as first, open_store(store_url, tmp_path) as second:
        run = first.add_run(a_run())
        running = a_step_run(run.id, state=State.RUNNING)
        first.record(running)
        changed = replace(running, cells=running.cells[:1], artifacts=())
        second.record(changed)
        assert [changed] == first.step_runs(run.id)
        ended = replace(running, state=State.SUCCEEDED)
        first.record(ended)
        assert [ended] == second.step_runs(run.id)


def test_attempts_are_kept(store: Store) -> None:
    """The last attempt is shown for each step, in the order in which steps were first seen; all on demand."""
    run = store.add_run(a_run())
    first, again = (a_step_run(run.id, "load", attempt=attempt) for attempt in (1, 2))
    other = a_step_run(run.id, "fit")
    for step_run in (first, other, again):
        store.record(step_run)
    assert [again, other] == store.step_runs(run.id)
    assert [first, again, other] == store.step_runs(run.id, all_attempts=True)


def test_runs_do_not_mix(store: Store) -> None:
    """Steps of the same name in two runs are two."""
    for run_id in ("one", "two"):
        store.add_run(a_run(run_id))
        store.record(a_step_run(run_id))
    assert [a_step_run("two")] == store.step_runs("two")
    assert [] == store.step_runs("three")


def test_a_step_without_a_run_is_refused(store: Store) -> None:
    """A step run of a run that the store does not have is an error, and leaves nothing behind."""
    with pytest.raises(StoreError, match="no longer holds the run"):
        store.record(a_step_run("gone"))
    assert [] == store.step_runs("gone")


def test_metrics_of_many_runs(store: Store) -> None:
    """Metrics are found by run and name; a later attempt's count."""
    for run_id in ("one", "two", "three"):
        store.add_run(a_run(run_id))
    store.record(a_step_run("one", metrics=(Metric("auc", 0.5), Metric("n", 3))))
    store.record(a_step_run("one", attempt=2, metrics=(Metric("auc", float("inf")),)))
    store.record(a_step_run("two", metrics=(Metric("auc", None),)))
    expected = {"one": {"auc": float("inf"), "n": 3}, "two": {"auc": None}, "three": {}}
    assert expected == store.metrics(["one", "two", "three"])


def test_digests_in_use(store: Store) -> None:
    """Every bundle that an attempt refers to is in use."""
    run = store.add_run(a_run())
    store.record(a_step_run(run.id, artifacts=(Artifact("x", "d1", 0), Artifact("y", "d1", 1))))
    store.record(a_step_run(run.id, attempt=2, artifacts=(Artifact("x", "d2", 0),)))
    assert {"d1", "d2"} == store.retention.digests_in_use()
