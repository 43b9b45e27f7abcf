"""Transactions on a store's database, with its errors turned into ours."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from nb2pipe.store.engine import writer
from nb2pipe.store.faults import as_store_errors, is_unreachable

T = TypeVar("T")
_PATIENCE_S = 20.0
_FIRST_PAUSE_S = 0.1


class Database:
    """Runs pieces of work in a transaction each; threads may share it.

    Args:
        engine: the store's engine, its tables up to date.
        clock: aware time for the store's own records; None for the database's, which all hosts of a team share.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime] | None = None) -> None:
        self.engine = engine
        self._writer = writer(engine)
        self._clock = clock

    def read(self, work: Callable[[Connection], T]) -> T:
        """The work's result, on one consistent state of the store.

        Raises:
            StoreError: the database failed.
        """
        return self._run(self.engine, work)

    def write(self, work: Callable[[Connection], T]) -> T:
        """The work's result, once all that it wrote is kept; nothing of it is if it raises.

        Raises:
            StoreError: the database failed.
        """
        return self._run(self._writer, work)

    def now(self, connection: Connection) -> datetime:
        """The time, in UTC."""
        if self._clock is not None:
            return self._clock()
        if connection.dialect.name == "postgresql":
            there: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
            return there.astimezone(UTC)
        return datetime.now(UTC)

    def _run(self, engine: Engine, work: Callable[[Connection], T]) -> T:
        with as_store_errors(engine):
            try:
                return _once(engine, work)
            except DBAPIError as error:
                if not is_unreachable(error):
                    raise
                return _again(engine, work)


def _once(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def _again(engine: Engine, work: Callable[[Connection], T]) -> T:
    """The work after a connection broke, as when a server restarts: tried anew for a while."""
    deadline = time.monotonic() + _PATIENCE_S
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            return _once(engine, work)
        except DBAPIError as error:
            if not is_unreachable(error) or time.monotonic() > deadline:
                raise
        time.sleep(pause_s)
        pause_s *= 2
