"""Runs: what goes in comes out, lists, and finding the one that is meant."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from nb2pipe.errors import SettingsError, StoreError
from nb2pipe.model import Run, State
from nb2pipe.model.ids import new_run_id
from nb2pipe.store import Store, open_store, this_process
from nb2pipe.store.engine import make_engine
from tests.store.values import NOON, TEXT, a_run


def test_a_run_comes_back_as_it_was(store: Store) -> None:
    """A run read is equal to the run added, types, order and time zone included."""
    run = a_run()
    store.add_run(run)
    assert run == store.run(run.id)
    assert list(run.parameters) == list(store.run(run.id).parameters)


@pytest.mark.parametrize(
    "parameters",
    [
        {"x": float("inf"), "y": -0.0, "z": 1e-300},
        {"big": 2**200, "small": -(2**63)},
        {"text": "zero \0 and half \ud800 and '; DROP TABLE runs; --"},
        {"": "", "nested": {"b": 1, "a": [[[]], {}]}},
    ],
)
def test_parameter_values_are_data(store: Store, parameters: dict[str, Any]) -> None:
    """Every JSON value comes back, whatever it holds, and is never taken for SQL."""
    run = store.add_run(a_run(parameters=parameters))
    assert parameters == store.run(run.id).parameters


def test_odd_text_comes_back(store: Store) -> None:
    """Texts that a database refuses (file names that are no UTF-8, NUL) come back as they were."""
    run = a_run(notebook_path="caf\udce9.ipynb", message="a\0b", user="\ufdd0", tags=("\0",), pipeline="'%s\" \\")
    store.add_run(run)
    assert run == store.run(run.id)
    assert [run.id] == [found.id for found in store.runs(notebook="caf\udce9.ipynb", tag="\0", user="\ufdd0")]


def test_a_run_survives_closing(store_url: str, tmp_path: Path) -> None:
    """What one store object kept, the next one of the same URL reads."""
    with open_store(store_url, tmp_path) as first:
        run = first.add_run(a_run())
    with open_store(store_url, tmp_path) as second:
        assert run == second.run(run.id)


def test_a_field_of_tomorrow_is_kept(store: Store, store_url: str) -> None:
    """A field that the model gains needs no migration: it is kept without a column, and read by whoever knows it."""

    @dataclass(frozen=True)
    class Tomorrow(Run):
        approved_by: str = ""

    store.add_run(Tomorrow(**{**vars(a_run()), "approved_by": "bob"}))
    assert a_run() == store.run("latest")
    assert "bob" == json.loads(str(_scalar(store_url, "SELECT more FROM runs")))["approved_by"]


def test_the_text_is_stored_once(store: Store, store_url: str) -> None:
    """Runs of one notebook share its text."""
    for number in range(3):
        store.add_run(a_run(f"run-{number}"))
    store.add_run(a_run("run-3", text=TEXT + " "))
    assert 2 == _scalar(store_url, "SELECT count(*) FROM notebooks")
    assert TEXT == store.run("run-2").notebook_text


def _scalar(url: str, query: str) -> Any:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(query)).scalar()
    engine.dispose()
    return found


def test_a_taken_id_is_refused(store: Store) -> None:
    """Adding a run whose id exists is an error, and the run there stays as it is."""
    store.add_run(a_run())
    with pytest.raises(StoreError, match="has a run '20261124-120000-abcdefg' already"):
        store.add_run(a_run(pipeline="other"))
    assert a_run() == store.run("latest")


def test_adding_the_same_again(store: Store) -> None:
    """The same run may be added again, as happens when the answer to the first time was lost."""
    store.add_run(a_run())
    store.add_run(a_run())
    assert [a_run()] == store.runs(with_text=True)


def test_update(store: Store) -> None:
    """An update changes all but the notebook."""
    store.add_run(a_run(state=State.RUNNING, ended_at=None))
    new = a_run(message="a step failed", state=State.FAILED, tags=("b",), parameters={})
    store.update_run(replace(new, notebook_text="", notebook_digest=""))
    assert new == store.run(new.id)


def test_update_of_nothing(store: Store) -> None:
    """Updating a run that is not there is an error."""
    with pytest.raises(StoreError, match="no run 'gone'"):
        store.update_run(a_run("gone"))


def test_who_runs_it_is_filled_in(store: Store) -> None:
    """A running run that names no process is run by this one."""
    process = this_process()
    run = store.add_run(a_run(state=State.RUNNING, pid=0, host="", machine="", process_started_at=0))
    assert (process.host, process.machine, process.pid) == (run.host, run.machine, run.pid)
    assert process.started_at == store.run(run.id).process_started_at > 0


def test_lists_are_newest_first_and_without_text(store: Store) -> None:
    """A list has the newest run first, tags in order, and the text only if asked for."""
    runs = [a_run(f"r{minutes}", minutes=minutes, tags=(f"t{minutes}", "t")) for minutes in (5, 1, 9)]
    for run in runs:
        store.add_run(run)
    expected = [runs[2], runs[0], runs[1]]
    assert [replace(run, notebook_text="") for run in expected] == store.runs()
    assert expected == store.runs(with_text=True)
    assert expected[:2] == store.runs(limit=2, with_text=True)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, "cba"),
        ({"pipeline": "sales"}, "b"),
        ({"notebook": "churn.ipynb"}, "ca"),
        ({"states": [State.FAILED, State.RUNNING]}, "c"),
        ({"user": "bob"}, "b"),
        ({"tag": "weekly"}, "cb"),
        ({"tag": ", "}, ""),
        ({"since": NOON + timedelta(minutes=1)}, "cb"),
        ({"until": NOON + timedelta(minutes=1)}, "a"),
        ({"tag": "weekly", "user": "ann", "limit": 1}, "c"),
    ],
)
def test_filters(store: Store, wanted: dict[str, Any], expected: str) -> None:
    """Each filter leaves out what does not fit; several narrow together."""
    store.add_run(a_run("a"))
    store.add_run(a_run("b", minutes=1, pipeline="sales", notebook_path="s.ipynb", user="bob", tags=("weekly",)))
    store.add_run(a_run("c", minutes=2, state=State.FAILED, tags=("x", "weekly")))
    assert list(expected) == [run.id for run in store.runs(**wanted)]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("20261124-120000-abcdefg", "20261124-120000-abcdefg"),
        ("20261124-1200", "20261124-120000-abcdefg"),
        ("abc", "20261124-120000-abcdefg"),
        ("ABC", "20261124-120000-abcdefg"),
        ("abd", "20261125-120000-abdefgh"),
        ("latest", "20261125-120000-abdefgh"),
        ("-1", "20261125-120000-abdefgh"),
        ("-2", "20261124-120000-abcdefg"),
    ],
)
def test_finding(store: Store, word: str, expected: str) -> None:
    """A run is found by its id, the beginning of the id or of its tail, or by counting back."""
    store.add_run(a_run())
    store.add_run(a_run("20261125-120000-abdefgh", minutes=1))
    assert expected == store.run(word).id


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("2026", "2 runs begin with '2026'.\n.*20261125-120000-abdefgh, 20261124-120000-abcdefg"),
        ("ab", "2 runs begin with 'ab'"),
        ("%", "There is no run '%'"),
        ("_", "There is no run '_'"),
        ("", "There is no run ''"),
        ("-3", "There is no run '-3': the store has fewer"),
        ("1200", "There is no run '1200'"),
    ],
)
def test_not_finding(store: Store, word: str, message: str) -> None:
    """What fits several runs or none is refused, the candidates named."""
    store.add_run(a_run())
    store.add_run(a_run("20261125-120000-abdefgh", minutes=1))
    with pytest.raises(SettingsError, match=message):
        store.run(word)


def test_not_finding_in_an_empty_store(store: Store) -> None:
    """The latest of no runs is not there, and which store was asked can be seen."""
    with pytest.raises(SettingsError, match="There is no run 'latest': the store holds none yet") as caught:
        store.run("latest")
    assert "nb2pipe config" in caught.value.hint


def test_ids_sort_by_time_and_differ() -> None:
    """Ids made later sort later, to a millisecond, and do not repeat."""
    times = [NOON + timedelta(milliseconds=number) for number in range(0, 3000, 2)]
    ids = [new_run_id(time) for time in times]
    assert sorted(ids) == ids
    assert 50 == len({new_run_id(NOON) for _ in range(50)})  # 25 random bits: one clash in 30,000 such tests
    assert "20261124-120000-" == ids[0][:16]
    assert 23 == len(ids[0])
