"""The client of a target, by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from nb2pipe.kubeflow.remote.protocol import Remote
from nb2pipe.settings.targets import Target

CLIENTS: Mapping[str, tuple[str, str]] = {
    "kfp": ("nb2pipe.kubeflow.remote.kfp", "connect_kfp"),
    "vertex": ("nb2pipe.kubeflow.remote.vertex", "connect_vertex"),
}
"""Kind of a target to the module of its client, loaded only when asked for, and to what makes one there."""


def connect(target: Target) -> Remote:
    """A client of a target.

    Args:
        target: where; nothing is sent yet, but credentials may be looked for.

    Raises:
        RemoteError: its package is missing (N2P950), or there are no credentials (N2P951).
    """
    module, name = CLIENTS[target.kind]
    factory: Callable[[Target], Remote] = getattr(import_module(module), name)
    return factory(target)
