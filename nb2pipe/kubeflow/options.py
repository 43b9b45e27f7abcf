"""What a pipeline is compiled for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Target = Literal["kfp", "vertex"]


@dataclass(frozen=True)
class CompileOptions:
    """How to compile.

    Args:
        target: ``kfp`` (Kubeflow Pipelines) or ``vertex`` (Vertex AI Pipelines).
        local_images: whether images of this machine's engine are good enough, as they are for ``kfp.local``.
        cache: whether steps may be taken from the engine's cache, unless a step says otherwise itself.
    """

    target: Target = "kfp"
    local_images: bool = False
    cache: bool = True
