"""Run a notebook as a pipeline, and keep what happened."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from nb2pipe.app.approvals.asking import PeopleAsked
from nb2pipe.app.cancel import Cancel, cancel_on_signals
from nb2pipe.app.ending import Kept, finish, tell_soon
from nb2pipe.app.executors import Executors
from nb2pipe.app.home import as_execution_error, check_home
from nb2pipe.app.lineage.events import open_events
from nb2pipe.app.plan import RunPlan, RunRequest, Watch, plan_run
from nb2pipe.app.recorder import Recorder
from nb2pipe.app.remote import is_remote
from nb2pipe.app.rerun import keep_options
from nb2pipe.app.result import RunResult
from nb2pipe.app.users import user_name
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


def run_ready(
    plan: RunPlan,
    executors: Executors,
    run_id: str,
    *,
    begin: Begin = lambda plan, run: None,
    watch: Watch = lambda step_run: None,
) -> RunResult:
    """Run a plan that the executor stands by for; Ctrl-C and SIGTERM cancel the run.

    Args:
        plan: what to run.
        executors: for the run; the caller closes them.
        run_id: of the run.
        begin: called with the plan and the run's record when it is about to start.
        watch: called with every new value of a step run.

    Raises:
        RefusedError: nothing ran.
    """
    cancel = Cancel()
    with cancel_on_signals(cancel), open_store(plan.settings.store_url, plan.settings.home) as store:
        return run_plan(plan, store, executors, cancel=cancel, begin=begin, watch=watch, run_id=run_id)


def run_plan(
    plan: RunPlan,
    store: Store,
    executors: Executors,
    *,
    cancel: Cancel,
    begin: Begin = lambda plan, run: None,
    watch: Watch = lambda step_run: None,
    queued: Run | None = None,
    run_id: str = "",
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
        run_id: of a new run; empty to make one.

    Raises:
        RefusedError: nothing ran.
    """
    check_home(plan.settings.home)
    run = new_run(plan, queued, run_id)
    _keep_options(plan, run)
    cancel = Cancel(parent=cancel)  # a request to stop this run is none to stop the batch that it is part of
    people = PeopleAsked(plan.request.approve, run.user)
    recorder = Recorder(store, run, cancel, people, is_queued=queued is not None, on_waiting=tell_soon)
    kept = Kept(recorder, open_events(plan.settings, run, plan.pipeline))
    stopped: BaseException | None = None
    try:
        begin(plan, run)
        options = replace(_options(plan, run, cancel, executors.get(plan.executor.name)), approvals=people)
        with closing(cast("Generator[StepRun]", run_pipeline(plan.pipeline, plan.parameters, options))) as going:
            for step_run in going:
                kept.note(step_run)
                watch(step_run)
    except (Exception, KeyboardInterrupt) as error:  # raised again below, once all is written
        stopped = as_execution_error(error, plan.settings.home) if isinstance(error, OSError) else error
        stopped.__cause__ = error if stopped is not error else error.__cause__
        kept.end_open(stopped)
    return finish(plan, run, store, kept, cancel, stopped)


def new_run(plan: RunPlan, queued: Run | None = None, run_id: str = "") -> Run:
    """The record of a run that starts now in this process, with what a waiting one says of where it comes from."""
    notebook, now = plan.pipeline.notebook, datetime.now(UTC)
    run_id = queued.id if queued else run_id or new_run_id(now)
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
        "cwd": plan.cwd,
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
        cwd=plan.cwd,
        kernel_name=request.kernel_name,
        given=plan.given,
        should_cancel=cancel.is_requested,
        timeout_s=request.timeout_s or plan.settings.timeout_s,
        autosave_s=request.autosave_s,
    )
