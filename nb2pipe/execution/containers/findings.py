"""What containers make of a pipeline: what is refused before anything runs, and why."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nb2pipe.errors import Diagnostic, Nb2pipeError, Severity
from nb2pipe.execution.containers.places import SYSTEM, Places, is_within
from nb2pipe.execution.containers.probe import LEAST_PYTHON, ImageFacts
from nb2pipe.execution.containers.spec import engine_secrets, is_named, mount_of
from nb2pipe.execution.kernelspec import NATIVE_KERNEL
from nb2pipe.execution.limits import KEPT_BY_ENGINE, cluster_findings, has_gpu
from nb2pipe.execution.secrets import resolve_secret
from nb2pipe.model import Pipeline, Step


def settings_findings(pipeline: Pipeline) -> Iterator[Diagnostic]:
    """What the settings alone show."""
    folder = pipeline.notebook.folder
    if folder in SYSTEM:
        message = f"the notebook's folder {folder!r} belongs to the system, and would hide that of the image"
        yield Diagnostic("N2P515", "error", message, "Move the notebook to a folder of its own.")
    for step in pipeline.steps:
        if step.settings.image is None:
            yield about(
                pipeline,
                step,
                "N2P510",
                "error",
                f"step {step.name!r} has no image to run in",
                "name one in its setting `image` or with --image, build one with `nb2pipe image build`, or run with"
                " --executor process",
            )
        if step.settings.resources.gpus and not has_gpu():
            message = f"step {step.name!r} asks for {step.settings.resources.gpus} GPU(s), and this machine has none"
            yield about(
                pipeline, step, "N2P502", "error", message, "remove the setting `gpus`, or run where there is one"
            )
        yield from _volume_findings(pipeline, step)
        yield from _secret_findings(pipeline, step)
        yield from cluster_findings(pipeline, step)


def _volume_findings(pipeline: Pipeline, step: Step) -> Iterator[Diagnostic]:
    for volume in step.settings.volumes:
        source = mount_of(volume, pipeline.notebook.folder).source
        if not is_named(volume, pipeline.notebook.folder) and not Path(source).exists():
            message = f"volume {volume.source!r} of step {step.name!r} does not exist: there is no {source}"
            yield about(pipeline, step, "N2P503", "error", message, "make the folder, or mend the setting `volumes`")


def _secret_findings(pipeline: Pipeline, step: Step) -> Iterator[Diagnostic]:
    for name, reference in step.settings.secrets.items():
        if reference.startswith(KEPT_BY_ENGINE):
            continue
        try:
            resolve_secret(name, reference)
        except Nb2pipeError as error:
            hint = error.hint or "use env:NAME, file:PATH or engine:NAME"
            yield about(pipeline, step, "N2P504", "error", f"step {step.name!r}: {error.message}", hint)


def engine_findings(pipeline: Pipeline, steps: Iterable[Step], engine: str) -> Iterator[Diagnostic]:
    """What the engine that was found cannot do.

    Args:
        pipeline: the plan.
        steps: those that need it.
        engine: its name.
    """
    if engine == "podman":
        return
    for step in steps:
        for variable, name in engine_secrets(step.settings):
            message = f"step {step.name!r}: {engine} cannot give a container secrets it keeps ({variable}: {name!r})"
            yield about(pipeline, step, "N2P504", "error", message, "Use env:NAME or file:PATH, or podman as engine.")


def image_findings(
    pipeline: Pipeline, facts: Mapping[str, ImageFacts], places: Places, kernel_name: str
) -> Iterator[Diagnostic]:
    """What the images show.

    Args:
        pipeline: the plan.
        facts: by the name of each step.
        places: what containers see of this machine.
        kernel_name: kernel spec that is asked for.
    """
    said = set()
    for step in pipeline.steps:
        found = facts[step.name]
        if found.id not in said:
            said.add(found.id)
            yield from _lacks(pipeline, step, found, kernel_name)
        yield from _unseen(pipeline, step, places)
    for edge in pipeline.edges:
        first, second = facts[edge.source].python[:2], facts[edge.target].python[:2]
        if (
            first != second
            and min(first, second) >= LEAST_PYTHON
            and any(link.kind == "variable" for link in edge.links)
        ):
            message = (
                f"step {edge.target!r} runs in Python {_dotted(second)} and reads {', '.join(edge.names)} from step"
                f" {edge.source!r}, which runs in Python {_dotted(first)}"
            )
            hint = "Give both steps images of one Python version; what is made in one may not load in another."
            yield about(pipeline, pipeline.step(edge.target), "N2P514", "error", message, hint)


def _lacks(pipeline: Pipeline, step: Step, found: ImageFacts, kernel_name: str) -> Iterator[Diagnostic]:
    image = f"image {step.settings.image} of step {step.name!r}"
    if not found.python:
        hint = "Take an image with Python, such as the one that `nb2pipe image build` makes."
        yield about(pipeline, step, "N2P512", "error", f"{image} has no python3", hint)
    elif found.python < LEAST_PYTHON:
        message = f"{image} has Python {_dotted(found.python)}, and steps need {_dotted(LEAST_PYTHON)} or newer"
        yield about(pipeline, step, "N2P512", "error", message, "Take an image with a newer Python.")
    elif found.missing:
        line = f"RUN pip install {' '.join(found.missing)}"
        hint = f"Add this line to its Containerfile: {line}"
        yield about(pipeline, step, "N2P512", "error", f"{image} lacks {' and '.join(found.missing)}", hint)
    elif found.problem:
        hint = "Add what is missing to its Containerfile, or use the image that `nb2pipe image build` makes."
        yield about(pipeline, step, "N2P512", "error", f"{image} cannot run a step: {found.problem}", hint)
    elif pipeline.notebook.language != "python" and kernel_name not in (NATIVE_KERNEL, *found.kernels):
        message = f"{image} has no kernel {kernel_name!r}; it has {', '.join(found.kernels) or 'none'}"
        yield about(pipeline, step, "N2P512", "error", message, "Install the kernel in the image.")


def _unseen(pipeline: Pipeline, step: Step, places: Places) -> Iterator[Diagnostic]:
    """Files of this machine that the step would not find in its container, and those that would be lost with it."""
    written = {path for each in pipeline.steps for path in each.files_written}
    volumes = tuple(mount_of(volume, pipeline.notebook.folder) for volume in step.settings.volumes)
    uses = [(path, "reads", "which its container does not see") for path in step.files_read if path not in written]
    uses += [(path, "writes", "which is lost with its container") for path in step.files_written]
    for path, verb, fate in uses:
        place = str((Path(pipeline.notebook.folder) / Path(path).expanduser()).absolute())
        needed = place if verb == "reads" else str(Path(place).parent)
        if any(sign in path for sign in "*?[{") or _is_of_system(place) or not os.path.exists(needed):  # noqa: PTH110 - a path that may not be looked at is none
            continue
        if places.here(place, volumes) != place:
            message = f"step {step.name!r} {verb} {path!r}, {fate}"
            mode = ":ro" if verb == "reads" else ""
            hint = f'Add {{"volumes": ["{Path(place).parent}:{Path(place).parent}{mode}"]}} to the step\'s settings.'
            yield about(pipeline, step, "N2P513", "error", message, hint)


def _is_of_system(path: str) -> bool:
    return any(is_within(path, folder) for folder in SYSTEM - {"/"})


def about(pipeline: Pipeline, step: Step, code: str, severity: Severity, message: str, hint: str) -> Diagnostic:
    """A finding about a step, at its first cell."""
    cell = pipeline.notebook.cells[step.cells[0]]
    return Diagnostic(code, severity, message, hint, cell.index, cell.id, None, step.name)


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(number) for number in version[:2])
