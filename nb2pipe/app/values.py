"""Values that the steps of a run saved, loaded for a person."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from nb2pipe.artifacts.context import Context
from nb2pipe.artifacts.loading import load_names
from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.errors import ArtifactError
from nb2pipe.model import Artifact, StepRun


def final_artifacts(steps: Iterable[StepRun]) -> dict[str, Artifact]:
    """Where the last value of every saved variable is, steps in notebook order."""
    found: dict[str, Artifact] = {}
    for step in steps:
        for name in step.observation.deleted:
            found.pop(name, None)
        found.update({artifact.name: artifact for artifact in step.artifacts if not artifact.name.startswith("@")})
    return found


def load_value(folder: Path, steps: Iterable[StepRun], name: str) -> Any:
    """Load a variable as it was at the end of the run.

    A function of the notebook sees the other saved variables as its globals.

    Args:
        folder: folder of the artifacts.
        steps: last value of each step, in notebook order.
        name: the variable.

    Raises:
        ArtifactError: no step saved it, or what was saved is gone or damaged.
    """
    artifacts = final_artifacts(steps)
    if name not in artifacts:
        hint = (
            "Saved are the variables that a later step may read: " + (", ".join(sorted(artifacts)) or "none here") + "."
        )
        raise ArtifactError(f"no step saved {name!r}", hint=hint)
    store = ArtifactStore(folder)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    context = Context(namespace)

    def load(wanted: str) -> Any:
        artifact = artifacts[wanted]
        return load_names(store, {wanted: (artifact.digest, artifact.group)}, context)[wanted]

    namespace["__builtins__"] = _Names(artifacts, namespace, load)
    return load(name)


class _Names(dict[str, Any]):
    """Builtins that know the saved variables too and load them when a function asks for one."""

    def __init__(
        self, artifacts: Mapping[str, Artifact], namespace: dict[str, Any], load: Callable[[str], Any]
    ) -> None:
        super().__init__(vars(builtins))
        self._artifacts = artifacts
        self._namespace = namespace
        self._load = load

    def __missing__(self, name: str) -> Any:
        if name not in self._artifacts:
            raise KeyError(name)
        self._namespace[name] = self._load(name)
        return self._namespace[name]
