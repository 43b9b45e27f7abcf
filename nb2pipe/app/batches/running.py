"""The same notebook over many parameter sets, several at a time."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nb2pipe.app.batches.plan import BatchRequest, plan_batch, queued_runs
from nb2pipe.app.cancel import Cancel, cancel_on_signals
from nb2pipe.app.executors import Executors
from nb2pipe.app.plan import RunPlan
from nb2pipe.app.result import RunResult
from nb2pipe.app.run import run_plan
from nb2pipe.app.spawning import beating
from nb2pipe.errors import Nb2pipeError
from nb2pipe.model import Run, State
from nb2pipe.settings import Settings
from nb2pipe.store import open_store
from nb2pipe.store.store import Store


@dataclass(frozen=True)
class BatchItem:
    """One set and what became of it.

    Args:
        number: from 1.
        given: the values of the set.
        result: its run; None when it did not run.
        problem: why it did not run or could not be finished.
        ended: how the run ended that did not begin here, such as one that was cancelled while it waited.
    """

    number: int
    given: dict[str, Any]
    result: RunResult | None = None
    problem: str = ""
    ended: State | None = None

    @property
    def state(self) -> State:
        """How it ended."""
        if self.result is not None:
            return self.result.state
        if self.ended is not None:
            return self.ended
        return State.FAILED if self.problem else State.SKIPPED

    @property
    def is_good(self) -> bool:
        """Whether it succeeded in everything."""
        return self.state is State.SUCCEEDED and not self.problem and not (self.result and self.result.problems)


Ended = Callable[[BatchItem], None]


def batch_notebook(
    request: BatchRequest,
    settings: Settings,
    *,
    ended: Ended = lambda item: None,
    cancel: Cancel | None = None,
    text: str | None = None,
    queued: Sequence[Run] = (),
) -> tuple[BatchItem, ...]:
    """Run every set; Ctrl-C and SIGTERM cancel the runs that go on and start no more.

    All runs are in the store from the beginning; those whose turn has not come are queued there.

    Args:
        request: what to run.
        settings: the settings in force; its ``jobs`` are the steps at a time within one run.
        ended: called with each item when it has ended.
        cancel: shared with the caller; None to make one.
        text: the notebook's text where it is at hand already.
        queued: the runs in the store that wait for this, one for each set; none for new ones.

    Raises:
        RefusedError: the notebook or any of the sets cannot be run; nothing ran.
    """
    cancel = cancel or Cancel()
    plans = plan_batch(request, settings, text)
    with cancel_on_signals(cancel), open_store(settings.store_url, settings.home) as store:
        runs = queued or [store.add_run(run) for run in queued_runs(plans, request.user)]
        return _Batch(request, plans, runs, settings, store, cancel, ended).run()


class _Batch:
    """Hands the plans to as many threads as there may be runs at a time."""

    def __init__(
        self,
        request: BatchRequest,
        plans: Sequence[RunPlan],
        runs: Sequence[Run],
        settings: Settings,
        store: Store,
        cancel: Cancel,
        ended: Ended,
    ) -> None:
        self._request = request
        self._settings = settings
        self._store = store
        self._cancel = cancel
        self._ended = ended
        self._items = [BatchItem(number, dict(plan.given)) for number, plan in enumerate(plans, 1)]
        self._waiting: queue.SimpleQueue[tuple[int, RunPlan, Run]] = queue.SimpleQueue()
        for place, (plan, run) in enumerate(zip(plans, runs, strict=True)):
            self._waiting.put((place, plan, run))
        self._queued = {run.id for run in runs}
        self._stopped = threading.Event()
        self._lock = threading.Lock()

    def run(self) -> tuple[BatchItem, ...]:
        """Run all, and wait for the end."""
        with beating(self._store, lambda: tuple(self._queued)):
            self._run()
        why = self._cancel.reason or "an earlier run of its batch did not succeed"
        for run_id in self._queued:
            self._store.end_queued(run_id, State.SKIPPED, f"not started: {why}")
        return tuple(self._items)

    def _run(self) -> None:
        count = min(self._request.runs_at_a_time, len(self._items))
        threads = [threading.Thread(target=self._work, name=f"nb2pipe batch {n}") for n in range(count)]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except KeyboardInterrupt:
            self._cancel.request("interrupted")
            for thread in threads:
                thread.join()

    def _work(self) -> None:
        with Executors(self._settings) as executors:  # for all runs of this thread: their kernels stay warm
            self._take_turns(executors)

    def _take_turns(self, executors: Executors) -> None:
        while not self._stopped.is_set() and not self._cancel.is_requested():
            try:
                place, plan, run = self._waiting.get_nowait()
            except queue.Empty:
                return
            item = self._one(self._items[place], plan, run, executors)
            with self._lock:
                self._queued.discard(run.id)
                self._items[place] = item
                self._ended(item)
            if self._request.fail_fast and not item.is_good:
                self._stopped.set()

    def _one(self, item: BatchItem, plan: RunPlan, run: Run, executors: Executors) -> BatchItem:
        try:
            now = self._store.run(run.id)
            if now.state.is_final:  # somebody cancelled it while it waited
                return replace(item, ended=now.state, problem=now.message)
            return replace(item, result=run_plan(plan, self._store, executors, cancel=self._cancel, queued=run))
        except Nb2pipeError as error:
            return self._not_run(item, run, str(error))
        except Exception as error:  # a thread's error must reach the table, whatever it is
            return self._not_run(item, run, f"{type(error).__name__}: {error}")

    def _not_run(self, item: BatchItem, run: Run, problem: str) -> BatchItem:
        """An error that is no end of a run; the run waits no more."""
        with contextlib.suppress(Nb2pipeError):  # the store itself may be what fails
            self._store.end_queued(run.id, State.FAILED, problem)
            now = self._store.run(run.id)
            if now.state is State.CANCELLED:
                return replace(item, ended=now.state, problem=now.message)
        return replace(item, problem=problem)
