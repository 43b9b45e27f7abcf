"""Runs a page at a time, on SQLite and PostgreSQL; logs by parts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from nb2pipe.app.logs import read_part
from nb2pipe.app.pages import RunQuery, page_of_runs
from nb2pipe.errors import NotFoundError, StoreError
from nb2pipe.model import Run, State
from nb2pipe.store import open_store
from nb2pipe.store.schema import RUNS
from tests.app.samples import settings_in
from tests.scheduling.conftest import postgresql, store_url
from tests.store.values import NOON, a_run

__all__ = ["postgresql", "store_url"]


def test_pages(store_url: str, tmp_path: Path) -> None:
    """Pages hold every run once, also those of one moment, whatever begins meanwhile; filters narrow them."""
    settings = settings_in(tmp_path, store_url=store_url)
    with open_store(store_url, tmp_path) as store:
        for number in range(7):
            state = State.FAILED if number % 2 else State.SUCCEEDED
            store.add_run(a_run(f"20261124-12000{number}-aaaaaaa", minutes=number // 3, state=state))
        seen, before = [], None
        while True:
            page = page_of_runs(settings, RunQuery(), limit=2, before=before)
            seen += [run.id[14] for run in page.runs]
            before = page.next
            if before is None:
                break
            store.add_run(a_run(f"20261124-13000{len(seen)}-bbbbbbb", minutes=60))
        assert list("6543210") == seen
    failed = page_of_runs(settings, RunQuery(states=(State.FAILED,), until=NOON.replace(hour=12, minute=59)), limit=9)
    assert ["5", "3", "1"] == [run.id[14] for run in failed.runs]
    with pytest.raises(NotFoundError):
        page_of_runs(settings, RunQuery(), limit=1, before="nosuch")


@pytest.mark.parametrize(
    ("is_ascending", "expected"), [(True, "3152064"), (False, "2051364")], ids=["shortest first", "longest first"]
)
def test_by_duration(store_url: str, tmp_path: Path, is_ascending: bool, expected: str) -> None:
    """Pages in the order of the duration hold every run once; ties are newest first, runs under way last."""
    settings = settings_in(tmp_path, store_url=store_url)
    took_s = [400.5, 2.25, 400.5, 0.125, None, 2.5, None]
    with open_store(store_url, tmp_path) as store:
        for number, seconds in enumerate(took_s):
            start = NOON + timedelta(minutes=number)
            end = None if seconds is None else start + timedelta(seconds=seconds)
            state = State.RUNNING if seconds is None else State.SUCCEEDED
            store.add_run(a_run(f"20261124-12000{number}-aaaaaaa", state=state, started_at=start, ended_at=end))
    seen, before = "", None
    while True:
        query = RunQuery(sort="duration", is_ascending=is_ascending)
        page = page_of_runs(settings, query, limit=1, before=before)
        seen += "".join(run.id[14] for run in page.runs)
        before = page.next
        if before is None:
            break
    assert expected == seen


def test_of_a_notebook(store_url: str, tmp_path: Path) -> None:
    """A notebook's runs are found by its absolute path, those that were given a relative one included."""
    settings = settings_in(tmp_path, store_url=store_url)
    paths = ["/lab/a/n.ipynb", "a/n.ipynb", "n.ipynb", "/lab/b/n.ipynb", "b/n.ipynb", "an.ipynb"]
    with open_store(store_url, tmp_path) as store:
        for number, path in enumerate(paths):
            store.add_run(a_run(f"20261124-12000{number}-aaaaaaa", minutes=number, notebook_path=path))
    found = page_of_runs(settings, RunQuery(notebook="/lab/a/n.ipynb"), limit=9)
    assert ["n.ipynb", "a/n.ipynb", "/lab/a/n.ipynb"] == [run.notebook_path for run in found.runs]


def test_parts_of_a_log(tmp_path: Path) -> None:
    """A part never ends within a character while there may be more; bytes that are no text do not stop it."""
    log = tmp_path / "log"
    log.write_bytes("a€".encode()[:3])
    part = read_part(log, 0, 100, False)
    assert ("a", 1, 3, False) == (part.text, part.next_offset, part.size_bytes, part.is_whole)
    assert ("a\ufffd", 3, True) == ((part := read_part(log, 0, 100, True)).text, part.next_offset, part.is_whole)
    log.write_bytes(b"\x80\x80\x80\x80\x80ok\xff")
    assert "ok" in read_part(log, 0, 100, False).text
    assert 8 == read_part(log, 0, 100, True).next_offset
    with pytest.raises(NotFoundError):
        read_part(tmp_path / "nosuch", 0, 1, True)


def test_a_record_that_cannot_be_read(store_url: str, tmp_path: Path) -> None:
    """One run whose record no nb2pipe can read hides no other and no page, and says what is wrong with it."""
    settings = settings_in(tmp_path, store_url=store_url)
    with open_store(store_url, tmp_path) as store:
        for number in range(3):
            store.add_run(a_run(f"20261124-12000{number}-aaaaaaa", minutes=number))
        odd = update(RUNS).where(RUNS.c.id == "20261124-120001-aaaaaaa").values(state="dreaming")
        store._database.write(lambda connection: connection.execute(odd))
        seen: list[Run] = []
        before = None
        for _ in range(3):
            page = page_of_runs(settings, RunQuery(), limit=1, before=before)
            seen, before = [*seen, *page.runs], page.next
        assert (["2", "1", "0"], None) == ([run.id[14] for run in seen], before)
        assert ["dreaming" in run.message for run in seen] == [False, True, False]
        with pytest.raises(StoreError, match="dreaming"):
            store.run("20261124-120001-aaaaaaa")
