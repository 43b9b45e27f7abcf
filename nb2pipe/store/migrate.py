"""Bringing a store's tables to the form that this nb2pipe knows: made new, upgraded, or refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from nb2pipe.errors import StoreError
from nb2pipe.store.engine import sqlite_path, writer
from nb2pipe.store.faults import place
from nb2pipe.store.files import back_up, only_one, use_write_ahead_log
from nb2pipe.store.tables import TABLES

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).with_name("migrations")
HEAD = "0009"
"""The newest revision in ``migrations/versions``; known here so that opening a store needs no Alembic."""
VERSION_TABLE = "nb2pipe_schema"
_LOCK = 0x6E623270  # any number that all nb2pipe share, for PostgreSQL's advisory lock


def prepare(engine: Engine, *, head: str = HEAD, migrations: Path = MIGRATIONS) -> None:
    """Make or upgrade the tables if need be; a store that is up to date costs one query.

    Args:
        engine: the store's engine.
        head: the revision wanted.
        migrations: Alembic's script folder.

    Raises:
        StoreError: the store is newer than this nb2pipe, or not a store of ours.
        DBAPIError: what else the database refuses.
    """
    if _quick_revision(engine) == head:
        return
    path = sqlite_path(engine)
    if path is None:
        _migrate(engine, head, migrations)
        return
    with only_one(path.parent):
        with engine.connect() as connection:
            _refuse_foreign_tables(engine, connection)
        use_write_ahead_log(path)
        _migrate(engine, head, migrations)


def _quick_revision(engine: Engine) -> str | None:
    """Revision of the store; None when it has none yet."""
    try:
        with engine.connect() as connection:
            return _read_revision(connection)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == "42P01" or "no such table" in str(error.orig):
            return None
        raise


def _read_revision(connection: Connection) -> str | None:
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 a constant
    return None if found is None else str(found)


def _refuse_foreign_tables(engine: Engine, connection: Connection) -> None:
    """An SQLite file of another program is not ours to add to; on a server only our tables' names must be free."""
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE in tables:
        return
    others = tables if sqlite_path(engine) else tables & set(TABLES.tables)
    if others:
        raise StoreError(
            f"The database {place(engine)} is not a store of nb2pipe: it holds {', '.join(sorted(others)[:5])}.",
            hint="Name another one by the setting store_url (NB2PIPE_STORE_URL). nb2pipe left it as it is.",
        )


def _migrate(engine: Engine, head: str, migrations: Path) -> None:
    """All migrations and their record in one transaction; whoever comes second finds nothing left to do."""
    with writer(engine).connect() as connection:
        if sqlite_path(engine):
            connection.detach()  # closed afterwards, since it does not hold foreign keys
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            _wait_for_others(connection)
            revision = _read_revision(connection) if inspect(connection).has_table(VERSION_TABLE) else None
            if revision == head:
                return
            if revision is None:
                _refuse_foreign_tables(engine, connection)
            _upgrade(engine, connection, revision, head, migrations)


def _wait_for_others(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _upgrade(engine: Engine, connection: Connection, revision: str | None, head: str, migrations: Path) -> None:
    from alembic import command

    path = sqlite_path(engine)
    config = _config(connection, migrations)
    if revision is not None:
        _refuse_newer(engine, config, revision, head)
        if path is not None:
            back_up(path, revision)
    command.upgrade(config, head)
    if path is not None and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreError(
            f"The store {path} could not be upgraded: its rows do not fit together.",
            hint="Nothing was changed. Move the file away to begin a new store, and please report it.",
        )


def _config(connection: Connection, migrations: Path) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _refuse_newer(engine: Engine, config: Config, revision: str, head: str) -> None:
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision not in known:
        raise StoreError(
            f"The store {place(engine)} was made by a newer nb2pipe: its tables are of revision {revision!r},"
            f" this one knows them up to {head!r}.",
            hint="Upgrade nb2pipe (pip install -U nb2pipe), or name another store by the setting store_url.",
        )
