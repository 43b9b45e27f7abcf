"""Tables made, upgraded, refused."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, insert, inspect, text

from nb2pipe.errors import StoreError
from nb2pipe.model import Run
from nb2pipe.store import open_store
from nb2pipe.store.engine import make_engine, sqlite_path
from nb2pipe.store.faults import as_store_errors
from nb2pipe.store.migrate import HEAD, MIGRATIONS, VERSION_TABLE, prepare
from nb2pipe.store.rows import to_row
from nb2pipe.store.runs import keep_notebook
from nb2pipe.store.schema import RUN_TAGS, RUNS
from nb2pipe.store.tables import TABLES
from tests.store.later import later
from tests.store.values import NOON, a_run, a_step_run


@pytest.fixture
def tomorrow(tmp_path: Path) -> Path:
    """The migrations of a later nb2pipe: one more, which remakes a table that others refer to."""
    return later(tmp_path)


def _scalar(engine: Engine, query: str) -> object:
    with engine.connect() as connection:
        return connection.execute(text(query)).scalar()


def test_the_migrations_make_the_tables_of_the_schema(store_url: str) -> None:
    """The migrations together give exactly the tables, columns, keys and indexes that the code declares."""
    engine = make_engine(store_url)
    prepare(engine)
    with engine.connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), TABLES)
        keys = {name: inspect(connection).get_foreign_keys(name) for name in TABLES.tables}
    engine.dispose()
    assert [] == differences
    cascades = {name: [key["options"].get("ondelete", "") for key in found] for name, found in keys.items()}
    expected = {name: [key.ondelete or "" for key in table.foreign_keys] for name, table in TABLES.tables.items()}
    assert expected == cascades


def test_the_head_is_the_newest_migration() -> None:
    """The revision that the code takes for the newest is the newest."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert HEAD == ScriptDirectory.from_config(config).get_current_head()


def test_sqlite_is_in_wal_mode(tmp_path: Path) -> None:
    """A new SQLite store is in WAL mode, so that readers and a writer do not wait for each other."""
    open_store(None, tmp_path / "home").close()
    with closing(sqlite3.connect(tmp_path / "home" / "store.db")) as connection:
        assert ("wal",) == connection.execute("PRAGMA journal_mode").fetchone()


def test_an_older_store_is_upgraded(store_url: str, tmp_path: Path, tomorrow: Path) -> None:
    """Runs survive an upgrade, the rows that hang on a remade table too, and a whole copy of the old file is kept."""
    with open_store(store_url, tmp_path) as store:
        store.add_run(a_run())
        store.record(a_step_run(a_run().id))
    engine = make_engine(store_url)
    prepare(engine, head="tomorrow", migrations=tomorrow)
    assert "bob" == _scalar(engine, "SELECT approved_by FROM runs")
    assert 3 == _scalar(engine, "SELECT count(*) FROM cell_runs")
    assert "tomorrow" == _scalar(engine, f"SELECT version_num FROM {VERSION_TABLE}")
    engine.dispose()
    backup = tmp_path / f"store.db.{HEAD}.backup"
    assert (sqlite_path(engine) is not None) == backup.exists()
    if backup.exists():
        with open_store(f"sqlite:///{backup}", tmp_path) as store:
            assert a_run() == store.run("latest")
            assert [a_step_run(a_run().id)] == store.step_runs(a_run().id)


def test_a_store_without_schedules_is_upgraded(store_url: str, tmp_path: Path) -> None:
    """A store of the time before there were schedules gets their tables, and keeps its runs."""
    engine = make_engine(store_url)
    prepare(engine, head="0001")
    with engine.begin() as connection:
        _add_as_then(connection, a_run())
    engine.dispose()
    with open_store(store_url, tmp_path) as store:
        assert (a_run(), [], None) == (store.run("latest"), store.schedules.entries(), store.lease.holder())


def test_a_newer_store_is_refused(store_url: str, tmp_path: Path, tomorrow: Path) -> None:
    """A store that a later nb2pipe upgraded is refused, and left as it is."""
    engine = make_engine(store_url)
    prepare(engine, head="tomorrow", migrations=tomorrow)
    with pytest.raises(StoreError, match=r"was made by a newer nb2pipe.*'tomorrow'.*\n.*pip install -U nb2pipe"):
        open_store(store_url, tmp_path)
    assert "tomorrow" == _scalar(engine, f"SELECT version_num FROM {VERSION_TABLE}")
    engine.dispose()


def test_a_failing_upgrade_changes_nothing(store_url: str, tmp_path: Path) -> None:
    """A migration that fails half-way is undone, record and all, and the old nb2pipe still opens the store."""
    with open_store(store_url, tmp_path) as store:
        store.add_run(a_run())
    engine = make_engine(store_url)
    folder = later(tmp_path, 'op.execute("INSERT INTO no_such_table VALUES (1)")')
    with pytest.raises(StoreError), as_store_errors(engine):
        prepare(engine, head="tomorrow", migrations=folder)
    engine.dispose()
    with open_store(store_url, tmp_path) as store:
        assert a_run() == store.run("latest")


def test_each_upgrade_has_its_backup(tmp_path: Path) -> None:
    """A backup never takes the place of an earlier one."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    open_store(url, tmp_path).close()
    engine = make_engine(url)
    folder = later(tmp_path, 'raise RuntimeError("half-way")')
    for _ in range(2):
        with pytest.raises(RuntimeError, match="half-way"):
            prepare(engine, head="tomorrow", migrations=folder)
    engine.dispose()
    expected = [f"store.db.{HEAD}.2.backup", f"store.db.{HEAD}.backup"]
    assert expected == sorted(path.name for path in tmp_path.glob("*.backup"))


def test_rows_that_do_not_fit_stop_an_upgrade(tmp_path: Path) -> None:
    """On SQLite a migration that leaves rows pointing nowhere is undone."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with open_store(url, tmp_path) as store:
        store.add_run(a_run())
    engine = make_engine(url)
    with pytest.raises(StoreError, match="do not fit together"):
        prepare(engine, head="tomorrow", migrations=later(tmp_path, 'op.execute("DELETE FROM notebooks")'))
    assert 1 == _scalar(engine, "SELECT count(*) FROM notebooks")
    engine.dispose()


def test_the_database_of_another_program_is_refused(store_url: str, tmp_path: Path) -> None:
    """A database whose tables are not ours is left as it is."""
    engine = make_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE runs (id INTEGER)"))
    with pytest.raises(StoreError, match="is not a store of nb2pipe: it holds runs"):
        open_store(store_url, tmp_path)
    with engine.connect() as connection:
        assert ["runs"] == inspect(connection).get_table_names()
    engine.dispose()


def test_opening_loads_little(tmp_path: Path) -> None:
    """Opening a store that is up to date, and writing to it, loads neither Alembic nor SQLAlchemy's ORM."""
    open_store(None, tmp_path).close()
    code = (
        "import sys; from pathlib import Path; from nb2pipe.store import open_store\n"
        "before = 'sqlalchemy' in sys.modules\n"
        "with open_store(None, Path(sys.argv[1])) as store: store.heartbeat('x')\n"
        "print(before, *[name in sys.modules for name in ('sqlalchemy', 'sqlalchemy.orm', 'alembic', 'psycopg')])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert "False True False False False" == done.stdout.strip()


def _add_as_then(connection: Connection, run: Run) -> None:
    """Add a run with the columns that there are, as the nb2pipe of that time did."""
    keep_notebook(connection, run.notebook_digest, run.notebook_text)
    there = {column["name"] for column in inspect(connection).get_columns("runs")}
    row = {**to_row(run, RUNS, leave_out=("notebook_text", "tags")), "heartbeat_at": NOON}
    connection.execute(insert(RUNS).values({name: value for name, value in row.items() if name in there}))
    connection.execute(insert(RUN_TAGS), [_tag(run, number) for number in range(len(run.tags))])


def _tag(run: Run, position: int) -> dict[str, object]:
    return {"run_id": run.id, "position": position, "tag": run.tags[position]}
