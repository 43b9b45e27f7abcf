"""What a user may say of a step beside its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Resources:
    """What a step may use; None means no limit.

    Args:
        cpus: processors, fractions allowed.
        memory_mib: memory in MiB.
        gpus: number of GPUs.
        gpu_type: kind of GPU as the backend names it.
    """

    cpus: float | None = None
    memory_mib: int | None = None
    gpus: int | None = None
    gpu_type: str | None = None


@dataclass(frozen=True)
class Volume:
    """Outside storage that a step sees at a path: ``source:target[:ro]``."""

    source: str
    target: str
    read_only: bool = False


@dataclass(frozen=True)
class Toleration:
    """A taint of a cluster's machines that a step's pod puts up with, in the words of Kubernetes.

    Args:
        key: the taint's; empty for all taints.
        operator: whether the taint's value counts, or only that it exists.
        value: the taint's.
        effect: ``NoSchedule``, ``PreferNoSchedule`` or ``NoExecute``; empty for all.
        seconds: how long a pod stays on a machine that gets the taint; None for ever.
    """

    key: str = ""
    operator: Literal["Equal", "Exists"] = "Equal"
    value: str = ""
    effect: str = ""
    seconds: int | None = None


@dataclass(frozen=True)
class StepSettings:
    """Settings of a step; each is honoured by a backend or refused by name.

    Args:
        image: container image.
        resources: limits.
        retries: further attempts after a failure.
        timeout_s: seconds an attempt may take; None for no limit.
        cache: True or False where the user said so, else None.
        env: environment variables.
        secrets: variable name to reference (``env:NAME``, ``file:PATH``, ``engine:NAME``, ``secret:NAME/KEY``).
        volumes: outside storage.
        network: ``none`` or the name of a network of the container engine; None for its default.
        labels: labels for the backend.
        annotations: annotations for the backend.
        image_pull_secrets: secrets of a cluster that open the image's registry.
        node_selector: labels of the cluster's machines that it may run on.
        tolerations: taints of the cluster's machines that it puts up with.
        approval: what a person has to approve before it runs, as a question; None if it runs without.
        approval_timeout_s: seconds that the question stays open; None for no limit.
    """

    image: str | None = None
    resources: Resources = field(default_factory=Resources)
    retries: int = 0
    timeout_s: float | None = None
    cache: bool | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    volumes: tuple[Volume, ...] = ()
    network: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    image_pull_secrets: tuple[str, ...] = ()
    node_selector: Mapping[str, str] = field(default_factory=dict)
    tolerations: tuple[Toleration, ...] = ()
    approval: str | None = None
    approval_timeout_s: float | None = None
