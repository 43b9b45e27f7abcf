"""Settings of a step in words."""

from __future__ import annotations

from collections.abc import Iterator

from nb2pipe.model import StepSettings, Toleration


def settings_text(settings: StepSettings) -> str:
    """Those settings that differ from the defaults: ``cpus 2 · memory 512 MiB · retries 3``; empty if none does."""
    return " · ".join(_parts(settings))


def _parts(settings: StepSettings) -> Iterator[str]:
    resources = settings.resources
    if settings.approval is not None:
        limit = "" if settings.approval_timeout_s is None else f" within {settings.approval_timeout_s:g} s"
        yield f"needs approval{limit}: {settings.approval}"
    if settings.image:
        yield f"image {settings.image}"
    if resources.cpus is not None:
        yield f"cpus {resources.cpus:g}"
    if resources.memory_mib is not None:
        yield f"memory {resources.memory_mib} MiB"
    if resources.gpus is not None:
        yield f"gpus {resources.gpus}" + (f" {resources.gpu_type}" if resources.gpu_type else "")
    if settings.retries:
        yield f"retries {settings.retries}"
    if settings.timeout_s is not None:
        yield f"timeout {settings.timeout_s:g} s"
    if settings.cache is not None:
        yield f"cache {'on' if settings.cache else 'off'}"
    if settings.env:
        yield "env " + " ".join(f"{name}={value}" for name, value in settings.env.items())
    if settings.secrets:
        yield "secrets " + " ".join(settings.secrets)
    for volume in settings.volumes:
        yield f"volume {volume.source}:{volume.target}" + (":ro" if volume.read_only else "")
    if settings.network is not None:
        yield f"network {settings.network}"
    if settings.labels:
        yield "labels " + " ".join(f"{name}={value}" for name, value in settings.labels.items())
    if settings.annotations:
        yield "annotations " + " ".join(f"{name}={value}" for name, value in settings.annotations.items())
    if settings.image_pull_secrets:
        yield "image pull secrets " + " ".join(settings.image_pull_secrets)
    if settings.node_selector:
        yield "node selector " + " ".join(f"{name}={value}" for name, value in settings.node_selector.items())
    for each in settings.tolerations:
        yield f"toleration {toleration_text(each)}"


def toleration_text(toleration: Toleration) -> str:
    """As ``kubectl taint`` writes the taint: ``KEY=VALUE:EFFECT``."""
    value = f"={toleration.value}" if toleration.operator == "Equal" else ""
    effect = f":{toleration.effect}" if toleration.effect else ""
    seconds = "" if toleration.seconds is None else f" for {toleration.seconds} s"
    return f"{toleration.key or 'every taint'}{value}{effect}{seconds}"
