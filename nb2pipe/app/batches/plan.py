"""Planning a batch: every set is checked before any runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nb2pipe.app.approvals.ahead import check_ahead
from nb2pipe.app.batches.sets import ParameterSet
from nb2pipe.app.executors import Choice, Executors
from nb2pipe.app.plan import RunPlan, RunRequest, check_request, runnable_pipeline
from nb2pipe.app.run import new_run
from nb2pipe.errors import SettingsError
from nb2pipe.model import Notify, Pipeline, Run, State
from nb2pipe.model.ids import new_run_id
from nb2pipe.settings import Settings
from nb2pipe.store import with_process
from nb2pipe.store.processes import Process


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
        notify: who is told of its runs.
        user: who asks; empty for whoever runs this process.
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
    notify: tuple[Notify, ...] = ()
    user: str = ""


def queued_runs(plans: Sequence[RunPlan], user: str = "", process: Process | None = None) -> list[Run]:
    """Records of the runs of a new batch, which wait for their turn.

    Args:
        plans: one for each run.
        user: who asks; empty for whoever runs this process.
        process: which runs them; None for this one.
    """
    batch_id = new_run_id()
    found = []
    for number, plan in enumerate(plans, 1):
        run = new_run(plan)
        found.append(
            with_process(
                replace(
                    run,
                    state=State.QUEUED,
                    started_at=None,
                    user=user or run.user,
                    batch_id=batch_id,
                    batch_number=number,
                ),
                process,
            )
        )
    return found


def shared(settings: Settings, runs: int) -> Settings:
    """Settings with so many steps at a time within a run, that all runs together use the cores once.

    Args:
        settings: whose ``jobs`` are those of all runs together.
        runs: how many go on side by side.
    """
    return replace(settings, jobs=max(settings.jobs // runs, 1))


def plan_batch(request: BatchRequest, settings: Settings, text: str | None = None) -> tuple[RunPlan, ...]:
    """A plan for every set, all checked before any runs.

    Args:
        request: what to run.
        settings: the settings in force.
        text: the notebook's text where it is at hand already.

    Raises:
        SettingsError: says which sets are wrong and why, all of them.
    """
    with Executors(settings) as executors:
        pipeline, choice = runnable_pipeline(request.notebook, settings, request.kernel_name, text, executors=executors)
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
        notify=request.notify,
    )
    check_request(one)
    return RunPlan(one, pipeline, parameters, given, settings, choice)


def _make_folder(path: str) -> None:
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"the output folder {path!r} cannot be made: {error}") from error
