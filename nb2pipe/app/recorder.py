"""Writing a run into the store while its steps go on, on a thread of its own."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from functools import partial

from nb2pipe.app.approvals.asking import PeopleAsked
from nb2pipe.app.cancel import Cancel
from nb2pipe.errors import Nb2pipeError, RefusedError
from nb2pipe.model import Run, State, StepRun
from nb2pipe.store.store import Store

POLL_S = 0.5
HEARTBEAT_S = 5.0


class Recorder:
    """Owns what the store learns about one run: step runs, heartbeats, whether somebody asked to cancel it,
    and what people decided about its steps.

    The store may fail in the middle (a full disk): the run goes on, and ``problem`` says what was not recorded.
    It does not decide how a run ended.

    Args:
        store: where it is recorded.
        run: its record at the beginning.
        cancel: told when somebody asks for it.
        people: told what was decided about steps that wait for an approval.
        is_queued: whether the store has the run already, as one that waits.
        on_waiting: called with run and store when a step that waits for an approval was recorded.

    Raises:
        RefusedError: the run does not wait any more.
        StoreError: the database failed.
    """

    def __init__(
        self,
        store: Store,
        run: Run,
        cancel: Cancel,
        people: PeopleAsked | None = None,
        *,
        is_queued: bool = False,
        on_waiting: Callable[[Run, Store], None] = lambda run, store: None,
    ) -> None:
        self.problem = ""
        self._store = store
        self._run_id = run.id
        self._cancel = cancel
        self._people = people or PeopleAsked()
        self._on_waiting = partial(on_waiting, run, store)
        self._waiting: dict[str, StepRun] = {}
        self._queue: queue.SimpleQueue[StepRun | None] = queue.SimpleQueue()
        self._beat_at = time.monotonic()
        if not is_queued:
            store.add_run(run)
        elif store.begin_run(run) is None:
            raise RefusedError(f"Run {run.id} does not wait any more: it was cancelled, or another process has it.")
        self._thread = threading.Thread(target=self._work, name=f"nb2pipe recorder {run.id}", daemon=True)
        self._thread.start()

    def record(self, step_run: StepRun) -> None:
        """Have a step run recorded soon."""
        self._queue.put(step_run)

    def finish(self, run: Run) -> None:
        """Record everything that is left, and how the run ended."""
        self._queue.put(None)
        self._thread.join()
        self._try(lambda: self._store.update_run(run))

    def _work(self) -> None:
        going = True
        while going:
            latest, going = self._next()
            for step_run in latest:
                self._keep(step_run)
            self._look()

    def _next(self) -> tuple[list[StepRun], bool]:
        """What came in, the newest value of each attempt of a step only, and whether there will be more."""
        latest: dict[tuple[str, int], StepRun] = {}
        try:
            item = self._queue.get(timeout=POLL_S)
            while item is not None:
                latest[item.step, item.attempt] = item
                item = self._queue.get_nowait()
        except queue.Empty:
            return list(latest.values()), True
        return list(latest.values()), False

    def _keep(self, step_run: StepRun) -> None:
        self._waiting.pop(step_run.step, None)
        if step_run.state is State.WAITING:
            self._waiting[step_run.step] = step_run
        self._try(partial(self._store.record, step_run))
        if step_run.state is State.WAITING:
            self._on_waiting()

    def _look(self) -> None:
        if time.monotonic() - self._beat_at >= HEARTBEAT_S:
            self._beat_at = time.monotonic()
            self._try(lambda: self._store.heartbeat(self._run_id))
        if not self._cancel.is_requested():
            self._try(self._ask)
        if self._waiting:
            self._try(partial(self._people.look, self._store, tuple(self._waiting.values())))

    def _ask(self) -> None:
        if self._store.cancel_requested(self._run_id):
            self._cancel.request(f"cancelled by {self._store.cancelled_by(self._run_id) or 'nb2pipe cancel'}")

    def _try(self, action: Callable[[], object]) -> None:
        try:
            action()
        except Nb2pipeError as error:
            self.problem = self.problem or f"the store did not record all of this run: {error.message}"
