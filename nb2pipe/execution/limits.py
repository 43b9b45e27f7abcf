"""What the process executor makes of a step's settings: honoured, refused, or said not to apply here."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nb2pipe.errors import Diagnostic, Severity

if TYPE_CHECKING:  # a worker that only limits itself needs none of it
    from nb2pipe.model import Pipeline, Step

SECRETS_HERE = ("env:", "file:")
KEPT_BY_ENGINE = "engine:"
CLUSTER_ONLY = ("image_pull_secrets", "node_selector", "tolerations")


def process_findings(pipeline: Pipeline) -> tuple[Diagnostic, ...]:
    """What the settings of a pipeline's steps mean for processes on this machine.

    ``cpus`` and ``memory_mib`` are enforced, ``timeout_s``, ``retries``, ``env`` and ``secrets`` honoured. An image
    does not apply, which is a warning; what cannot be done here at all is an error. Steps of container cells have
    containers whatever the executor is.
    """
    return tuple(finding for step in pipeline.steps for finding in _findings(pipeline, step))


def _findings(pipeline: Pipeline, step: Step) -> Iterator[Diagnostic]:
    settings = step.settings
    if settings.image is not None:
        yield _finding(
            pipeline,
            step,
            "N2P501",
            "warning",
            f"image {settings.image!r} of step {step.name!r} is not used: steps run as processes on this machine",
            "the packages installed here are used instead; a container executor runs the step in its image",
        )
    if settings.resources.gpus and not has_gpu():
        yield _finding(
            pipeline,
            step,
            "N2P502",
            "error",
            f"step {step.name!r} asks for {settings.resources.gpus} GPU(s), and this machine has none",
            "remove the setting `gpus`, or run where there is one",
        )
    for volume in settings.volumes if not step.containers else ():
        if not Path(volume.target).exists():
            yield _finding(
                pipeline,
                step,
                "N2P503",
                "error",
                f"volume {volume.target!r} of step {step.name!r} does not exist here, and a process cannot mount it",
                "make the folder, or run the step in a container",
            )
    if settings.network is not None and not step.containers:
        yield _finding(
            pipeline,
            step,
            "N2P505",
            "error",
            f"step {step.name!r} has the setting network: {settings.network}, and a process has this machine's network",
            "remove the setting, or run the step in a container",
        )
    yield from cluster_findings(pipeline, step)
    for name, reference in settings.secrets.items():
        if not reference.startswith((*SECRETS_HERE, *([KEPT_BY_ENGINE] if step.containers else []))):
            yield _finding(
                pipeline,
                step,
                "N2P504",
                "error",
                f"secret {name!r} of step {step.name!r} is a reference of a kind unknown here: {reference!r}",
                "on this machine use env:NAME or file:PATH",
            )


def cluster_findings(pipeline: Pipeline, step: Step) -> Iterator[Diagnostic]:
    """Settings that say where a cluster runs a step: on this machine there is nothing to choose."""
    for name in CLUSTER_ONLY:
        if getattr(step.settings, name):
            message = f"setting {name!r} of step {step.name!r} is not used: steps run on this machine, not on a cluster"
            hint = "it counts where the notebook runs on Kubeflow Pipelines"
            yield _finding(pipeline, step, "N2P506", "warning", message, hint)


def _finding(pipeline: Pipeline, step: Step, code: str, severity: Severity, message: str, hint: str) -> Diagnostic:
    cell = pipeline.notebook.cells[step.cells[0]]
    return Diagnostic(code, severity, message, hint, cell.index, cell.id, None, step.name)


def has_gpu() -> bool:
    """Whether this machine has a GPU that steps could use."""
    return any(Path("/dev").glob("nvidia[0-9]*"))


def limit_cpus(pid: int, cpus: float | None) -> None:
    """Keep a process, and all that it starts, on as many processors as ``cpus`` rounded up."""
    if cpus is None:
        return
    allowed = sorted(os.sched_getaffinity(0))
    start = pid % len(allowed)  # side by side steps do not all crowd on the first ones
    chosen = [allowed[(start + number) % len(allowed)] for number in range(min(len(allowed), math.ceil(cpus)))]
    os.sched_setaffinity(pid, chosen)


def memory_mib(pid: int) -> float:
    """Memory of its own that a process has in use, in MiB; mapped artifacts, which are shared, do not count."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith(("RssAnon:", "RssShmem:"))) / 1024
