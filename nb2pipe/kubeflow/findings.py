"""What Kubeflow and Vertex make of a pipeline: what they cannot honour is refused by name, before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nb2pipe.errors import Diagnostic
from nb2pipe.kubeflow.codes import RULES, finding
from nb2pipe.kubeflow.kinds import KINDS, unsendable
from nb2pipe.kubeflow.names import dns_name, is_object_name
from nb2pipe.kubeflow.options import CompileOptions
from nb2pipe.kubeflow.platform import CLAIM, KEPT
from nb2pipe.kubeflow.programs import images_of_ours, program_refusals
from nb2pipe.model import Pipeline, Step

ENGINES = {"kfp": "Kubeflow Pipelines", "vertex": "Vertex AI Pipelines"}
HERE = ("localhost/", "localhost:", "127.0.0.1:")
"""How names of images begin that mean nothing to other machines."""
NO_IMAGE = "there is no image of a step with nb2pipe, where its values would become files and files values"
OBJECT_NAME = "write its name as `kubectl get` shows it: lower-case letters, digits, '-' and '.'"
GPU_KIND = "name the resource, as in nvidia.com/gpu"


def findings_of(pipeline: Pipeline, options: CompileOptions) -> Iterator[Diagnostic]:
    """All that keeps a pipeline from being compiled.

    Args:
        pipeline: a plan without errors.
        options: what for.
    """
    notebook = pipeline.notebook
    if notebook.language not in ("python", "ipython"):
        yield finding("N2P948", pipeline, language=notebook.language)
    for parameter in pipeline.parameters:
        if parameter.type not in KINDS:
            cell = notebook.cells[parameter.cell_index]
            found = finding("N2P941", pipeline, name=parameter.name, type=parameter.type)
            yield Diagnostic(found.code, "error", found.message, found.hint, cell.index, cell.id, parameter.line)
        number = unsendable(parameter.default)
        if number is not None:
            cell = notebook.cells[parameter.cell_index]
            found = finding("N2P940", pipeline, name=parameter.name, value=number)
            yield Diagnostic(found.code, "error", found.message, found.hint, cell.index, cell.id, parameter.line)
    yield from _images(pipeline, options)
    for step in pipeline.steps:
        if not dns_name(step.name):
            yield finding("N2P946", pipeline, step)
        for call in step.containers:
            for why, advice in program_refusals(call):
                yield finding("N2P947", pipeline, step, cell=step.cells[0] + 1, why=why, advice=advice)
        own = _of_kfp(step) if options.target == "kfp" else _of_vertex(step)
        for setting, why, advice in (*_settings(step), *own):
            engine = ENGINES[options.target]
            yield finding("N2P944", pipeline, step, setting=setting, engine=engine, why=why, advice=advice)


def _images(pipeline: Pipeline, options: CompileOptions) -> Iterator[Diagnostic]:
    """One finding for all steps without an image, and one for each image that only this machine has."""
    by_image: dict[str | None, list[Step]] = {}
    ours = images_of_ours(pipeline)
    for step in pipeline.steps:
        for call in step.containers:
            by_image.setdefault(call.image, []).append(step)
        if step.name not in ours:
            by_image.setdefault(step.settings.image or None, []).append(step)
        elif ours[step.name] is None:
            words = {"cell": step.cells[0] + 1, "why": NO_IMAGE, "advice": RULES["N2P942"].hint}
            yield finding("N2P947", pipeline, step, **words)
    for image, steps in by_image.items():
        names = ", ".join(repr(step.name) for step in steps)
        words = {"which": f"step {names}" if len(steps) == 1 else f"steps {names}", "verb": "s" * (len(steps) == 1)}
        if image is None:
            has = "has" if len(steps) == 1 else "have"
            yield finding("N2P942", pipeline, steps[0], **words, has=has)
        elif not options.local_images and image.startswith(HERE):
            yield finding("N2P943", pipeline, steps[0], **words, image=image)


Refusal = tuple[str, str, str]
"""A setting, why it cannot be honoured, and what to do."""


def _settings(step: Step) -> Iterator[Refusal]:
    settings = step.settings
    if settings.approval is not None:
        yield "approval", "it asks nobody", "remove it there, or run the notebook on a machine of yours"
    elif settings.approval_timeout_s is not None:
        yield "approval_timeout_s", "it asks nobody", "remove it: the step needs no approval"
    if settings.network is not None:
        yield "network", "the network of its pods is the cluster's", "remove it, or have the cluster's policy see to it"
    if settings.resources.gpu_type and not settings.resources.gpus:
        yield "gpu_type", "the step asks for no GPU", "say how many with the setting gpus, or remove it"


def _of_kfp(step: Step) -> Iterator[Refusal]:
    settings = step.settings
    gpu_type = settings.resources.gpu_type
    if gpu_type is not None and "/" not in gpu_type:
        yield "gpu_type", f"{gpu_type!r} is no resource of Kubernetes", GPU_KIND
    for name, reference in settings.secrets.items():
        if not reference.startswith(KEPT):
            why = f"{name} comes from {reference.partition(':')[0]!r} of this machine"
            yield "secrets", why, "keep it in a secret of Kubernetes and name that: secret:NAME/KEY"
        elif not _is_secret(reference.removeprefix(KEPT)):
            yield "secrets", f"{reference!r} names no secret that Kubernetes may have", OBJECT_NAME
    for volume in settings.volumes:
        if not volume.source.startswith(CLAIM):
            yield "volumes", f"{volume.source!r} is of this machine", "name a claim of the cluster: pvc:NAME:/path"
        elif volume.read_only:
            yield "volumes", "it mounts claims for reading and writing", f"write pvc:NAME:{volume.target} without :ro"
        elif not is_object_name(volume.source.removeprefix(CLAIM)):
            yield "volumes", f"{volume.source!r} names no claim that Kubernetes may have", OBJECT_NAME


def _is_secret(text: str) -> bool:
    name, _, key = text.partition("/")
    return is_object_name(name) and re.fullmatch(r"[A-Za-z0-9._-]{1,253}", key) is not None


def _of_vertex(step: Step) -> Iterator[Refusal]:
    settings = step.settings
    if settings.resources.gpus and not settings.resources.gpu_type:
        yield "gpus", "it wants the kind too", "add the setting gpu_type, such as NVIDIA_TESLA_T4"
    if step.containers and settings.timeout_s is not None:
        yield "timeout_s", "nobody watches the program of a container cell there", "give the program a limit of its own"
    if settings.secrets:
        yield "secrets", "it has none for steps", "read it from Secret Manager in the step's code"
    if settings.volumes:
        yield "volumes", "it has none for steps", "read and write gs:// or the folder /gcs/BUCKET, which is there"
    for name, values in (("labels", settings.labels), ("annotations", settings.annotations)):
        if values:
            yield name, "only whole pipelines have labels there", "remove it, and give labels at the submission"
    if settings.image_pull_secrets:
        why = "it opens registries by its service account"
        yield "image_pull_secrets", why, "remove it, and let that account read the image in Artifact Registry"
    for name, value in (("node_selector", settings.node_selector), ("tolerations", settings.tolerations)):
        if value:
            yield name, "it chooses machines by what steps ask for", "remove it, and set cpus, memory_mib and gpu_type"
