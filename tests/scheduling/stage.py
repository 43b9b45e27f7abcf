"""A scheduler on a stage: a clock that tests set, and runs that do what tests say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from nb2pipe.model import Firing, Schedule, State
from nb2pipe.scheduling.scheduler import Scheduler
from nb2pipe.scheduling.times import next_due
from nb2pipe.store import Store
from tests.store.conftest import Clock
from tests.store.values import TEXT, a_run


class Launcher:
    """Notes what is started; tests say how runs go."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.started: list[str] = []
        self.alive: set[str] = set()
        self.dead: dict[str, str] = {}

    def prepare(self) -> None:
        """Nothing to do here."""

    def start(self, run_id: str) -> None:
        """Note it."""
        self.started.append(run_id)
        self.alive.add(run_id)

    def running(self) -> frozenset[str]:
        """Those that no test has ended."""
        return frozenset(self.alive)

    def ended(self) -> Mapping[str, str]:
        """Those that a test has ended."""
        dead, self.dead = self.dead, {}
        return dead

    def end(self, run_id: str, state: State) -> None:
        """Let a run begin and end."""
        run = self._store.run(run_id)
        kept = self._store.begin_run(replace(run, state=State.RUNNING, notebook_text=TEXT))
        assert kept is not None
        self._store.update_run(replace(kept, state=state))
        self.die(run_id, "")

    def die(self, run_id: str, said: str) -> None:
        """Let a process end."""
        self.alive.discard(run_id)
        self.dead[run_id] = said


class Stage:
    """A store with schedules, a scheduler and a clock."""

    def __init__(self, store: Store, clock: Clock, at_once: int = 4) -> None:
        self.store = store
        self.clock = clock
        self.told: list[str] = []
        self.at_once = at_once
        self.restart()

    def restart(self) -> None:
        """Another scheduler in the place of the one before, which knows nothing of it."""
        self.launcher = Launcher(self.store)
        self.scheduler = Scheduler(
            self.store,
            self.launcher,
            clock=self.clock,
            monotonic=lambda: self.clock.now.timestamp(),
            at_once=self.at_once,
            tell=self.told.append,
        )

    def add(self, schedule: Schedule) -> Schedule:
        """Keep a schedule, due as the clock says."""
        whole = replace(schedule, notebook_text=TEXT, notebook_digest=a_run().notebook_digest)
        self.store.schedules.add(whole, next_due(whole, self.clock.now))
        return whole

    def at(self, moment: datetime) -> float:
        """A round at a moment."""
        self.clock.now = moment
        return self.scheduler.round()

    def firings(self, schedule: Schedule) -> list[Firing]:
        """Its due times, oldest first."""
        return self.store.schedules.firings(schedule.id, 5000)[::-1]
