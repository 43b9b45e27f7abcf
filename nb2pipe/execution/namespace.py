"""What a step finds: for each name, what the last of its ancestors to touch it left behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.model import Artifact, Observation, Pipeline, Step, StepRun


@dataclass(frozen=True)
class Carried:
    """A value in a bundle, and the step that left it there."""

    digest: str
    group: int
    step: str


@dataclass(frozen=True)
class Missing:
    """A name that Run All would have here, but this step does not: whose it is and why it is not here."""

    step: str
    reason: str


@dataclass(frozen=True)
class Namespace:
    """What a step starts from.

    Args:
        names: carried names.
        ambient: carried ambient keys.
        others: names that exist in Run All at this point but are not available.
        superseded: older versions of objects that ancestors changed, to the step that did.
        imported: files of modules of the user's own that ancestors have imported.
    """

    names: Mapping[str, Carried] = field(default_factory=dict)
    ambient: Mapping[str, Carried] = field(default_factory=dict)
    others: Mapping[str, Missing] = field(default_factory=dict)
    superseded: Mapping[str, str] = field(default_factory=dict)
    imported: frozenset[str] = frozenset()


def namespace_of(pipeline: Pipeline, step: Step, ancestors: Collection[str], done: Mapping[str, StepRun]) -> Namespace:
    """The namespace that ``step`` starts from.

    Args:
        pipeline: the plan.
        step: the step about to start.
        ancestors: steps that it waits for, directly or not; all are in ``done``.
        done: finished steps.
    """
    names: dict[str, Carried] = {}
    ambient: dict[str, Carried] = {}
    others: dict[str, Missing] = {}
    superseded: dict[str, str] = {}
    imported: set[str] = set()
    for earlier in pipeline.steps:
        if earlier.name == step.name:
            break
        if earlier.name in ancestors:
            run = done[earlier.name]
            superseded.update(dict.fromkeys(run.observation.superseded, earlier.name))
            imported.update(run.observation.local_modules)
            _apply(earlier.name, run.observation, run.artifacts, names, ambient, others)
        else:
            reason = f"step {step.name!r} does not wait for step {earlier.name!r}"
            for name in earlier.binds:
                if name not in names:
                    others[name] = Missing(earlier.name, reason)
    return Namespace(names, ambient, others, superseded, frozenset(imported))


def content_digests(namespace: Namespace, store: ArtifactStore) -> dict[str, str]:
    """For every name and ``@key`` of a namespace a digest of what it holds, whichever step and run it came from.

    Raises:
        ArtifactError: a bundle is missing or damaged.
    """
    carried = {**namespace.names, **{"@" + key: each for key, each in namespace.ambient.items()}}
    return {name: store.content(each.digest, each.group, name) for name, each in carried.items()}


def _apply(
    step: str,
    seen: Observation,
    artifacts: Iterable[Artifact],
    names: dict[str, Carried],
    ambient: dict[str, Carried],
    others: dict[str, Missing],
) -> None:
    for name in (*seen.bound, *seen.changed, *seen.deleted):
        names.pop(name, None)
        others.pop(name, None)
    for name, reason in seen.uncarried.items():
        names.pop(name, None)
        others[name] = Missing(step, reason)
    for artifact in artifacts:
        carried = Carried(artifact.digest, artifact.group, step)
        if artifact.name.startswith("@"):
            ambient[artifact.name[1:]] = carried
        else:
            names[artifact.name] = carried
            others.pop(artifact.name, None)
