"""What to run, made up of a notebook, parameters and settings, and refused here if it cannot be run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nb2pipe.app.defaults import with_defaults
from nb2pipe.app.executors import executor_findings
from nb2pipe.app.files import check_apart, check_writable
from nb2pipe.app.notebooks import read_pipeline
from nb2pipe.app.parameters import Given
from nb2pipe.conversion import refuse_errors
from nb2pipe.errors import SettingsError
from nb2pipe.execution.kernelspec import check_kernel
from nb2pipe.model import Pipeline, StepRun
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
        hide_inputs: whether code cells of the executed notebook are folded (papermill's ``--report-mode``).
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
    hide_inputs: bool = False


@dataclass(frozen=True)
class RunPlan:
    """A request that can be run.

    Args:
        request: what was asked.
        pipeline: what the notebook makes, without errors.
        parameters: values of all parameters.
        given: those that the user gave.
        settings: the settings in force.
    """

    request: RunRequest
    pipeline: Pipeline
    parameters: Mapping[str, Any]
    given: Mapping[str, Any]
    settings: Settings


Watch = Callable[[StepRun], None]


def plan_run(request: RunRequest, settings: Settings, text: str | None = None) -> RunPlan:
    """Read, analyse and check everything that can be known before a step runs.

    Raises:
        RefusedError: the notebook, a parameter, a file to write or the kernel makes the run impossible.
    """
    pipeline = runnable_pipeline(request.notebook, settings, request.kernel_name, text)
    parameters, given = request.given.resolve(pipeline.parameters)
    check_request(request)
    return RunPlan(request, pipeline, parameters, given, settings)


def runnable_pipeline(
    path: str, settings: Settings, kernel_name: str | None = None, text: str | None = None
) -> Pipeline:
    """The pipeline that a notebook makes, with what its executor makes of it, refused if there are errors.

    Raises:
        RefusedError: it cannot be read, the law forbids to run it, or executor or kernel cannot run it.
    """
    pipeline = with_defaults(read_pipeline(path, text), settings)
    findings = executor_findings(settings.executor, pipeline)
    pipeline = replace(pipeline, diagnostics=(*pipeline.diagnostics, *findings))
    refuse_errors(pipeline)
    check_kernel(kernel_name or pipeline.notebook.kernel_name)
    return pipeline


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


def steps_in_order(pipeline: Pipeline, latest: Mapping[str, StepRun]) -> tuple[StepRun, ...]:
    """Step runs in notebook order."""
    return tuple(latest[step.name] for step in pipeline.steps if step.name in latest)
