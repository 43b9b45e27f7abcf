"""Watching data on a stage: looks happen at once, and tests say how much time has passed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from nb2pipe.app.schedules.triggers import TriggerWords, first_seen
from nb2pipe.model import Cause, NoClock, OnChange, Schedule, WatchState
from nb2pipe.scheduling.data.place import Place
from nb2pipe.scheduling.data.seen import place_of
from nb2pipe.scheduling.data.watcher import Watcher
from nb2pipe.store import Store
from tests.scheduling.values import a_schedule
from tests.store.values import TEXT, a_run


class Watching:
    """A store, a watcher, and time that passes as tests say.

    Args:
        store: the store.
        place: where to look.
        spawn: how looks are done; None for at once.
    """

    def __init__(
        self,
        store: Store,
        place: Callable[[str, str], Place] = place_of,
        spawn: Callable[[Callable[[], None]], None] | None = None,
    ) -> None:
        self.store = store
        self.now = 0.0
        self.told: list[str] = []
        self._place = place
        self._spawn = spawn or (lambda work: work())
        self.restart()

    def restart(self) -> None:
        """Another watcher in the place of the one before, which knows nothing of it."""
        self.watcher = Watcher(
            self.store.triggers,
            monotonic=lambda: self.now,
            spawn=self._spawn,
            tell=self.told.append,
            place=self._place,
        )

    def add(
        self, *places: str, settle_s: float = 5.0, is_glanced: bool = True, name: str = "a", within: str = ""
    ) -> Schedule:
        """Keep a schedule that watches places, with or without the first glance that adding one takes."""
        schedule = replace(
            a_schedule(id=f"id-{name}", name=name),
            trigger=NoClock("UTC"),
            on_change=OnChange(places, settle_s, within=within),
            notebook_text=TEXT,
            notebook_digest=a_run().notebook_digest,
        )
        if is_glanced:
            self.store.schedules.add(schedule, None, first_seen(schedule, None, TriggerWords())[0])
        else:
            self.store.schedules.add(schedule, None)
        return schedule

    def after(self, seconds: float) -> float:
        """A round after so many seconds; how long it says to wait."""
        self.now += seconds
        return self.watcher.round()

    def rest(self) -> None:
        """Rounds until whatever has changed by now has come to rest and is noted."""
        for _ in range(3):
            self.after(10)

    def reasons(self, schedule: Schedule) -> list[str]:
        """What set off a schedule, oldest first."""
        found = self.store.schedules.firings(schedule.id, 50)[::-1]
        assert {Cause.CHANGE} >= {each.cause for each in found}
        return [each.reason for each in found]

    def states(self, schedule: Schedule) -> Mapping[str, WatchState]:
        """How its places stand."""
        (entry,) = self.store.triggers.filled([self.store.schedules.entry(schedule.id)])
        return {each.place: each for each in entry.watches}


def write(path: Path, text: str) -> str:
    """Write a file; its path as text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return str(path)
