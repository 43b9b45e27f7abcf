"""Removing runs: which go, which stay, and what may be removed from the disk then."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from nb2pipe.errors import SettingsError
from nb2pipe.model import Artifact, State
from nb2pipe.store import Store
from nb2pipe.store.engine import make_engine
from nb2pipe.store.tables import TABLES
from tests.store.values import NOON, TEXT, a_run, a_step_run


@pytest.fixture
def filled(store: Store) -> Store:
    """Three runs of one pipeline, one of another, and one that is going on; each with a bundle of its own."""
    store.add_run(a_run("a", text=TEXT + "a"))
    store.add_run(a_run("b", minutes=1, state=State.FAILED))
    store.add_run(a_run("c", minutes=2))
    store.add_run(a_run("d", minutes=3, pipeline="sales"))
    store.add_run(a_run("going", minutes=4, state=State.RUNNING))
    for run_id in ("a", "b", "c", "d", "going"):
        store.record(a_step_run(run_id, artifacts=(Artifact("x", f"own-{run_id}", 0), Artifact("y", "shared", 0))))
    return store


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"older_than": NOON + timedelta(minutes=2)}, "ba"),
        ({"keep_last": 1}, "cba"),
        ({"keep_last": 2}, "ba"),
        ({"keep_last": 9}, ""),
        ({"states": [State.FAILED]}, "b"),
        ({"states": [State.RUNNING]}, ""),
        ({"pipeline": "sales"}, "d"),
        ({"ids": ["a", "d", "unknown"]}, "da"),
        ({"ids": []}, ""),
        ({"ids": ["a", "c"], "keep_last": 2}, "a"),
        ({"keep_last": 1, "states": [State.SUCCEEDED], "older_than": NOON + timedelta(minutes=1)}, "a"),
    ],
)
def test_which_go(filled: Store, tmp_path: Path, wanted: dict[str, Any], expected: str) -> None:
    """Runs that fit everything go, newest first; what is told beforehand is what is then done; going runs stay."""
    told = filled.retention.delete_runs(**wanted, dry_run=True)
    assert 5 == len(filled.runs())
    pruned = filled.retention.delete_runs(**wanted)
    left = {"a", "b", "c", "d", "going"} - set(expected)
    assert told == pruned
    assert tuple(expected) == pruned.run_ids
    assert tuple(tmp_path / "runs" / run_id for run_id in expected) == pruned.folders
    assert left == {run.id for run in filled.runs()}
    assert (
        {"shared"} | {f"own-{run_id}" for run_id in left} == pruned.digests_in_use == filled.retention.digests_in_use()
    )


def test_nothing_said_is_refused(filled: Store) -> None:
    """A call without any choice does not remove everything."""
    with pytest.raises(SettingsError, match="Which runs to remove was not said"):
        filled.retention.delete_runs()


def test_a_going_run_is_refused_by_name(filled: Store) -> None:
    """Naming a run that is going on is an error, and nothing is removed."""
    with pytest.raises(SettingsError, match="nb2pipe cancel going"):
        filled.retention.delete_runs(ids=["a", "going"])
    assert 5 == len(filled.runs())


def test_nothing_is_left_behind(store: Store, store_url: str) -> None:
    """A removed run leaves no row in any table."""
    store.add_run(a_run())
    store.record(a_step_run(a_run().id))
    assert {"d1"} == store.retention.digests_in_use()
    store.retention.delete_runs(ids=[a_run().id])
    engine = make_engine(store_url)
    with engine.connect() as connection:
        counts = {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar() for name in TABLES.tables}
    engine.dispose()
    assert dict.fromkeys(TABLES.tables, 0) == counts


def test_values_go_and_the_record_stays(filled: Store) -> None:
    """Runs keep everything but are told to have no values; bundles that other runs refer to stay in use."""
    told = filled.retention.give_up_values(older_than=NOON + timedelta(minutes=3), dry_run=True)
    assert None is filled.run("c").values_removed_at
    before = filled.step_runs("c")
    assert told == filled.retention.give_up_values(older_than=NOON + timedelta(minutes=3))
    assert ("c", "b", "a") == told.run_ids
    assert () == told.folders
    assert {"shared", "own-d", "own-going"} == told.digests_in_use == filled.retention.digests_in_use()
    assert before == filled.step_runs("c")
    assert None is not filled.run("c").values_removed_at
    assert () == filled.retention.give_up_values(older_than=NOON + timedelta(minutes=3)).run_ids
    with pytest.raises(SettingsError, match="going on"):
        filled.retention.give_up_values(ids=["going"])
    with pytest.raises(SettingsError, match="not said"):
        filled.retention.give_up_values()
