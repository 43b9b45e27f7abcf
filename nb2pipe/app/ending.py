"""The end of a run: what is written, recorded and told, whatever the end is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from nb2pipe.app.cancel import Cancel
from nb2pipe.app.history import keep_to_limits
from nb2pipe.app.lineage.events import Events
from nb2pipe.app.outputs import write_outputs
from nb2pipe.app.plan import RunPlan, steps_in_order
from nb2pipe.app.recorder import Recorder
from nb2pipe.app.result import RunResult
from nb2pipe.errors import Nb2pipeError, RefusedError
from nb2pipe.model import Run, State, StepRun
from nb2pipe.settings import Settings
from nb2pipe.store.store import Store


@dataclass
class Kept:
    """What has become of the steps of a run, recorded and told of as it comes.

    Args:
        recorder: records it.
        events: of its lineage.
        latest: steps as they are now, by name.
    """

    recorder: Recorder
    events: Events
    latest: dict[str, StepRun] = field(default_factory=dict)

    def note(self, step_run: StepRun) -> None:
        """A step is new, or has changed."""
        self.latest[step_run.step] = step_run
        self.recorder.record(step_run)
        self.events.step(step_run)

    def end_open(self, stopped: BaseException) -> None:
        """Give steps without an end one, after what ended the run before its time."""
        state = State.CANCELLED if isinstance(stopped, KeyboardInterrupt) else State.INTERRUPTED
        now = datetime.now(UTC)
        for step in [step for step in self.latest.values() if not step.state.is_final]:
            ended = now if step.started_at else None
            self.note(replace(step, state=state, reason="the run was interrupted", ended_at=ended))


def finish(
    plan: RunPlan, run: Run, store: Store, kept: Kept, cancel: Cancel, stopped: BaseException | None
) -> RunResult:
    """Write the executed notebook and what has become of a run, and tell those who want to know.

    Args:
        plan: what was run.
        run: its record so far.
        store: where the run is recorded.
        kept: what has become of its steps.
        cancel: whether it was to stop.
        stopped: what ended it before its time; raised again.
    """
    recorder, events = kept.recorder, kept.events
    steps = steps_in_order(plan.pipeline, kept.latest)
    state, message = _ending(plan, steps, cancel, stopped)
    run = replace(run, state=state, message=message, ended_at=datetime.now(UTC))
    if isinstance(stopped, RefusedError):
        recorder.finish(run)
        events.finish(run, steps)
        _tell_of(run, store)
        raise stopped
    written = write_outputs(plan, run, steps, store)
    recorder.finish(run)
    told = (events.finish(run, steps), *_tell_of(run, store))
    warnings = (*told, _kept_to_limits(store, plan.settings), *_lost(steps))
    if stopped is not None:
        raise stopped
    problems = (*written.problems, recorder.problem) if recorder.problem else written.problems
    return RunResult(
        run,
        plan.pipeline,
        steps,
        written.notebook,
        notebook_path=written.notebook_path,
        report_path=written.report_path,
        home=plan.settings.home,
        problems=problems,
        warnings=tuple(warning for warning in warnings if warning),
    )


def _lost(steps: tuple[StepRun, ...]) -> Iterator[str]:
    """Files that are gone with the containers that wrote them, in words."""
    for step in steps:
        lost = step.observation.files_lost if step.state is State.SUCCEEDED else ()
        if lost:
            names = lost[0] if len(lost) == 1 else f"{lost[0]} and {len(lost) - 1} more files"
            where = Path(lost[0]).parent
            what = f"step {step.step!r} wrote {names} inside its container, gone with it"
            yield f'{what}: share the folder with {{"volumes": ["{where}:{where}"]}} in its settings'


def tell_soon(run: Run, store: Store) -> None:
    """Send what is to be told while the run goes on; of the run of a schedule, the scheduler does."""
    if run.notify and not run.schedule_id:
        threading.Thread(target=_tell_of, args=(run, store), name="nb2pipe notices", daemon=True).start()


def _tell_of(run: Run, store: Store) -> list[str]:
    """Send what is to be told of the run; what could not be sent, in words."""
    if not run.notify:
        return []
    from nb2pipe.app.told import tell_of  # what sends is loaded by the few runs that need it

    return tell_of(run, store)


def _kept_to_limits(store: Store, settings: Settings) -> str:
    """Remove values that are kept no longer; what went wrong, in words: the run itself is over."""
    try:
        keep_to_limits(store, settings)
    except (Nb2pipeError, OSError) as error:
        return f"values of old runs could not be removed: {getattr(error, 'message', error)}"
    return ""


def _ending(
    plan: RunPlan, steps: tuple[StepRun, ...], cancel: Cancel, stopped: BaseException | None
) -> tuple[State, str]:
    """How a run ended, and one sentence when it did not succeed."""
    if isinstance(stopped, KeyboardInterrupt):
        return State.CANCELLED, cancel.reason or "interrupted"
    if stopped is not None:
        text = stopped.message if isinstance(stopped, Nb2pipeError) else f"{type(stopped).__name__}: {stopped}"
        return State.FAILED, text
    failed = [step for step in steps if step.state is State.FAILED]
    if cancel.is_requested() and any(step.state is State.CANCELLED for step in steps):
        return State.CANCELLED, cancel.reason
    if failed:
        failure = failed[0].failure
        return State.FAILED, f"step {failed[0].step!r} failed" + (f": {failure.name}" if failure else "")
    if len(steps) == len(plan.pipeline.steps) and all(step.state.is_good for step in steps):
        return State.SUCCEEDED, ""
    return State.CANCELLED if cancel.is_requested() else State.FAILED, cancel.reason or "not all steps ran"
