"""The same notebook over many parameter sets, several at a time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nb2pipe.app.ahead import check_ahead
from nb2pipe.app.cancel import Cancel, cancel_on_signals
from nb2pipe.app.executors import Choice, Executors
from nb2pipe.app.plan import RunPlan, RunRequest, check_request, runnable_pipeline
from nb2pipe.app.result import RunResult
from nb2pipe.app.run import run_plan
from nb2pipe.app.sets import ParameterSet
from nb2pipe.errors import Nb2pipeError, SettingsError
from nb2pipe.model import Pipeline, State
from nb2pipe.settings import Settings
from nb2pipe.store import open_store
from nb2pipe.store.store import Store


@dataclass(frozen=True)
class BatchRequest:
    """What a user asks for.

    Args:
        notebook: file or URL.
        sets: the parameter sets.
        runs_at_a_time: how many runs go on side by side.
        output_dir: folder for the executed notebooks; empty to keep them in the runs' folders.
        fail_fast: whether to start no further run once one failed.
        cwd: working directory of the steps, None for the notebook's folder.
        kernel_name: kernel spec, None for the notebook's own.
        tags: labels for all runs.
        timeout_s: seconds for each step that sets none itself.
        approve: steps that need no approval of a person any more, ``all`` for every step.
    """

    notebook: str
    sets: tuple[ParameterSet, ...]
    runs_at_a_time: int = 1
    output_dir: str = ""
    fail_fast: bool = False
    cwd: str | None = None
    kernel_name: str | None = None
    tags: tuple[str, ...] = ()
    timeout_s: float | None = None
    approve: tuple[str, ...] = ()


@dataclass(frozen=True)
class BatchItem:
    """One set and what became of it.

    Args:
        number: from 1.
        given: the values of the set.
        result: its run; None when it did not run.
        problem: why it did not run or could not be finished.
    """

    number: int
    given: dict[str, Any]
    result: RunResult | None = None
    problem: str = ""

    @property
    def state(self) -> State:
        """How it ended."""
        if self.result is not None:
            return self.result.state
        return State.FAILED if self.problem else State.SKIPPED

    @property
    def is_good(self) -> bool:
        """Whether it succeeded in everything."""
        return self.state is State.SUCCEEDED and not self.problem and not (self.result and self.result.problems)


Ended = Callable[[BatchItem], None]


def batch_notebook(
    request: BatchRequest, settings: Settings, *, ended: Ended = lambda item: None, cancel: Cancel | None = None
) -> tuple[BatchItem, ...]:
    """Run every set; Ctrl-C and SIGTERM cancel the runs that go on and start no more.

    Args:
        request: what to run.
        settings: the settings in force; its ``jobs`` are the steps at a time within one run.
        ended: called with each item when it has ended.
        cancel: shared with the caller; None to make one.

    Raises:
        RefusedError: the notebook or any of the sets cannot be run; nothing ran.
    """
    cancel = cancel or Cancel()
    plans = plan_batch(request, settings)
    with cancel_on_signals(cancel), open_store(settings.store_url, settings.home) as store:
        return _Batch(request, plans, settings, store, cancel, ended).run()


def plan_batch(request: BatchRequest, settings: Settings) -> tuple[RunPlan, ...]:
    """A plan for every set, all checked before any runs.

    Raises:
        SettingsError: says which sets are wrong and why, all of them.
    """
    with Executors(settings) as executors:
        pipeline, choice = runnable_pipeline(request.notebook, settings, request.kernel_name, executors=executors)
    check_ahead(pipeline, request.approve)
    if request.output_dir:
        _make_folder(request.output_dir)
    plans, wrong = [], []
    for number, each in enumerate(request.sets, 1):
        try:
            plans.append(_plan(request, pipeline, settings, choice, number, each))
        except SettingsError as error:
            wrong.append(f"{each.origin}: {error.message}" + (f" {error.hint}" if error.hint else ""))
    if wrong:
        raise SettingsError("\n".join(wrong), hint=f"No set was run; {len(wrong)} of {len(request.sets)} are wrong.")
    return tuple(plans)


def _plan(
    request: BatchRequest, pipeline: Pipeline, settings: Settings, choice: Choice, number: int, each: ParameterSet
) -> RunPlan:
    parameters, given = each.given.resolve(pipeline.parameters)
    width = len(str(len(request.sets)))
    name = f"{Path(request.notebook).stem}-{number:0{width}d}.ipynb"
    one = RunRequest(
        notebook=request.notebook,
        output=str(Path(request.output_dir) / name) if request.output_dir else "",
        given=each.given,
        cwd=request.cwd,
        kernel_name=request.kernel_name,
        tags=request.tags,
        timeout_s=request.timeout_s,
        approve=request.approve,
    )
    check_request(one)
    return RunPlan(one, pipeline, parameters, given, settings, choice)


def _make_folder(path: str) -> None:
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"the output folder {path!r} cannot be made: {error}") from error


class _Batch:
    """Hands the plans to as many threads as there may be runs at a time."""

    def __init__(
        self,
        request: BatchRequest,
        plans: Sequence[RunPlan],
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
        self._waiting: queue.SimpleQueue[tuple[int, RunPlan]] = queue.SimpleQueue()
        for place, plan in enumerate(plans):
            self._waiting.put((place, plan))
        self._stopped = threading.Event()
        self._lock = threading.Lock()

    def run(self) -> tuple[BatchItem, ...]:
        """Run all, and wait for the end."""
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
        return tuple(self._items)

    def _work(self) -> None:
        with Executors(self._settings) as executors:  # for all runs of this thread: their kernels stay warm
            self._take_turns(executors)

    def _take_turns(self, executors: Executors) -> None:
        while not self._stopped.is_set() and not self._cancel.is_requested():
            try:
                place, plan = self._waiting.get_nowait()
            except queue.Empty:
                return
            item = self._one(self._items[place], plan, executors)
            with self._lock:
                self._items[place] = item
                self._ended(item)
            if self._request.fail_fast and not item.is_good:
                self._stopped.set()

    def _one(self, item: BatchItem, plan: RunPlan, executors: Executors) -> BatchItem:
        try:
            return replace(item, result=run_plan(plan, self._store, executors, cancel=self._cancel))
        except Nb2pipeError as error:
            return replace(item, problem=str(error))
        except Exception as error:  # a thread's error must reach the table, whatever it is
            return replace(item, problem=f"{type(error).__name__}: {error}")
