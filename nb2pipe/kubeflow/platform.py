"""Settings that only Kubernetes has: the second document of a pipeline, after ``kubernetes_executor_config.proto``."""

from __future__ import annotations

from typing import Any

from nb2pipe.model import Step, Toleration

KEPT = "secret:"
CLAIM = "pvc:"


def executor_platform(step: Step, *, whole: bool = True) -> dict[str, Any]:
    """What Kubernetes is told of a step beside its container; empty for nothing.

    Args:
        step: the step.
        whole: False for a part of a container cell that is not its program: its place, labels and annotations alone.

    Source: ``kfp-kubernetes`` 2.16, whose fields with a constant stand twice, once for older servers.
    """
    settings = step.settings
    found = place_platform(step)
    if settings.labels or settings.annotations:
        told = {"labels": dict(settings.labels), "annotations": dict(settings.annotations)}
        found["podMetadata"] = {key: values for key, values in told.items() if values}
    if not whole:
        return found
    if step.containers and step.settings.timeout_s is not None:  # its program has no worker that would see to it
        found["activeDeadlineSeconds"] = str(max(1, round(step.settings.timeout_s)))
    secrets = [_secret(name, reference) for name, reference in settings.secrets.items()]
    if secrets:
        found["secretAsEnv"] = secrets
    claims = [
        {
            "constant": volume.source.removeprefix(CLAIM),
            "mountPath": volume.target,
            "pvcNameParameter": _constant(volume.source.removeprefix(CLAIM)),
        }
        for volume in settings.volumes
    ]
    if claims:
        found["pvcMount"] = claims
    return found


def place_platform(step: Step) -> dict[str, Any]:
    """On which machines a step runs, and how they get its image; empty for nothing."""
    settings, found = step.settings, dict[str, Any]()
    if settings.image_pull_secrets:
        found["imagePullSecret"] = [
            {"secretName": name, "secretNameParameter": _constant(name)} for name in settings.image_pull_secrets
        ]
    if settings.node_selector:
        found["nodeSelector"] = {"labels": dict(settings.node_selector)}
    if settings.tolerations:
        found["tolerations"] = [_toleration(each) for each in settings.tolerations]
    return found


def _toleration(toleration: Toleration) -> dict[str, Any]:
    found = {name: getattr(toleration, name) for name in ("key", "operator", "value", "effect")}
    told: dict[str, Any] = {name: text for name, text in found.items() if text}
    if toleration.seconds is not None:
        told["tolerationSeconds"] = str(toleration.seconds)  # 64 bits, which JSON writes as text
    return told


def _secret(variable: str, reference: str) -> dict[str, Any]:
    name, _, key = reference.removeprefix(KEPT).partition("/")
    return {
        "secretName": name,
        "keyToEnv": [{"secretKey": key, "envVar": variable}],
        "optional": False,
        "secretNameParameter": _constant(name),
    }


def _constant(value: str) -> dict[str, Any]:
    return {"runtimeValue": {"constant": value}}
