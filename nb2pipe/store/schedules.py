"""Schedules and their due times in the store, one transaction a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from nb2pipe.model import Firing, Notify, Schedule, ScheduleEntry, Standing, State
from nb2pipe.store import claims, firings, followers, schedule_rows, triggers, watches
from nb2pipe.store.claims import Claim, ClaimedDue
from nb2pipe.store.database import Database
from nb2pipe.store.firings import Ending
from nb2pipe.store.triggers import NOTHING, First


class Schedules:
    """Keeps schedules, and which of their due times are taken. It neither knows when they are due nor runs anything.

    Every method raises StoreError when the database fails.

    Args:
        database: tables up to date.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, schedule: Schedule, next_due_at: datetime | None, first: First = NOTHING) -> None:
        """Keep a new schedule.

        Args:
            schedule: the schedule.
            next_due_at: what is waited for; None for nothing.
            first: what its triggers begin with.

        Raises:
            SettingsError: its name is taken.
        """

        def work(connection: Any) -> None:
            schedule_rows.add(connection, schedule, next_due_at)
            triggers.keep(connection, schedule, first)

        self._database.write(work)

    def replace(self, schedule: Schedule, next_due_at: datetime | None, first: First = NOTHING) -> None:
        """Keep what a schedule has become; a paused one stays paused.

        Raises:
            SettingsError: its new name is taken, or it would come after itself.
        """

        def work(connection: Any) -> None:
            schedule_rows.replace(connection, schedule, next_due_at)
            triggers.keep(connection, schedule, first)

        self._database.write(work)

    def set_standing(
        self, schedule_id: str, standing: Standing, reason: str = "", next_due_at: datetime | None = None
    ) -> None:
        """Let a schedule fire, or not, from now on; what comes next is waited for, not what was missed."""

        def work(connection: Any) -> None:
            schedule_rows.set_standing(connection, schedule_id, standing, reason, next_due_at)
            if standing is Standing.ACTIVE:
                watches.forget_seen(connection, schedule_id)

        self._database.write(work)

    def remove(self, schedule_id: str, *, is_forced: bool = False) -> None:
        """Forget a schedule and its due times; runs of it that wait are cancelled, those that go on stay.

        Args:
            schedule_id: the whole id.
            is_forced: whether schedules that come after it are let go of.

        Raises:
            SettingsError: schedules come after it.
        """

        def work(connection: Any) -> None:
            followers.let_go(connection, schedule_id, is_forced)
            schedule_rows.remove(connection, schedule_id, self._database.now(connection))

        self._database.write(work)

    def entries(self) -> list[ScheduleEntry]:
        """All schedules by name, without their notebooks' texts."""
        return self._database.read(schedule_rows.entries)

    def entry(self, word: str) -> ScheduleEntry:
        """The schedule that a person means by its name, its id or the beginning of either, with its notebook's text.

        Raises:
            SettingsError: none or several fit.
        """

        def work(connection: Any) -> ScheduleEntry:
            found = schedule_rows.find(connection, word)
            return schedule_rows.entries(connection, [found], with_text=True)[0]

        return self._database.read(work)

    def firings(self, schedule_id: str, limit: int) -> list[Firing]:
        """The latest due times of a schedule, newest first, their states as of now."""
        return self._database.read(lambda c: firings.of_schedule(c, schedule_id, limit))

    def latest_states(self) -> dict[str, State]:
        """The state of the latest due time of each schedule that had one."""
        return self._database.read(firings.latest_states)

    def next_due_at(self) -> datetime | None:
        """The earliest due time that any schedule waits for; None when none does."""
        return self._database.read(claims.next_due_at)

    def due(self, now: datetime, limit: int) -> list[tuple[ScheduleEntry, int]]:
        """Schedules whose due time has come, the longest due first, each with how many of its due times are open."""

        def work(connection: Any) -> list[tuple[ScheduleEntry, int]]:
            ids = claims.due_ids(connection, now, limit)
            counts = claims.open_counts(connection, ids) if ids else {}
            return [(entry, counts.get(entry.id, 0)) for entry in schedule_rows.entries(connection, ids)]

        return self._database.read(work)

    def claim(self, wanted: Sequence[Claim]) -> int:
        """Take due times, with a waiting run for each that runs: all of them, or none if this process dies.

        Returns:
            How many of the claims were not void because somebody else had taken theirs.
        """
        return self._database.write(lambda c: claims.claim(c, wanted, self._database.now(c)))

    def fire(self, schedule: Schedule, due: ClaimedDue) -> str:
        """Run a schedule besides its due times; the id of the waiting run."""

        def work(connection: Any) -> str:
            kept = claims.fire(connection, schedule, due, self._database.now(connection))
            return kept.run_id if kept else ""

        return self._database.write(work)

    def ready(self, now: datetime, limit: int) -> list[Firing]:
        """Due times whose runs may start now, in a fair order."""
        return self._database.read(lambda c: claims.ready(c, now, limit))

    def start(self, due: Sequence[Firing], late: Mapping[int, Sequence[Notify]] = MappingProxyType({})) -> list[int]:
        """Mark due times as started; the numbers of those that were still waiting. ``late`` says who is told that one
        begins late."""
        return self._database.write(lambda c: claims.start(c, due, late, self._database.now(c)))

    def going(self) -> int:
        """How many due times are started and have not ended."""
        return self._database.read(firings.going)

    def unbegun(self) -> list[Firing]:
        """Due times that a scheduler started and whose run no process has taken up."""
        return self._database.read(firings.unbegun)

    def ended(self, limit: int) -> list[tuple[Firing, int]]:
        """Due times whose run has ended without consequences so far, each with its schedule's failures in a row."""
        return self._database.read(lambda c: firings.ended(c, limit))

    def settle(
        self, ending: Ending, schedule: Schedule | None, targets: Callable[[], Sequence[Notify]] = tuple
    ) -> bool:
        """Draw the consequences of a run's end and put in what is told of it; False if somebody did already.
        ``targets`` says who is told, and is asked only where there is something to tell."""
        return self._database.write(lambda c: firings.settle(c, ending, schedule, self._database.now(c), targets))
