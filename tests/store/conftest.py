"""Stores to test with: each test that asks for ``store_url`` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nb2pipe.store import Store, open_store
from tests.store.copying import copy_new_store
from tests.store.server import Server, programs, running_server


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time it shows."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own."""
    folder = programs()
    if folder is None:
        pytest.skip("needs postgresql: its server is not installed (apt-get install postgresql)")
    with running_server(folder) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a store that does not exist yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    server: Server = request.getfixturevalue("postgresql")
    return server.new_store()


@pytest.fixture
def clock() -> Clock:
    """The clock of ``store``."""
    return Clock()


@pytest.fixture
def store(store_url: str, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """A new store. An SQLite file is a copy, since to make tables takes long; what tests that begins with its URL."""
    if store_url.startswith("sqlite"):
        copy_new_store(tmp_path / "store.db")
    with open_store(store_url, tmp_path, clock=clock) as opened:
        yield opened
