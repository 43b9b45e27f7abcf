"""Leases: a right that one process at a time has, and that passes on when it dies or falls silent."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, delete, select, text, update

from nb2pipe.store.columns import Utc, Words
from nb2pipe.store.database import Database
from nb2pipe.store.processes import Process, is_alive, this_process
from nb2pipe.store.schema import LEASES

SCHEDULER = "scheduler"
SILENCE_S = 10.0
"""Seconds without a sign of life after which the holder on another machine is taken to be gone."""
_ADD = text(
    "INSERT INTO leases (name, host, machine, pid, process_started_at, heartbeat_at)"
    " VALUES (:name, :host, :machine, :pid, :process_started_at, :heartbeat_at) ON CONFLICT (name) DO NOTHING"
).bindparams(bindparam("host", type_=Words), bindparam("machine", type_=Words), bindparam("heartbeat_at", type_=Utc))


class Lease:
    """One lease of the store. It does not make sure that its holder knows of its loss: what is done under it must be
    safe to be tried twice.

    Args:
        database: tables up to date.
        name: of the lease.
    """

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name

    def take(self) -> bool:
        """Take the lease, or keep it; to be called at least every 3 seconds by its holder.

        Returns:
            Whether this process has it now.

        Raises:
            StoreError: the database failed.
        """
        return self._database.write(self._take)

    def holder(self) -> Process | None:
        """The process that has the lease and lives; None if there is none.

        Raises:
            StoreError: the database failed.
        """
        return self._database.read(self._holder)

    def give_up(self) -> None:
        """Let another process have it at once; nothing happens if this one does not have it.

        Raises:
            StoreError: the database failed.
        """
        self._database.write(lambda c: c.execute(delete(LEASES).where(*self._held_by(this_process()))))

    def _take(self, connection: Connection) -> bool:
        me, now = this_process(), self._database.now(connection)
        mine = {
            "host": me.host,
            "machine": me.machine,
            "pid": me.pid,
            "process_started_at": me.started_at,
            "heartbeat_at": now,
        }
        if connection.execute(update(LEASES).where(*self._held_by(me)).values(heartbeat_at=now)).rowcount:
            return True
        if connection.execute(_ADD, {"name": self._name, **mine}).rowcount:
            return True
        connection.execute(select(LEASES).where(LEASES.c.name == self._name).with_for_update())
        if self._holder(connection) is not None:
            return False
        connection.execute(update(LEASES).where(LEASES.c.name == self._name).values(**mine))
        return True

    def _holder(self, connection: Connection) -> Process | None:
        row = connection.execute(select(LEASES).where(LEASES.c.name == self._name)).first()
        if row is None:
            return None
        holder = Process(row.host, row.machine, row.pid, row.process_started_at)
        if holder.machine == this_process().machine:
            return holder if is_alive(holder.pid, holder.started_at) else None
        silent = self._database.now(connection) - row.heartbeat_at
        return holder if abs(silent) <= timedelta(seconds=SILENCE_S) else None

    def _held_by(self, process: Process) -> tuple[ColumnElement[bool], ...]:
        return (
            LEASES.c.name == self._name,
            LEASES.c.machine == process.machine,
            LEASES.c.pid == process.pid,
            LEASES.c.process_started_at == process.started_at,
        )
