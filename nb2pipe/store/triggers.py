"""What sets off schedules besides the clock, one transaction a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, select

from nb2pipe.model import Schedule, ScheduleEntry
from nb2pipe.store import calls, followers, guard, schedule_rows, watches
from nb2pipe.store.calls import Called
from nb2pipe.store.claims import ClaimedDue, Occasion
from nb2pipe.store.database import Database
from nb2pipe.store.schema import SCHEDULES
from nb2pipe.store.setting_off import set_off
from nb2pipe.store.watches import Look, Place, Watched


@dataclass(frozen=True)
class First:
    """What triggers begin with.

    Args:
        seen: place to what is there now, as JSON; a place that is not in it is looked at later.
        token_digest: digest of a new token; empty for the one before.
        faults: place to why it could not be looked at.
    """

    seen: Mapping[str, Any] = field(default_factory=dict)
    token_digest: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


NOTHING = First()


def keep(connection: Connection, schedule: Schedule, first: First) -> None:
    """Keep what sets off a schedule.

    Raises:
        SettingsError: it would come after itself.
    """
    watches.keep(connection, schedule, first.seen, first.faults)
    followers.keep(connection, schedule)
    calls.keep_token(connection, schedule, first.token_digest)


class Triggers:
    """Sets off schedules, and keeps what is needed to do so once. It looks at no data and listens to nobody.

    Every method raises StoreError when the database fails.

    Args:
        database: tables up to date.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def set_off(self, schedule: Schedule, occasion: Occasion) -> ClaimedDue | None:
        """Set off a schedule; the due time with its run, or why it is skipped; None where it does not fire."""
        return self._database.write(lambda c: set_off(c, schedule, occasion, self._database.now(c)))

    def watched(self) -> list[Watched]:
        """Schedules that watch data now."""
        return self._database.read(watches.watched)

    def places(self, schedule_id: str) -> list[Place]:
        """The places that a schedule watches."""
        return self._database.read(lambda c: watches.places(c, schedule_id))

    def note(self, schedule_id: str, looks: Sequence[Look], occasion: Occasion | None = None) -> bool:
        """Keep what was seen at places, and set off their schedule where there is an occasion, all or nothing.

        Returns:
            Whether it was kept: not, where somebody else has written since, or where the schedule does not fire.
        """

        def work(connection: Connection) -> bool:
            entries = schedule_rows.entries(connection, [schedule_id]) if occasion else []
            schedule = entries[0].schedule if entries else None
            if occasion is not None and schedule is None:
                return False
            return watches.note(connection, schedule, schedule_id, looks, occasion, self._database.now(connection))

        return self._database.write(work)

    def callable(self, name: str) -> tuple[str, str] | None:
        """Id and token digest of the schedule of exactly this name that may be called; None where there is none."""
        return self._database.read(lambda c: calls.find(c, name))

    def repeated(self, schedule_id: str, key: str, asked: Mapping[str, Any]) -> Called | None:
        """What an earlier call of the same key came to; None where there was none."""
        return self._database.read(lambda c: calls.repeated(c, schedule_id, key, asked))

    def call(self, schedule: Schedule, occasion: Occasion, key: str, asked: Mapping[str, Any]) -> Called:
        """Set off a schedule by a call, once for a key; empty for no key."""
        return self._database.write(lambda c: calls.call(c, schedule, occasion, key, asked, self._database.now(c)))

    def filled(self, entries: Sequence[ScheduleEntry], *, with_use: bool = False) -> list[ScheduleEntry]:
        """Entries with how their places stand, what they come after by name, and perhaps what they used today."""

        def work(connection: Connection) -> list[ScheduleEntry]:
            states = watches.states(connection, [entry.id for entry in entries if _watches(entry)])
            wanted = {each for entry in entries if entry.schedule for each in entry.schedule.after}
            query = select(SCHEDULES.c.id, SCHEDULES.c.name).where(SCHEDULES.c.id.in_(wanted))
            names = {row.id: row.name for row in connection.execute(query)} if wanted else {}
            now = self._database.now(connection)
            found = []
            for entry in entries:
                after = tuple(names.get(each, each) for each in entry.schedule.after) if entry.schedule else ()
                used = guard.used_today(connection, entry.schedule, now) if with_use and entry.schedule else None
                found.append(replace(entry, watches=states.get(entry.id, ()), after=after, used=used))
            return found

        return self._database.read(work)


def _watches(entry: ScheduleEntry) -> bool:
    return entry.schedule is not None and entry.schedule.on_change is not None
