"""Runs a pipeline: starts steps as soon as those they wait for are done, and holds what they did against the plan."""

from __future__ import annotations

import selectors
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nb2pipe.execution.approval.asking import Waiting
from nb2pipe.execution.checking import Checker, ancestors_of
from nb2pipe.execution.namespace import Namespace, namespace_of
from nb2pipe.execution.options import CellEvent, Executor, Handle, RunOptions
from nb2pipe.execution.outcome import finished_run, with_event
from nb2pipe.execution.plan import make_task
from nb2pipe.execution.preload import loadable_modules
from nb2pipe.execution.process import ProcessExecutor
from nb2pipe.execution.reuse import Reuse
from nb2pipe.execution.task import Outcome, write_json
from nb2pipe.model import Pipeline, State, Step, StepRun

CANCEL_GRACE_S = 10.0
RETRIED = frozenset({"exception", "kernel_died", "timeout", "internal"})


def run_pipeline(pipeline: Pipeline, parameters: Mapping[str, Any], options: RunOptions) -> Iterator[StepRun]:
    """Run a pipeline.

    Args:
        pipeline: a plan without errors, which the executor was made ready for.
        parameters: values of all parameters.
        options: how to run it.

    Yields:
        A value for each step at the start, and a new one at every change of a step; the last value of each step is
        final. Closing the generator ends everything that still runs.
    """
    orchestrator = _Orchestrator(pipeline, parameters, options)
    try:
        yield from orchestrator.run()
    finally:
        orchestrator.close()


@dataclass
class _Active:
    """A step that runs."""

    step: Step
    handle: Handle
    run: StepRun
    namespace: Namespace
    cancelled_at: float | None = None


@dataclass
class _Orchestrator:
    pipeline: Pipeline
    parameters: Mapping[str, Any]
    options: RunOptions
    done: dict[str, StepRun] = field(default_factory=dict)
    active: dict[str, _Active] = field(default_factory=dict)
    namespaces: dict[str, Namespace] = field(default_factory=dict)
    loaded: set[str] = field(default_factory=set)
    cancelling: bool = False
    resting: bool = False

    def __post_init__(self) -> None:
        self.executor: Executor = self.options.executor or ProcessExecutor(self.options.home)
        self.parents = {step.name: self.pipeline.parents(step.name) for step in self.pipeline.steps}
        self.waiting = Waiting(self.options.approvals, self.options.run_id)
        self.ancestors = ancestors_of(self.pipeline)
        order = {step.name: number for number, step in enumerate(self.pipeline.steps)}
        self.checker = Checker(self.pipeline, self.done, self.ancestors, order)
        self.cwd = self.options.cwd or self.pipeline.notebook.folder
        kernel_name = self.options.kernel_name or self.pipeline.notebook.kernel_name
        self.reuse = Reuse(self.pipeline, self.parameters, self.options, self.executor, kernel_name, self.cwd)

    def run(self) -> Iterator[StepRun]:
        """Everything, from the first step to the last."""
        (self.options.artifacts / "staging").mkdir(parents=True, exist_ok=True)
        for step in self.pipeline.steps:
            yield self._queued(step)
        while len(self.done) < len(self.pipeline.steps):
            if self.options.should_cancel() and not self.cancelling:
                self.cancelling = True
                yield from self._cancel()
            yield from self._launch()
            if self.active or self.waiting.is_open(self.done):
                self._rest_if_idle()
                yield from self._wait()
            self.reuse.keep_verified(self.done)

    def close(self) -> None:
        """End what still runs."""
        for active in self.active.values():
            active.handle.kill()
        if self.executor is not self.options.executor:
            self.executor.close()

    def _queued(self, step: Step) -> StepRun:
        total = len({*step.cells, *step.setup_cells})
        approval = self.waiting.asked.get(step.name)
        return StepRun(self.options.run_id, step.name, State.QUEUED, cells_total=total, approval=approval)

    def _launch(self) -> Iterator[StepRun]:
        """Settle or start every step whose parents are done."""
        progress = True
        while progress:
            progress = False
            for step in self.pipeline.steps:
                if step.name in self.done or step.name in self.active:
                    continue
                parents = self.parents[step.name]
                if not all(parent in self.done for parent in parents):
                    continue
                settled = self._settle(step, parents)
                if settled is not None:
                    self.done[step.name] = settled
                    progress = True
                    yield settled
                    yield from self._verify(step.name)
                elif not self.waiting.may_run(step):
                    heard = self.waiting.look(step, self._queued(step))
                    if heard is not None:
                        progress = True
                        self.done.update({step.name: heard} if heard.state.is_final else {})
                        yield heard
                elif len(self.active) < self.options.jobs:
                    yield self._start(step, attempt=1)

    def _settle(self, step: Step, parents: tuple[str, ...]) -> StepRun | None:
        """The final value of a step that needs no kernel; None when it has to run."""
        if self.cancelling:
            return replace(self._queued(step), state=State.CANCELLED, reason="the run was cancelled")
        bad = next((parent for parent in parents if not self.done[parent].state.is_good), None)
        if bad is not None:
            word = "failed" if self.done[bad].state is State.FAILED else f"was {self.done[bad].state.value}"
            return replace(self._queued(step), state=State.SKIPPED, reason=f"step {bad!r} before it {word}")
        if step.name not in self.namespaces:
            self.namespaces[step.name] = namespace_of(self.pipeline, step, self.ancestors[step.name], self.done)
        return self.reuse.taken(step, self._queued(step), self.namespaces[step.name])

    def _start(self, step: Step, attempt: int) -> StepRun:
        waiting = len(self.pipeline.steps) - len(self.done) - len(self.active) - 1
        namespace = self.namespaces[step.name]
        task = make_task(
            self.pipeline,
            step,
            self.parameters,
            namespace,
            self.options,
            attempt=attempt,
            more=waiting > 0 or step.settings.retries >= attempt,
        )
        folder = Path(task.folder)
        folder.mkdir(parents=True, exist_ok=True)
        Path(task.log_path).touch()
        path = folder / "task.json"
        write_json(path, task)
        run = replace(
            self._queued(step),
            state=State.RUNNING,
            attempt=attempt,
            started_at=datetime.now(UTC),
            log_path=task.log_path,
            notebook_path=task.notebook_path,
            kernel_started=True,
        )
        self.active[step.name] = _Active(step, self.executor.start(task, str(path)), run, namespace)
        self._expect()
        return run

    def _expect(self) -> None:
        """Tell which steps come next; nothing stands ready for those that a person has to approve first."""
        self.resting = False
        left = {each.name: each for each in self.pipeline.steps if each.name not in self.done | self.active}
        self.executor.expect(self.waiting.without(left, self.ancestors))

    def _rest_if_idle(self) -> None:
        """Hold nothing while all that is left waits for a person."""
        if not self.active and not self.resting:
            self.resting = True
            self.executor.rest()

    def _wait(self) -> Iterator[StepRun]:
        """Wait for something to happen, and tell it."""
        with selectors.DefaultSelector() as selector:
            for active in self.active.values():
                selector.register(active.handle.fileno(), selectors.EVENT_READ, active)
            ready = selector.select(timeout=0.1)
        for key, _ in ready:
            yield from self._read(key.data)
        for active in list(self.active.values()):
            if active.cancelled_at is not None and time.monotonic() - active.cancelled_at > CANCEL_GRACE_S:
                active.handle.kill()
                yield from self._end(active, Outcome(State.CANCELLED, None, active.run.cells))

    def _read(self, active: _Active) -> Iterator[StepRun]:
        events: list[CellEvent] = active.handle.events()
        if events:
            self._load_ahead(active.step)
        for event in events:
            active.run = with_event(active.run, event, self.pipeline)
            yield active.run
        outcome = active.handle.outcome()
        if outcome is not None:
            yield from self._end(active, outcome)

    def _load_ahead(self, step: Step) -> None:
        """Once a step has its kernel, those of later steps are got ready with the modules that it imports."""
        fresh = [name for name in loadable_modules(self.pipeline, step) if name not in self.loaded]
        if fresh:
            self.loaded.update(fresh)
            self.executor.prepare(fresh, self.cwd)

    def _end(self, active: _Active, outcome: Outcome) -> Iterator[StepRun]:
        step = active.step
        del self.active[step.name]
        run = finished_run(self.pipeline, active.run, outcome, active.namespace, self.parameters, step)
        failure = run.failure
        again = failure is not None and failure.kind in RETRIED and run.attempt <= step.settings.retries
        if again and not self.cancelling:
            yield run
            yield self._start(step, run.attempt + 1)
            return
        self.done[step.name] = run
        if run.state.is_good:
            run = self.done[step.name] = self.reuse.ended(step, run, active.namespace)
        yield run
        yield from self._verify(step.name)

    def _cancel(self) -> Iterator[StepRun]:
        for active in self.active.values():
            active.handle.cancel()
            active.cancelled_at = time.monotonic()
        yield from ()

    def _verify(self, name: str) -> Iterator[StepRun]:
        """Hold a finished step against all finished steps that it did not wait for."""
        for later, fault in self.checker.faults(name):
            yield from self._spoil(later, replace(self.done[later], state=State.FAILED, failure=fault, artifacts=()))

    def _spoil(self, name: str, run: StepRun) -> Iterator[StepRun]:
        """A finished step turned out wrong: so are all that built on it."""
        self.done[name] = run
        yield run
        for other, ancestors in self.ancestors.items():
            if name in ancestors and other in self.done and self.done[other].state.is_good:
                reason = f"what it got from step {name!r} is not valid"
                self.done[other] = replace(self.done[other], state=State.SKIPPED, reason=reason, artifacts=())
                yield self.done[other]
            elif name in ancestors and other in self.active:
                active = self.active.pop(other)
                active.handle.kill()
                self.done[other] = replace(active.run, state=State.SKIPPED, reason=f"step {name!r} before it failed")
                yield self.done[other]
