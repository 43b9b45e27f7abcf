"""What the programs of a pipeline need before its first step."""

from __future__ import annotations

from collections.abc import Iterator

from nb2pipe.containers.faults import EngineError
from nb2pipe.errors import Diagnostic
from nb2pipe.execution.limits import KEPT_BY_ENGINE
from nb2pipe.execution.programs.exchange import uses_shell
from nb2pipe.execution.programs.runner import Programs
from nb2pipe.model import ContainerCall, Pipeline, Step
from nb2pipe.notebook.container_cells import is_container_cell


def program_findings(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """What the settings of container cells alone show."""
    for step in pipeline.steps:
        hidden = [name for name, reference in step.settings.secrets.items() if not reference.startswith(KEPT_BY_ENGINE)]
        for call in step.containers:
            if hidden and not uses_shell(call):
                what = call.entrypoint or "a script with `#!`"
                message = f"step {step.name!r} gives secrets to {what}, which others on this machine could see"
                hint = "Call it from a script for the shell, or take secrets that the engine keeps: engine:NAME."
                yield _about(pipeline, step, "N2P517", message, hint)


def get_images(pipeline: Pipeline, programs: Programs) -> Iterator[Diagnostic]:
    """Fetch the images of container cells that are not on this machine.

    Raises:
        SettingsError: there is no container engine, and a cell needs one.
    """
    for step in pipeline.steps:
        for call in step.containers:
            try:
                programs.images.id(call.image)
            except EngineError as error:
                hint = error.hint
                if error.kind == "missing image":
                    hint = f"Build it (`{programs.engine.name} build -t {call.image} FOLDER`), or mend its name."
                yield _about(pipeline, step, "N2P516", f"step {step.name!r}: {error.message}", hint)


def identity(calls: tuple[ContainerCall, ...], programs: Programs) -> str:
    """What the results of programs depend on beside their inputs: the ids of their images; empty for no programs."""
    return " ".join(programs.images.id(call.image) for call in calls)


def _about(pipeline: Pipeline, step: Step, code: str, message: str, hint: str) -> Diagnostic:
    cells = [pipeline.notebook.cells[index] for index in step.cells]
    cell = next((each for each in cells if is_container_cell(each.source)), cells[0])
    return Diagnostic(code, "error", message, hint, cell.index, cell.id, None, step.name)
