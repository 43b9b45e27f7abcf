"""The scheduler: takes due times, starts runs within limits, and draws the consequences of their ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from nb2pipe.errors import Nb2pipeError, SettingsError
from nb2pipe.model import Firing, Notify, Schedule, ScheduleEntry, Standing, State
from nb2pipe.scheduling.codes import finding
from nb2pipe.scheduling.due import decide
from nb2pipe.scheduling.endings import ending_of
from nb2pipe.store.claims import Claim, ClaimedDue
from nb2pipe.store.store import Store

LONGEST_WAIT_S = 1.0
LEASE_EVERY_S = 3.0
LOOK_EVERY_S = 2.0
SOON_S = 5.0
LEAST_LATE_S = 1.0
"""Nothing that begins earlier than that after its time is told of as late."""
_PORTION = 100


class Launcher(Protocol):
    """Starts runs in processes of their own, and knows which of them have ended."""

    def prepare(self) -> None:
        """Have a process ready, since a run will be started soon."""

    def start(self, run_id: str) -> None:
        """Start the process of a waiting run."""

    def running(self) -> frozenset[str]:
        """Runs whose process it started and that has not ended."""

    def ended(self) -> Mapping[str, str]:
        """Runs whose process has ended since the last question, each with what it said at the end."""


class Scheduler:
    """Does what is to be done now, a round at a time. It keeps nothing that the store does not have: whenever it dies,
    the next one goes on from there. It does not wait, and runs nothing itself.

    Args:
        store: schedules, due times and runs.
        launcher: starts runs.
        clock: aware time.
        monotonic: seconds that never go back.
        at_once: runs at once on this machine.
        tell: gets a line for each thing worth knowing.
        notify: who is told of a schedule's runs; it gets None where the store's record cannot be read, and raises
            nothing.
    """

    def __init__(
        self,
        store: Store,
        launcher: Launcher,
        *,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        at_once: int,
        tell: Callable[[str], None] = lambda line: None,
        notify: Callable[[Schedule | None], Sequence[Notify]] = lambda schedule: (schedule and schedule.notify) or (),
    ) -> None:
        self._store = store
        self._launcher = launcher
        self._clock = clock
        self._monotonic = monotonic
        self._at_once = at_once
        self._tell = tell
        self._notify = notify
        self._leads = False
        self._lease_at = self._look_at = -1e9

    @property
    def leads(self) -> bool:
        """Whether this is the process that sees to schedules."""
        return self._leads

    def round(self) -> float:
        """Do everything that is to be done now.

        Returns:
            Seconds until the next round, at most; sooner when a run's process ends.

        Raises:
            StoreError: the database failed; the next round goes on from where this one came to.
        """
        self._keep_lease()
        if not self._leads:
            return LONGEST_WAIT_S
        self._look_after_processes()
        self._take_due()
        self._settle()
        self._start_ready()
        return self._wait_s()

    def _keep_lease(self) -> None:
        if self._monotonic() - self._lease_at < (LEASE_EVERY_S if self._leads else LONGEST_WAIT_S):
            return
        before, self._leads = self._leads, self._store.lease.take()
        self._lease_at = self._monotonic()
        if self._leads != before:
            self._tell("sees to schedules" if self._leads else "another scheduler has taken over")

    def _look_after_processes(self) -> None:
        """Runs whose process died are ended in the store, and those that nobody took up are started again."""
        ended = self._launcher.ended()
        for run_id, said in ended.items():
            if self._store.end_queued(run_id, State.FAILED, f"Its process ended before the run began. {said}".strip()):
                self._tell(f"run {run_id}: its process ended before the run began")
        if not ended and self._monotonic() - self._look_at < LOOK_EVERY_S:
            return
        self._look_at = self._monotonic()
        for run in self._store.mark_interrupted():
            self._tell(f"run {run.id}: interrupted")
        running = self._launcher.running()
        for firing in self._store.schedules.unbegun():
            if firing.run_id not in running:
                self._launcher.start(firing.run_id)

    def _take_due(self) -> None:
        now = self._clock()
        while True:
            found = self._store.schedules.due(now, _PORTION)
            wanted = [claim for entry, count in found if (claim := self._claim_of(entry, count, now)) is not None]
            if wanted:
                self._store.schedules.claim(wanted)
            if len(found) < _PORTION:
                return

    def _claim_of(self, entry: ScheduleEntry, open_count: int, now: datetime) -> Claim | None:
        """The claim of a schedule that is due; None for one that cannot be understood, which is put aside."""
        schedule, first = entry.schedule, entry.next_due_at
        if schedule is None or first is None or entry.standing is not Standing.ACTIVE:
            self._put_aside(entry, entry.reason)
            return None
        try:
            decision = decide(schedule, first, now, open_count)
        except SettingsError as error:
            self._put_aside(entry, error.message)
            return None
        except Exception as error:  # whatever a record can hold: one schedule must not stop the others
            self._put_aside(entry, f"{type(error).__name__}: {error}")
            return None
        self._tell_due(schedule, [due.skipped for due in decision.due])
        return Claim(
            schedule,
            first,
            [ClaimedDue(due.at, due.ready_at, due.skipped) for due in decision.due],
            decision.next_due_at,
        )

    def _put_aside(self, entry: ScheduleEntry, what: str) -> None:
        if entry.standing in (Standing.PAUSED, Standing.ENDED):  # a record that contradicts itself: it fires no more
            self._store.schedules.set_standing(entry.id, entry.standing, entry.reason)
            return
        found = finding("N2P806", name=entry.name, what=what)
        self._store.schedules.set_standing(entry.id, Standing.FAULTY, found.message)
        self._tell(f"{found.code} {found.message}")

    def _tell_due(self, schedule: Schedule, skipped: list[str]) -> None:
        for why in skipped:
            self._tell(f"{schedule.name}: skipped, {why}" if why else f"{schedule.name}: due")

    def _settle(self) -> None:
        while True:
            found = self._store.schedules.ended(_PORTION)
            for firing, failures in found:
                self._settle_one(firing, failures)
            if len(found) < _PORTION:
                return

    def _settle_one(self, firing: Firing, failures: int) -> None:
        entry = self._store.schedules.entry(firing.schedule_id)
        try:
            ending = ending_of(firing, entry.schedule, failures, self._clock())
        except Exception as error:  # whatever a record can hold: what it says of a next attempt cannot be known
            self._tell(f"{entry.name}: {type(error).__name__}: {error}")
            ending = ending_of(firing, None, failures, self._clock())
        if self._store.schedules.settle(ending, entry.schedule, lambda: self._notify(entry.schedule)):
            again = f", again at {ending.retry_at:%H:%M:%S} UTC" if ending.retry_at else ""
            self._tell(f"{entry.name}: run {firing.run_id} {ending.firing.state.value}{again}")
            if ending.pause_reason:
                self._tell(f"{entry.name}: {ending.pause_reason}")

    def _start_ready(self) -> None:
        free = self._at_once - self._store.schedules.going()
        if free <= 0:
            return
        ready = {firing.key: firing for firing in self._store.schedules.ready(self._clock(), free)}
        for key in self._store.schedules.start(list(ready.values()), self._late(ready.values())) if ready else ():
            self._start(ready[key])

    def _late(self, ready: Iterable[Firing]) -> dict[int, Sequence[Notify]]:
        """Who is told of due times that begin later than they should."""
        found: dict[int, Sequence[Notify]] = {}
        for firing in ready:
            late_s = (self._clock() - firing.ready_at).total_seconds()
            if firing.attempt > 1 or late_s < LEAST_LATE_S:
                continue
            schedule = self._store.schedules.entry(firing.schedule_id).schedule
            if schedule is not None and late_s > schedule.policy.late_after_s:
                found[firing.key] = self._notify(schedule)
        return found

    def _start(self, firing: Firing) -> None:
        try:
            self._launcher.start(firing.run_id)
        except (OSError, Nb2pipeError) as error:  # no process to be had now: it is tried again, since nobody took it up
            self._tell(f"run {firing.run_id} could not be started yet: {error}")

    def _wait_s(self) -> float:
        due = self._store.schedules.next_due_at()
        if due is None:
            return LONGEST_WAIT_S
        seconds = (due - self._clock()).total_seconds()
        if seconds < SOON_S:
            self._launcher.prepare()
        return min(max(seconds, 0.0), LONGEST_WAIT_S)
