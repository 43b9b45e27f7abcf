"""Targets: which there are, and whether they answer."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from nb2pipe.errors import NotFoundError
from nb2pipe.kubeflow.findings import ENGINES
from nb2pipe.kubeflow.remote.connect import connect
from nb2pipe.kubeflow.remote.protocol import Remote
from nb2pipe.settings.targets import (
    TARGET_KINDS,
    Target,
    load_target,
    load_targets,
    make_target,
    remove_target,
    save_target,
    target_values,
)

OF_ENVIRONMENT = "kfp"
"""Name that means, where no target has it, the server that the SDK finds: by KF_PIPELINES_*, around it, by kubectl."""


@dataclass(frozen=True)
class AddedTarget:
    """A target that was kept: the value, and its file."""

    target: Target
    path: str


def add_target(name: str, kind: str, values: Mapping[str, Any], *, overwrite: bool = False) -> AddedTarget:
    """Keep a target in a file of its own; nothing is asked of it.

    Args:
        name: its name.
        kind: ``kfp`` or ``vertex``.
        values: its other keys; None for those that were not given.
        overwrite: whether one of this name may be written over.

    Raises:
        SettingsError: a value is wrong, or there is one of this name.
    """
    target = make_target(name, kind, values)
    return AddedTarget(target, str(save_target(target, overwrite=overwrite)))


def list_targets() -> list[Target]:
    """All targets by name.

    Raises:
        SettingsError: a file of one is wrong.
    """
    return list(load_targets().values())


def find_target(name: str) -> Target:
    """A target by its name; ``kfp`` is always there.

    Raises:
        NotFoundError: there is none of this name.
        SettingsError: its file is wrong.
    """
    try:
        return load_target(name)
    except NotFoundError:
        if name == OF_ENVIRONMENT:
            return Target(name, "kfp")
        known = ", ".join(load_targets())
        hint = f"There are: {known}." if known else "Add one: nb2pipe target add NAME --kind kfp --host URL"
        raise NotFoundError(f"There is no target {name!r}.", hint=hint) from None


def drop_target(name: str) -> None:
    """Forget a target; what was sent there goes on there, and its record here stays.

    Raises:
        NotFoundError: there is none of this name.
    """
    remove_target(name)


def check_target(name: str) -> str:
    """Ask a target whether it is there and lets us in: what it is, in a sentence.

    Raises:
        RefusedError: it does not, or there is no such target.
    """
    with closing(connected(find_target(name))) as remote:
        return remote.check()


def connected(target: Target, most_s: float | None = None) -> Remote:
    """A client of a target.

    Args:
        target: where.
        most_s: seconds that it may take to answer, where the target says more; None for what the target says.
    """
    return connect(target if most_s is None else replace(target, timeout_s=min(most_s, target.timeout_s)))


def target_data(target: Target) -> dict[str, Any]:
    """A target as JSON, with what people call its engine."""
    return {"name": target.name, **target_values(target), "engine": ENGINES[target.kind], "origin": target.origin}


assert set(ENGINES) == set(TARGET_KINDS)
