"""What crosses from pod to pod: records of steps, and bundles with their values."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.errors import ArtifactError
from nb2pipe.execution.namespace import Carried, Missing, Namespace, namespace_of
from nb2pipe.kubeflow.packing import Slice
from nb2pipe.model import StepRun
from nb2pipe.model.json import from_json, to_json

STEPS = "steps.json"
STORE = "store"


def read_steps(folders: Iterable[Path]) -> dict[str, StepRun]:
    """The records of steps that ``state`` artifacts hold, together."""
    found: dict[str, StepRun] = {}
    for folder in folders:
        document = json.loads((folder / STEPS).read_text(encoding="utf-8"))
        found.update({name: from_json(StepRun, each) for name, each in document.items()})
    return found


def write_state(folder: Path, steps: Mapping[str, StepRun], store: ArtifactStore, ambient: Iterable[str]) -> None:
    """Write a ``state`` artifact.

    Args:
        folder: where.
        steps: records of a step and of all before it.
        store: holds the bundles.
        ambient: digests of the bundles that hold the carried state.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lay_bundles(store, ambient, folder / STORE)
    text = json.dumps({name: to_json(run) for name, run in steps.items()}, ensure_ascii=False)
    (folder / STEPS).write_text(text, encoding="utf-8")


def lay_bundles(store: ArtifactStore, digests: Iterable[str], folder: Path) -> None:
    """Copy bundles, with all that they refer to, so that they can be used without any others."""
    folder.mkdir(parents=True, exist_ok=True)
    todo, done = list(digests), set()
    while todo:
        digest = todo.pop()
        if digest not in done:
            done.add(digest)
            todo.extend(store.manifest(digest).needs())
            for path in (store.bundle_path(digest), store.manifest_path(digest)):
                _take(path, folder / path.parent.name / path.name)


def take_bundles(folder: Path, store: ArtifactStore) -> None:
    """Take over all bundles of a folder, those last that say that a bundle is whole."""
    for pattern in ("??/*.bundle", "??/*.json"):
        for path in sorted(folder.glob(pattern)):
            target = store.folder / path.parent.name / path.name
            if not target.exists():
                _take(path, target)


def _take(source: Path, target: Path) -> None:
    """One file, without a copy where that can be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except OSError:  # another file system, or one that knows no links
        shutil.copyfile(source, target)


def namespace_here(part: Slice, done: Mapping[str, StepRun], store: ArtifactStore) -> Namespace:
    """What the step starts from: values that were not handed over are named as such where they are asked for.

    Raises:
        ArtifactError: something that was to be handed over is not there.
    """
    step = part.pipeline.step(part.step)
    found = namespace_of(part.pipeline, step, part.wires.ancestors, done)
    here = {name: each for name, each in found.names.items() if store.exists(each.digest)}
    handed_over = {name: each for name, each in found.names.items() if each.step in part.wires.values}
    for name, each in {**handed_over, **found.ambient}.items():
        if not store.exists(each.digest):
            message = f"step {part.step!r} was to get {name!r} of step {each.step!r}, and it did not arrive whole"
            raise ArtifactError(message, hint="run the pipeline again without the engine's cache")
    return replace(found, names=here, others={**found.others, **dict(_lost(part, found.names, here))})


def _lost(part: Slice, names: Mapping[str, Carried], here: Mapping[str, Carried]) -> Iterator[tuple[str, Missing]]:
    for name, each in names.items():
        if name not in here:
            reason = f"the plan did not foresee that step {part.step!r} reads it, so the engine did not hand it over"
            yield name, Missing(each.step, reason)
