"""The store: what nb2pipe keeps about runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection

from nb2pipe.model import Run, State, StepRun
from nb2pipe.store import life, run_filter, steps, telling
from nb2pipe.store import runs as run_rows
from nb2pipe.store.approvals import Approvals
from nb2pipe.store.database import Database
from nb2pipe.store.engine import make_engine, sqlite_path
from nb2pipe.store.faults import as_store_errors
from nb2pipe.store.files import make_folder
from nb2pipe.store.leases import SCHEDULER, Lease
from nb2pipe.store.migrate import prepare
from nb2pipe.store.outbox import Outbox
from nb2pipe.store.processes import with_process
from nb2pipe.store.retention import Retention
from nb2pipe.store.schedules import Schedules
from nb2pipe.store.triggers import Triggers

T = TypeVar("T")


class Store:
    """Keeps runs and their step runs, and answers questions about them.

    Every method is one transaction: it is kept whole or not at all, whatever dies. Processes share a store, threads
    share one of these. It knows nothing of how runs are executed, and removes nothing from the disk.

    ``approvals`` is what it keeps about approvals, ``schedules`` about schedules, ``triggers`` about what sets these
    off besides the clock, ``lease`` the right to see to them, ``outbox`` what people are to be told, ``retention`` what
    goes again.

    Args:
        database: tables up to date.
        home: folder under which runs have theirs.
    """

    def __init__(self, database: Database, home: Path) -> None:
        self._database = database
        self._recorded: dict[tuple[str, str, int], steps.Recorded] = {}
        self.approvals = Approvals(database)
        self.schedules = Schedules(database)
        self.triggers = Triggers(database)
        self.lease = Lease(database, SCHEDULER)
        self.outbox = Outbox(database)
        self.retention = Retention(database, home)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.engine.dispose()

    def add_run(self, run: Run) -> Run:
        """Keep a new run.

        Args:
            run: of a new id; a running one without a process is taken to be run by this process.

        Returns:
            The run as kept.

        Raises:
            StoreError: the id is taken, or the database failed.
        """
        kept = _with_process(run)
        self._database.write(lambda c: run_rows.add(c, kept, self._database.now(c)))
        return kept

    def update_run(self, run: Run) -> Run:
        """Keep what a run has become, and what is to be told of it; its notebook's text stays as it was added.

        Returns:
            The run as kept.

        Raises:
            StoreError: there is no such run, or the database failed.
        """
        kept = _with_process(run)

        def work(connection: Connection) -> None:
            now = self._database.now(connection)
            run_rows.change(connection, kept, now)
            telling.run_ended(connection, kept, now)

        self._database.write(work)
        return kept

    def begin_run(self, run: Run) -> Run | None:
        """Take up a waiting run in this process; of several processes that try, one succeeds.

        Args:
            run: as it goes on, of the waiting one's id.

        Returns:
            The run as kept; None if it does not wait any more.

        Raises:
            StoreError: the database failed.
        """
        kept = _with_process(run)
        begun = self._database.write(lambda c: run_rows.begin(c, kept, self._database.now(c)))
        return kept if begun else None

    def end_queued(self, run_id: str, state: State, message: str) -> bool:
        """End a waiting run that no process will take up.

        Returns:
            Whether it still waited.

        Raises:
            StoreError: the database failed.
        """
        return self._database.write(lambda c: run_rows.end_queued(c, run_id, state, message, self._database.now(c)))

    def record(self, step_run: StepRun) -> None:
        """Keep a step run in the place of its earlier value; each attempt is kept.

        Raises:
            StoreError: the run is not in the store, or the database failed.
        """
        place = (step_run.run_id, step_run.step, step_run.attempt)
        last = self._recorded.pop(place, None)

        def work(connection: Connection) -> steps.Recorded:
            recorded = steps.record(connection, step_run, last)
            life.follow_steps(connection, step_run.run_id)
            telling.step_waits(connection, step_run, self._database.now(connection))
            return recorded

        now = self._database.write(work)
        if not step_run.state.is_final:
            self._recorded[place] = now

    def runs(
        self,
        *,
        pipeline: str | None = None,
        notebook: str | None = None,
        states: Iterable[State] = (),
        user: str | None = None,
        tag: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        with_text: bool = False,
    ) -> list[Run]:
        """Runs that fit all that is given, newest first; see :meth:`runs_like` for more.

        Args:
            pipeline: pipeline name.
            notebook: notebook path as the run has it.
            states: any of these; empty for all.
            user: who started it.
            tag: one of its labels.
            since: created then or later; aware.
            until: created before then; aware.
            limit: at most so many; None for all.
            with_text: whether to read the notebooks' texts; else ``notebook_text`` is empty.

        Raises:
            StoreError: the database failed.
        """
        wanted = run_filter.RunFilter(pipeline, notebook, tuple(states), user, tag, since, until)
        return self._database.read(lambda c: run_rows.listed(c, wanted, limit, with_text))

    def runs_like(self, wanted: run_filter.RunFilter, limit: int) -> list[Run]:
        """Runs that fit a filter, newest first, without their notebooks' texts.

        Raises:
            StoreError: the database failed.
        """
        return self._database.read(lambda c: run_rows.listed(c, wanted, limit, False))

    def run(self, word: str) -> Run:
        """The run that a person means.

        Args:
            word: its id, the beginning of the id or of the tail behind its last dash, ``latest``, or ``-2`` for the
                last but one.

        Raises:
            SettingsError: no run or several runs fit.
            StoreError: the database failed.
        """
        return self._database.read(lambda c: run_rows.get(c, run_rows.find(c, word)))

    def step_runs(self, run_id: str, *, all_attempts: bool = False) -> list[StepRun]:
        """Step runs of a run, in the order in which its steps were first recorded.

        Args:
            run_id: the whole id.
            all_attempts: whether to give earlier attempts too, each before the later ones of its step.

        Raises:
            StoreError: the database failed.
        """
        return self._database.read(lambda c: steps.of_run(c, run_id, all_attempts))

    def metrics(self, run_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Metrics of runs: run id to name to value.

        Raises:
            StoreError: the database failed.
        """
        return self._database.read(lambda c: steps.metrics(c, run_ids))

    def ask(self, question: Callable[[Connection], T]) -> T:
        """The answer to a question of :mod:`nb2pipe.store.usage`, in one transaction that changes nothing.

        Raises:
            StoreError: the database failed.
        """
        return self._database.read(question)

    def heartbeat(self, *run_ids: str) -> None:
        """Note that the process of runs lives; to be called at least every 20 seconds.

        Raises:
            StoreError: the database failed.
        """
        self._database.write(lambda c: life.heartbeat(c, run_ids, self._database.now(c)))

    def request_cancel(self, run_id: str, user: str = "") -> bool:
        """Ask a run to stop.

        Args:
            run_id: of the run.
            user: who asks; the first who does is kept.

        Returns:
            Whether there was anything to stop: False for a run that has ended.

        Raises:
            StoreError: the database failed.
        """
        return self._database.write(lambda c: life.request_cancel(c, run_id, user, self._database.now(c)))

    def cancel_requested(self, run_id: str) -> bool:
        """Whether someone asked the run to stop.

        Raises:
            StoreError: the database failed.
        """
        return self._database.read(lambda c: life.cancel_requested(c, run_id))

    def cancelled_by(self, run_id: str) -> str:
        """Who asked the run to stop; empty where nobody did, or nobody knows."""
        return self._database.read(lambda c: life.cancelled_by(c, run_id))

    def mark_interrupted(self) -> list[Run]:
        """Mark runs whose process is gone, with their open steps and cells; call it before showing runs.

        Returns:
            The runs newly marked.

        Raises:
            StoreError: the database failed.
        """
        lost = self._database.read(lambda c: life.lost(c, self._database.now(c)))
        if not lost:
            return []

        def work(connection: Connection) -> list[Run | None]:
            now = self._database.now(connection)
            return [life.interrupt(connection, run_id, why, now) for run_id, why in lost.items()]

        return [run for run in self._database.write(work) if run is not None]


def open_database(url: str, home: Path, clock: Callable[[], datetime] | None = None) -> Store:
    """Open a store, its tables made or upgraded first if need be; see :func:`nb2pipe.store.open_store`."""
    engine = make_engine(url)
    path = sqlite_path(engine)
    if path is not None:
        make_folder(path)
    try:
        with as_store_errors(engine):
            prepare(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(Database(engine, clock), home)


def _with_process(run: Run) -> Run:
    return with_process(run) if run.state is State.RUNNING and not run.pid and not run.target else run
