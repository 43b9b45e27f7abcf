"""Notices that wait to be sent: taken by one process at a time, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, null, select, update

from nb2pipe.errors import SettingsError
from nb2pipe.model import Delivery, Notice
from nb2pipe.store.claims import read_rows
from nb2pipe.store.database import Database
from nb2pipe.store.outbox_schema import NOTICES
from nb2pipe.store.processes import is_alive, this_machine, this_process
from nb2pipe.store.rows import from_row
from nb2pipe.store.runs import UNREADABLE

_PENDING = NOTICES.c.state == Delivery.PENDING.value
_TURN = (NOTICES.c.next_at, NOTICES.c.created_at, NOTICES.c.id)
_SHOWN = 5


class Outbox:
    """Keeps notices until they are sent. Whoever sends one takes it first, for a time; when that is over, or the
    process is seen to be gone, another may take it: each is sent at least once, and by one process at a time.

    Every method raises StoreError when the database fails.

    Args:
        database: tables up to date.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def channels_due(self) -> list[str]:
        """Channels for which something is to be sent now; what a dead process of this machine had taken is free."""

        def work(connection: Connection) -> list[str]:
            now = self._database.now(connection)
            query = select(NOTICES.c.channel).where(_PENDING, NOTICES.c.next_at <= now).distinct()
            return sorted(connection.execute(query).scalars())

        self._free_dead()
        return self._database.read(work)

    def take(self, channel: str, lease_s: float, ids: Sequence[str] | None = None) -> Notice | None:
        """Take the next notice that is to be sent now by a channel; None where there is none.

        Args:
            channel: its name.
            lease_s: seconds after which others may take it too.
            ids: only these; None for any.
        """
        return self._database.write(lambda c: self._take(c, channel, lease_s, ids))

    def _take(self, connection: Connection, channel: str, lease_s: float, ids: Sequence[str] | None) -> Notice | None:
        now = self._database.now(connection)
        due = (_PENDING, NOTICES.c.next_at <= now)
        query = select(NOTICES.c.id).where(*due, NOTICES.c.channel == channel)
        if ids is not None:
            query = query.where(NOTICES.c.id.in_(ids))
        for notice_id in connection.execute(query.order_by(*_TURN)).scalars().all():
            taken = {
                "next_at": now + timedelta(seconds=lease_s),
                "attempts": NOTICES.c.attempts + 1,
                "claim": asdict(this_process()),
            }
            if not connection.execute(update(NOTICES).where(NOTICES.c.id == notice_id, *due).values(**taken)).rowcount:
                continue
            try:
                return _notice(connection.execute(select(NOTICES).where(NOTICES.c.id == notice_id)).mappings().one())
            except UNREADABLE as error:
                said = f"its record cannot be read ({type(error).__name__})"
                self._settle(connection, notice_id, Delivery.FAILED, said, now)
        return None

    def sent(self, notice: Notice, remark: str = "") -> None:
        """Note that a notice that this process took was sent."""
        self._end(notice, Delivery.SENT, remark)

    def give_up(self, notice: Notice, reason: str) -> None:
        """Note that a notice that this process took will not be tried any more."""
        self._end(notice, Delivery.FAILED, reason)

    def try_again(self, notice: Notice, reason: str, seconds: float) -> None:
        """Note that a notice that this process took was not sent, and is tried again after a while."""

        def work(connection: Connection) -> None:
            later = self._database.now(connection) + timedelta(seconds=seconds)
            same = (NOTICES.c.id == notice.id, _PENDING, NOTICES.c.attempts == notice.attempts)
            values = {"next_at": later, "claim": null(), "reason": reason}
            connection.execute(update(NOTICES).where(*same).values(**values))

        self._database.write(work)

    def hold_back(self, channel: str, seconds: float) -> None:
        """Send nothing by a channel for a while, because it asked for that."""

        def work(connection: Connection) -> None:
            later = self._database.now(connection) + timedelta(seconds=seconds)
            waiting = (_PENDING, NOTICES.c.channel == channel, NOTICES.c.claim.is_(None), NOTICES.c.next_at < later)
            connection.execute(update(NOTICES).where(*waiting).values(next_at=later))

        self._database.write(work)

    def of_run(self, run_id: str) -> list[Notice]:
        """Notices of a run that were not sent so far."""
        query = select(NOTICES).where(_PENDING, NOTICES.c.run_id == run_id).order_by(NOTICES.c.id)
        return self._database.read(lambda c: read_rows(c, query, NOTICES.c.id, _notice))

    def listed(self, states: Iterable[Delivery] = (), limit: int | None = None) -> list[Notice]:
        """Notices, newest first; those in some states, or all."""
        query = select(NOTICES).order_by(NOTICES.c.created_at.desc(), NOTICES.c.id.desc()).limit(limit)
        wanted = [state.value for state in states]
        if wanted:
            query = query.where(NOTICES.c.state.in_(wanted))
        return self._database.read(lambda c: read_rows(c, query, NOTICES.c.id, _notice))

    def find(self, word: str) -> Notice:
        """The notice that a person means by its number or the beginning of it.

        Raises:
            SettingsError: none or several fit.
        """
        begins = NOTICES.c.id.startswith(word.lower(), autoescape=True)
        query = select(NOTICES).where(begins).order_by(NOTICES.c.id).limit(_SHOWN + 1)
        found = self._database.read(lambda c: read_rows(c, query, NOTICES.c.id, _notice)) if word else []
        if len(found) == 1:
            return found[0]
        if not found:
            raise SettingsError(f"There is no notice {word!r}.", hint="nb2pipe notices lists them.")
        shown = ", ".join(notice.id for notice in found[:_SHOWN])
        raise SettingsError(f"Several notices begin with {word!r}.", hint=f"Type more of the one you mean: {shown}")

    def revive(self, ids: Sequence[str]) -> list[str]:
        """Let notices that were not sent be due now, as if they were new; those that nobody is just sending."""

        def work(connection: Connection) -> list[str]:
            now = self._database.now(connection)
            fresh = {"state": Delivery.PENDING.value, "next_at": now, "attempts": 0, "settled_at": null()}
            open_ = (NOTICES.c.state != Delivery.SENT.value, NOTICES.c.claim.is_(None))
            change = update(NOTICES).values(**fresh)
            return [each for each in ids if connection.execute(change.where(NOTICES.c.id == each, *open_)).rowcount]

        self._free_dead()
        return self._database.write(work)

    def _free_dead(self) -> None:
        """Free what processes had taken that are gone: on this machine at once, elsewhere when its time is over."""
        query = select(NOTICES.c.id, NOTICES.c.attempts, NOTICES.c.claim, NOTICES.c.next_at)
        query = query.where(_PENDING, NOTICES.c.claim.is_not(None))
        now, rows = self._database.read(lambda c: (self._database.now(c), c.execute(query).all()))
        dead = [(row.id, row.attempts) for row in rows if row.next_at <= now or not _may_live(row.claim)]

        def work(connection: Connection) -> None:
            for notice_id, attempts in dead:
                same = (NOTICES.c.id == notice_id, NOTICES.c.attempts == attempts, _PENDING)
                connection.execute(update(NOTICES).where(*same).values(claim=null(), next_at=now))

        if dead:
            self._database.write(work)

    def _end(self, notice: Notice, state: Delivery, reason: str) -> None:
        self._database.write(
            lambda c: self._settle(c, notice.id, state, reason, self._database.now(c), notice.attempts)
        )

    def _settle(
        self,
        connection: Connection,
        notice_id: str,
        state: Delivery,
        reason: str,
        now: datetime,
        attempts: int | None = None,
    ) -> None:
        same = [NOTICES.c.id == notice_id, _PENDING]
        if attempts is not None and state is not Delivery.SENT:
            same.append(NOTICES.c.attempts == attempts)
        ended = {"state": state.value, "reason": reason, "settled_at": now, "next_at": null(), "claim": null()}
        connection.execute(update(NOTICES).where(*same).values(**ended))


def _notice(row: Any) -> Notice:
    return from_row(Notice, row)


def _may_live(claim: Any) -> bool:
    """Whether a process that took a notice may be there still; of other machines nobody knows."""
    if not isinstance(claim, dict) or claim.get("machine") != this_machine():
        return True
    return is_alive(int(claim.get("pid", 0)), int(claim.get("started_at", 0)))
