"""Schedules in the store: kept, found, paused, removed, and readable whatever happened to one of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from nb2pipe.errors import SettingsError
from nb2pipe.model import (
    CronTrigger,
    IntervalTrigger,
    OnceTrigger,
    Overlap,
    Policy,
    Schedule,
    Source,
    Standing,
    State,
    Trigger,
)
from nb2pipe.store import Store
from nb2pipe.store.claims import Claim, ClaimedDue
from nb2pipe.store.engine import make_engine
from tests.store.conftest import Clock
from tests.store.values import NOON, TEXT, a_run

DAILY = CronTrigger("0 7 * * *", "Asia/Tokyo")


def a_schedule(name: str = "nightly", trigger: Trigger = DAILY, **changes: object) -> Schedule:
    """A schedule with a value in every field."""
    schedule = Schedule(
        id=f"id-{name}",
        name=name,
        notebook_path="/notebooks/churn.ipynb",
        notebook_digest=a_run().notebook_digest,
        trigger=trigger,
        created_at=NOON,
        user="ann",
        source=Source.SNAPSHOT,
        notebook_text=TEXT,
        parameters={"rows": 10, "who": None, "list": [1, {"a": "ü"}]},
        flags={"executor": "process", "jobs": 2},
        policy=Policy(overlap=Overlap.QUEUE, timeout_s=600.0, starts_at=NOON),
        tags=("a", "b"),
    )
    return replace(schedule, **changes)  # type: ignore[arg-type]


def a_claim(schedule: Schedule, **changes: object) -> Claim:
    """A claim of the due time noon."""
    claim = Claim(schedule, NOON, (ClaimedDue(NOON, NOON),), NOON.replace(day=25))
    return replace(claim, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("trigger", [DAILY, IntervalTrigger(1.5, NOON, "UTC"), OnceTrigger(NOON, "UTC")])
def test_kept_as_they_are(store: Store, trigger: Trigger) -> None:
    """What was put in comes out, of every kind of trigger; a list leaves out the notebooks' texts."""
    schedule = a_schedule(trigger=trigger)
    store.schedules.add(schedule, NOON)
    entry = store.schedules.entry("nightly")
    assert (schedule, Standing.ACTIVE, NOON, 0) == (entry.schedule, entry.standing, entry.next_due_at, entry.failures)
    assert [replace(schedule, notebook_text="")] == [each.schedule for each in store.schedules.entries()]
    assert NOON == store.schedules.next_due_at()


def test_found_by_what_a_person_types(store: Store) -> None:
    """A name, an id or the beginning of either will do, if one fits."""
    for name in ("nightly", "nightly-2", "weekly"):
        store.schedules.add(a_schedule(name), NOON)
    assert "id-nightly" == store.schedules.entry("nightly").id
    assert "id-weekly" == store.schedules.entry("we").id
    assert "id-weekly" == store.schedules.entry("id-w").id
    for word, message in (("night", "Several schedules"), ("daily", "no schedule 'daily'"), ("", "no schedule ''")):
        with pytest.raises(SettingsError, match=message):
            store.schedules.entry(word)


def test_names_are_unique(store: Store) -> None:
    """A name that is taken is refused, for a new schedule and for a changed one."""
    store.schedules.add(a_schedule("a"), NOON)
    store.schedules.add(a_schedule("b"), NOON)
    with pytest.raises(SettingsError, match="a schedule 'a' already"):
        store.schedules.add(a_schedule("a", id="other"), NOON)
    with pytest.raises(SettingsError, match="a schedule 'a' already"):
        store.schedules.replace(replace(a_schedule("b"), name="a"), NOON)


def test_changed_and_paused(store: Store) -> None:
    """A changed schedule has its new due time, unless it is paused; resuming clears its failures."""
    store.schedules.add(a_schedule(), NOON)
    later = NOON.replace(day=26)
    store.schedules.replace(a_schedule(user="bob"), later)
    assert ("bob", later) == (store.schedules.entry("nightly").schedule.user, store.schedules.next_due_at())  # type: ignore[union-attr]
    store.schedules.set_standing("id-nightly", Standing.PAUSED, "by hand")
    store.schedules.replace(a_schedule(), later)
    entry = store.schedules.entry("nightly")
    assert (Standing.PAUSED, "by hand", None) == (entry.standing, entry.reason, entry.next_due_at)
    store.schedules.set_standing("id-nightly", Standing.ACTIVE, next_due_at=later)
    assert later == store.schedules.next_due_at()


@pytest.mark.parametrize(
    ("store_url", "column"),
    [
        ("sqlite", "more"),
        ("sqlite", "standing"),
        ("sqlite", "next_due_at"),
        ("postgresql", "more"),
        ("postgresql", "standing"),
    ],
    indirect=["store_url"],
)
def test_one_that_cannot_be_read(store: Store, store_url: str, column: str) -> None:
    """A record that holds nonsense is shown as faulty and can be removed; all others are there.

    PostgreSQL itself keeps nonsense out of its column of times.
    """
    for name in ("a", "bad", "c"):
        store.schedules.add(a_schedule(name), NOON)
    engine = make_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE schedules SET {column} = '0nonsense' WHERE name = 'bad'"))
    engine.dispose()
    found = {entry.name: entry.standing for entry in store.schedules.entries()}
    assert {"a": Standing.ACTIVE, "bad": Standing.FAULTY, "c": Standing.ACTIVE} == found
    assert ["a", "bad", "c"] == [entry.name for entry, _ in store.schedules.due(NOON, 10)]
    assert Standing.FAULTY is store.schedules.entry("bad").standing
    store.schedules.set_standing("id-bad", Standing.FAULTY, "cannot be read")
    assert ["a", "c"] == [entry.name for entry, _ in store.schedules.due(NOON, 10)]
    store.schedules.remove("id-bad")
    assert ["a", "c"] == [entry.name for entry in store.schedules.entries()]


def test_removed(store: Store) -> None:
    """With a schedule go its due times; its waiting run is cancelled and stays."""
    store.schedules.add(a_schedule(), NOON)
    store.schedules.claim([a_claim(a_schedule())])
    store.schedules.remove("id-nightly")
    (run,) = store.runs()
    assert (State.CANCELLED, "its schedule was removed") == (run.state, run.message)
    assert ([], []) == (store.schedules.entries(), store.schedules.firings("id-nightly", 5))


def test_pruning_leaves_the_texts_of_schedules(store: Store, clock: Clock) -> None:
    """A notebook's text stays as long as a schedule needs it, and what became of a due time outlives its run."""
    schedule = a_schedule()
    store.schedules.add(schedule, NOON)
    store.schedules.claim([a_claim(schedule)])
    (run,) = store.runs()
    store.end_queued(run.id, State.FAILED, "no")
    store.add_run(a_run())
    store.retention.delete_runs(states=[State.FAILED, State.SUCCEEDED])
    assert schedule == store.schedules.entry("nightly").schedule
    assert [run.id] == [firing.run_id for firing in store.schedules.firings(schedule.id, 5)]
