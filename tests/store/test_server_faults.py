"""A PostgreSQL server that refuses, breaks off or restarts."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from nb2pipe.errors import StoreError
from nb2pipe.model import State
from nb2pipe.store import open_store
from tests.store.server import USER, Server
from tests.store.values import a_run, a_step_run


def test_wrong_password(postgresql: Server, tmp_path: Path) -> None:
    """A refused password is told apart from a server that does not answer."""
    with pytest.raises(StoreError, match=r"refuses the connection .*password authentication failed") as caught:
        open_store(postgresql.url("postgres", password="not it"), tmp_path)
    assert "not it" not in str(caught.value)


def test_no_such_database(postgresql: Server, tmp_path: Path) -> None:
    """A database that is not there must be created by its owner."""
    with pytest.raises(StoreError, match=r'refuses the connection .*"nowhere" does not exist') as caught:
        open_store(postgresql.url("nowhere"), tmp_path)
    assert "createdb" in caught.value.hint


def test_without_rights(postgresql: Server, tmp_path: Path) -> None:
    """A user who may not make tables is told so."""
    name = postgresql.new_database()
    postgresql.execute("postgres", "DROP ROLE IF EXISTS guest")
    postgresql.execute("postgres", "CREATE ROLE guest LOGIN PASSWORD 'secret'")
    url = postgresql.url(name, password="secret").replace(f"//{USER}:", "//guest:")
    with pytest.raises(StoreError, match="does not give this user the rights needed"):
        open_store(url, tmp_path)


def test_a_broken_connection_is_made_anew(postgresql: Server, tmp_path: Path) -> None:
    """When the server ends our connection, the next thing recorded goes over a new one."""
    name = postgresql.new_database()
    with open_store(postgresql.url(name), tmp_path) as store:
        run = store.add_run(a_run())
        end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        assert [(True,)] == postgresql.execute("postgres", end)
        store.record(a_step_run(run.id))
        assert [a_step_run(run.id)] == store.step_runs(run.id)


def test_a_server_that_restarts(postgresql: Server, tmp_path: Path) -> None:
    """A run goes on recording over a restart of the server, and nothing recorded before is lost."""
    with open_store(postgresql.new_store(), tmp_path) as store:
        run = store.add_run(a_run(state=State.RUNNING))
        store.record(a_step_run(run.id, "load"))
        postgresql.stop()
        starting = threading.Thread(target=postgresql.start)
        starting.start()
        store.record(a_step_run(run.id, "fit"))
        store.update_run(replace(run, state=State.SUCCEEDED))
        starting.join()
        assert ["load", "fit"] == [step.step for step in store.step_runs(run.id)]
        assert State.SUCCEEDED == store.run(run.id).state
