"""What to run, made up of a notebook, parameters and settings, and refused here if it cannot be run."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nb2pipe.app.approvals.ahead import check_ahead, is_given
from nb2pipe.app.defaults import with_defaults, with_images
from nb2pipe.app.executors import Choice, Executors, choose_executor
from nb2pipe.app.files import check_apart, check_writable
from nb2pipe.app.home import check_home
from nb2pipe.app.notebooks import read_pipeline
from nb2pipe.app.parameters import Given
from nb2pipe.conversion import refuse_errors
from nb2pipe.errors import Diagnostic, Nb2pipeError, SettingsError
from nb2pipe.model import Notify, Pipeline, StepRun
from nb2pipe.notebook.nearest import nearest
from nb2pipe.settings import Settings


@dataclass(frozen=True)
class RunRequest:
    """What a user asks for.

    Args:
        notebook: file, URL, or ``-`` for standard input.
        output: where the executed notebook goes: file, URL, ``-`` for the caller to print, empty for the run's folder.
        given: parameter values.
        report: where the HTML report goes, empty for none.
        cwd: working directory of the steps, None for the notebook's folder.
        kernel_name: kernel spec, None for the notebook's own.
        tags: the user's own labels.
        timeout_s: seconds for each step that sets none itself.
        autosave_s: least seconds between two saves of a step's executed notebook.
        images: step to the image that it runs in whatever the notebook says, as a snapshot has them.
        hide_inputs: whether code cells of the executed notebook are folded (papermill's ``--report-mode``).
        approve: steps that need no approval of a person any more, ``all`` for every step.
        notify: who is told if the run fails.
        from_step: it and the steps after it are run whatever the cache has; empty for what is not in the cache.
    """

    notebook: str
    output: str = ""
    given: Given = field(default_factory=Given)
    report: str = ""
    cwd: str | None = None
    kernel_name: str | None = None
    tags: tuple[str, ...] = ()
    timeout_s: float | None = None
    autosave_s: float = 10.0
    images: Mapping[str, str] = field(default_factory=dict)
    hide_inputs: bool = False
    approve: tuple[str, ...] = ()
    notify: tuple[Notify, ...] = ()
    from_step: str = ""


@dataclass(frozen=True)
class RunPlan:
    """A request that can be run.

    Args:
        request: what was asked.
        pipeline: what the notebook makes, without errors.
        parameters: values of all parameters.
        given: those that the user gave.
        settings: the settings in force.
        executor: where its steps run.
        anew: steps that are run whatever the cache has.
    """

    request: RunRequest
    pipeline: Pipeline
    parameters: Mapping[str, Any]
    given: Mapping[str, Any]
    settings: Settings
    executor: Choice
    anew: frozenset[str] = frozenset()

    @property
    def cwd(self) -> str | None:
        """Working directory of the steps, its whole path; None for the notebook's folder."""
        return None if self.request.cwd is None else str(Path(self.request.cwd).absolute())


Watch = Callable[[StepRun], None]


def plan_run(
    request: RunRequest, settings: Settings, executors: Executors | None = None, text: str | None = None
) -> RunPlan:
    """Read, analyse and check everything that can be known before a step runs.

    Args:
        request: what was asked.
        settings: the settings in force.
        executors: of the run that is planned, made ready for it; None for a plan that will not be run.
        text: the notebook's text where it is at hand already.

    Raises:
        RefusedError: the notebook, a parameter, a file to write or the kernel makes the run impossible.
    """
    pipeline, choice = runnable_pipeline(
        request.notebook, settings, request.kernel_name, text, executors, request.images
    )
    parameters, given = request.given.resolve(pipeline.parameters)
    check_request(request)
    check_ahead(pipeline, request.approve)
    anew = steps_from(pipeline, request.from_step, settings)
    return RunPlan(request, pipeline, parameters, given, settings, choice, anew)


def runnable_pipeline(
    path: str,
    settings: Settings,
    kernel_name: str | None = None,
    text: str | None = None,
    executors: Executors | None = None,
    images: Mapping[str, str] | None = None,
) -> tuple[Pipeline, Choice]:
    """The pipeline that a notebook makes, with what its executor makes of it, refused if there are errors.

    Args:
        path: file, URL, or ``-`` for standard input.
        settings: the settings in force.
        kernel_name: kernel spec, None for the notebook's own.
        text: the notebook's text where it is at hand already.
        executors: made ready for the pipeline; None where it will not be run.
        images: step to the image that it runs in whatever the notebook says; None for none.

    Raises:
        RefusedError: it cannot be read, the law forbids to run it, or executor or kernel cannot run it.
    """
    pipeline = with_images(with_defaults(read_pipeline(path, text), settings), images or {})
    choice = choose_executor(pipeline, settings)
    with Executors(settings) as own:
        executor = (executors or own).get(choice.name)
        pipeline = _with_findings(pipeline, executor.findings(pipeline))
        refuse_errors(pipeline)
        if executors is not None:
            pipeline = _with_findings(
                pipeline, executor.make_ready(pipeline, kernel_name or pipeline.notebook.kernel_name)
            )
            refuse_errors(pipeline)
    return pipeline, choice


def _with_findings(pipeline: Pipeline, findings: tuple[Diagnostic, ...]) -> Pipeline:
    return replace(pipeline, diagnostics=(*pipeline.diagnostics, *findings))


def check_request(request: RunRequest) -> None:
    """Refuse places that cannot be written or entered, or that hold what the run reads or writes besides.

    Raises:
        SettingsError: says which.
    """
    check_writable(request.output, "the executed notebook")
    check_writable(request.report, "the report")
    if request.cwd is not None and not Path(request.cwd).is_dir():
        raise SettingsError(f"the working directory {request.cwd!r} does not exist", hint="Create it first.")
    check_apart(("the notebook", request.notebook), ("the report", request.report))
    check_apart(("the executed notebook", request.output), ("the report", request.report))


def steps_from(pipeline: Pipeline, name: str, settings: Settings) -> frozenset[str]:
    """The steps that are run anew: the one that is named, and all after it; none for an empty name.

    Raises:
        SettingsError: there is no such step, or the cache is off, so that all steps are run anyway.
    """
    if not name:
        return frozenset()
    names = [step.name for step in pipeline.steps]
    if name not in names:
        close = nearest(name, names)
        hint = f"Did you mean {close!r}? " if close else ""
        raise SettingsError(f"There is no step {name!r} to run from.", hint=f"{hint}There are: {', '.join(names)}.")
    if not settings.cache:
        origin = settings.origins.get("cache", "default")
        hint = f"Leave out the step, or let the cache be on (it is off by {origin})."
        raise SettingsError(f"Without the cache all steps are run, not only those from {name!r} on.", hint=hint)
    return frozenset(names[names.index(name) :])


def stand_by(plan: RunPlan, executors: Executors, run_id: str) -> None:
    """Let the executor start what the first steps need, while there is still more to do before they can run.

    Args:
        plan: what will be run.
        executors: for the run.
        run_id: that the run will have.

    Raises:
        SettingsError: the home folder is not fit for a run.
    """
    check_home(plan.settings.home)
    steps = itertools.takewhile(
        lambda step: step.settings.approval is None or is_given(step, plan.request.approve), plan.pipeline.steps
    )
    folder, cwd = plan.settings.home / "runs" / run_id, plan.cwd or plan.pipeline.notebook.folder
    with contextlib.suppress(Nb2pipeError, OSError):  # it is said where a step is started
        executors.get(plan.executor.name).begin(tuple(steps), folder, cwd)


def steps_in_order(pipeline: Pipeline, latest: Mapping[str, StepRun]) -> tuple[StepRun, ...]:
    """Step runs in notebook order."""
    return tuple(latest[step.name] for step in pipeline.steps if step.name in latest)
