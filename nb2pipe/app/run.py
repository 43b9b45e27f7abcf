"""Run a notebook as a pipeline, and keep what happened."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from nb2pipe.app.approvals.asking import PeopleAsked
from nb2pipe.app.cancel import Cancel, cancel_on_signals
from nb2pipe.app.executors import Executors
from nb2pipe.app.history import keep_to_limits
from nb2pipe.app.home import as_execution_error, check_home
from nb2pipe.app.lineage.events import Events, open_events
from nb2pipe.app.outputs import write_outputs
from nb2pipe.app.plan import RunPlan, RunRequest, Watch, plan_run, steps_in_order
from nb2pipe.app.recorder import Recorder
from nb2pipe.app.remote import is_remote
from nb2pipe.app.rerun import keep_options
from nb2pipe.app.result import RunResult
from nb2pipe.app.users import user_name
from nb2pipe.errors import Nb2pipeError, RefusedError
from nb2pipe.execution.options import Executor, RunOptions
from nb2pipe.execution.orchestrator import run_pipeline
from nb2pipe.model import Run, State, StepRun
from nb2pipe.model.ids import new_run_id
from nb2pipe.settings import Settings
from nb2pipe.store import open_store, with_process
from nb2pipe.store.store import Store

Begin = Callable[[RunPlan, Run], None]


def run_notebook(
    request: RunRequest,
    settings: Settings,
    *,
    begin: Begin = lambda plan, run: None,
    watch: Watch = lambda step_run: None,
    executors: Executors | None = None,
    text: str | None = None,
    cancel: Cancel | None = None,
    queued: Run | None = None,
) -> RunResult:
    """Run a notebook; Ctrl-C and SIGTERM cancel the run.

    Args:
        request: what to run.
        settings: the settings in force.
        begin: called with the plan and the run's record when it is about to start.
        watch: called with every new value of a step run.
        executors: for the run; None to make and close them here. The caller closes others.
        text: the notebook's text where it is at hand already.
        cancel: shared with the caller; None to make one.
        queued: the run in the store that waits for this; None for a new one.

    Raises:
        RefusedError: nothing ran.
    """
    cancel = cancel or Cancel()
    with cancel_on_signals(cancel), Executors(settings) as own:
        used = executors or own
        plan = plan_run(request, settings, used, text)
        with open_store(settings.store_url, settings.home) as store:
            return run_plan(plan, store, used, cancel=cancel, begin=begin, watch=watch, queued=queued)


def run_plan(
    plan: RunPlan,
    store: Store,
    executors: Executors,
    *,
    cancel: Cancel,
    begin: Begin = lambda plan, run: None,
    watch: Watch = lambda step_run: None,
    queued: Run | None = None,
) -> RunResult:
    """Run a plan to its end, whatever the end is; executed notebook and record are written in any case.

    Args:
        plan: what to run.
        store: where the run is recorded.
        executors: for the run; the caller closes them.
        cancel: asked often; the run ends as cancelled once it says so.
        begin: called with the plan and the run's record when it is about to start.
        watch: called with every new value of a step run.
        queued: the run in the store that waits for this; None for a new one.

    Raises:
        RefusedError: nothing ran.
    """
    check_home(plan.settings.home)
    run = new_run(plan, queued)
    _keep_options(plan, run)
    cancel = Cancel(parent=cancel)  # a request to stop this run is none to stop the batch that it is part of
    people = PeopleAsked(plan.request.approve, run.user)
    recorder = Recorder(store, run, cancel, people, is_queued=queued is not None, on_waiting=_tell_soon)
    events = open_events(plan.settings, run, plan.pipeline)
    latest: dict[str, StepRun] = {}
    stopped: BaseException | None = None
    try:
        begin(plan, run)
        options = replace(_options(plan, run, cancel, executors.get(plan.executor.name)), approvals=people)
        with closing(cast("Generator[StepRun]", run_pipeline(plan.pipeline, plan.parameters, options))) as going:
            for step_run in going:
                latest[step_run.step] = step_run
                recorder.record(step_run)
                events.step(step_run)
                watch(step_run)
    except (Exception, KeyboardInterrupt) as error:  # raised again below, once all is written
        stopped = as_execution_error(error, plan.settings.home) if isinstance(error, OSError) else error
        stopped.__cause__ = error if stopped is not error else error.__cause__
        for name, step_run in _left_open(latest, stopped).items():
            latest[name] = step_run
            recorder.record(step_run)
            events.step(step_run)
    return _finish(plan, run, store, recorder, events, latest, cancel, stopped)


def new_run(plan: RunPlan, queued: Run | None = None) -> Run:
    """The record of a run that starts now in this process, with what a waiting one says of where it comes from."""
    notebook, now = plan.pipeline.notebook, datetime.now(UTC)
    run_id = queued.id if queued else new_run_id(now)
    run = Run(
        id=run_id,
        pipeline=plan.pipeline.name,
        notebook_path=notebook.path,
        notebook_digest=notebook.digest,
        notebook_text=notebook.text,
        parameters=dict(plan.parameters),
        state=State.RUNNING,
        created_at=queued.created_at if queued else now,
        started_at=now,
        user=queued.user if queued else user_name(),
        executor=plan.executor.name,
        output_path=output_place(plan.request.output, plan.settings.home / "runs" / run_id),
        tags=plan.request.tags,
        schedule_id=queued.schedule_id if queued else "",
        due_at=queued.due_at if queued else None,
        cause=queued.cause if queued else "",
        batch_id=queued.batch_id if queued else "",
        batch_number=queued.batch_number if queued else 0,
        notify=plan.request.notify,
    )
    return with_process(run)


def output_place(output: str, folder: Path) -> str:
    """Where the executed notebook goes: as asked for, a file by its whole path, else into the run's folder."""
    if not output:
        return str(folder / "executed.ipynb")
    return output if output == "-" or is_remote(output) else str(Path(output).absolute())


def _keep_options(plan: RunPlan, run: Run) -> None:
    request = plan.request
    options = {
        "parameters": dict(plan.given),
        "kernel_name": request.kernel_name,
        "cwd": None if request.cwd is None else str(Path(request.cwd).absolute()),
        "timeout_s": request.timeout_s,
    }
    keep_options(plan.settings.home / "runs" / run.id, options, plan.settings)


def _options(plan: RunPlan, run: Run, cancel: Cancel, executor: Executor) -> RunOptions:
    request = plan.request
    return RunOptions(
        run_id=run.id,
        home=plan.settings.home,
        jobs=plan.settings.jobs,
        executor=executor,
        use_cache=plan.settings.cache,
        anew=plan.anew,
        cwd=request.cwd,
        kernel_name=request.kernel_name,
        given=plan.given,
        should_cancel=cancel.is_requested,
        timeout_s=request.timeout_s or plan.settings.timeout_s,
        autosave_s=request.autosave_s,
    )


def _finish(
    plan: RunPlan,
    run: Run,
    store: Store,
    recorder: Recorder,
    events: Events,
    latest: Mapping[str, StepRun],
    cancel: Cancel,
    stopped: BaseException | None,
) -> RunResult:
    steps = steps_in_order(plan.pipeline, latest)
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


def _tell_soon(run: Run, store: Store) -> None:
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


def _left_open(latest: Mapping[str, StepRun], stopped: BaseException) -> dict[str, StepRun]:
    """Steps without an end get one."""
    state = State.CANCELLED if isinstance(stopped, KeyboardInterrupt) else State.INTERRUPTED
    reason = "the run was interrupted"
    now = datetime.now(UTC)
    return {
        name: replace(step, state=state, reason=reason, ended_at=now if step.started_at else None)
        for name, step in latest.items()
        if not step.state.is_final
    }
