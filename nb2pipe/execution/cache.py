"""Results of earlier runs, found by what a step is and verified by what it was seen to use.

A step's *key* is made of what is known before it runs: its code, the settings that matter, the interpreter. Under a key
stand *entries*, one for each different run, each with what that run was observed to use: names by content,
ambient state, parameters, files, local modules, versions of distributions. An entry is taken when all of it is still
so. What a run could not be seen to use (programs it started, other machines it asked) makes no entry, unless the
step says ``cache: on``.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nb2pipe.analysis import code_digest
from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.execution.digests import digest_memory, path_digest
from nb2pipe.execution.merge import INJECTED
from nb2pipe.execution.namespace import Namespace
from nb2pipe.execution.options import Surroundings
from nb2pipe.execution.task import write_json
from nb2pipe.execution.verify import matters
from nb2pipe.model import Artifact, Metric, Observation, Pipeline, Role, Step, StepRun
from nb2pipe.model.json import from_json, to_json

FORMAT = 1
KEPT_PER_KEY = 8


@dataclass(frozen=True)
class Entry:
    """What a step gave when it ran, and what it used.

    Args:
        run_id: the run that made it.
        names: name to content digest, for names it read.
        missed: names that it looked up and that were nowhere.
        imported: files of modules that it imported after steps before it had.
        ambient: ambient key to content digest, for all that could matter.
        parameters: parameter values that it used.
        observation: what it was seen to do.
        artifacts: what it saved.
        metrics: what it recorded.
        notebook: its executed cells.
    """

    run_id: str
    names: Mapping[str, str] = field(default_factory=dict)
    missed: tuple[str, ...] = ()
    imported: tuple[str, ...] = ()
    ambient: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    observation: Observation = field(default_factory=Observation)
    artifacts: tuple[Artifact, ...] = ()
    metrics: tuple[Metric, ...] = ()
    notebook: Mapping[str, Any] = field(default_factory=dict)


def step_key(pipeline: Pipeline, step: Step, kernel_name: str, cwd: str, identity: str) -> str:
    """Digest of what is known of a step before it runs: comments, blank lines and markdown do not count.

    Args:
        pipeline: the plan.
        step: the step.
        kernel_name: kernel spec.
        cwd: working directory.
        identity: interpreter and packages, as the step's surroundings name them.
    """
    cells = pipeline.notebook.cells
    sources = [
        cells[index].source
        for index in sorted({*step.setup_cells, *step.cells})
        if cells[index].tag.role is not Role.PARAMETERS or not _only_parameters(pipeline, index)
    ]
    settings = step.settings
    facts = {
        "format": FORMAT,
        "step": step.name,
        "identity": identity,
        "kernel": kernel_name,
        "cwd": cwd,
        "code": code_digest(sources),
        "outputs": sorted(step.outputs),
        "metrics": list(step.metrics),
        "env": dict(sorted(settings.env.items())),
        "secrets": dict(sorted(settings.secrets.items())),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _only_parameters(pipeline: Pipeline, index: int) -> bool:
    """Whether a parameters cell is nothing but literals, whose values are compared by themselves."""
    try:
        body = ast.parse(pipeline.notebook.cells[index].source).body
    except SyntaxError:
        return False
    lines = {parameter.line for parameter in pipeline.parameters if parameter.cell_index == index}
    return all(statement.lineno in lines for statement in body)


def look_up(
    folder: Path,
    key: str,
    namespace: Namespace,
    parameters: Mapping[str, Any],
    contents: Mapping[str, str],
    around: Surroundings,
    artifacts: Path,
) -> Entry | None:
    """The newest entry that is still true, or None.

    Args:
        folder: the cache's folder.
        key: from :func:`step_key`.
        namespace: what the step would start from.
        parameters: values of all parameters.
        contents: content digest for every name and ``@key`` of the namespace.
        around: what the step would find where it runs.
        artifacts: folder of the artifacts, where digests of big files are remembered.
    """
    for entry in _entries(folder, key):
        if (
            all(contents.get(name) == digest for name, digest in entry.names.items())
            and not any(name in namespace.names or name in namespace.others for name in entry.missed)
            and _ambient_same(entry, contents, namespace)
            and entry.imported == _imported_again(entry.observation, namespace)
            and all(_parameter_same(name, value, parameters, namespace) for name, value in entry.parameters.items())
            and _world_same(entry.observation, around, digest_memory(artifacts))
        ):
            return entry
    return None


def _parameter_same(name: str, value: Any, parameters: Mapping[str, Any], namespace: Namespace) -> bool:
    """Whether a parameter still has the value, and no step bound its name anew."""
    taken = name in namespace.names or name in namespace.others
    return not taken and name in parameters and parameters[name] == value and type(parameters[name]) is type(value)


def _ambient_same(entry: Entry, contents: Mapping[str, str], namespace: Namespace) -> bool:
    now = {key: contents["@" + key] for key in namespace.ambient if matters(key, entry.observation)}
    return now == dict(entry.ambient)


def _imported_again(seen: Observation, namespace: Namespace) -> tuple[str, ...]:
    """Modules that a step imports in silence, because a step before it has imported them already."""
    return tuple(sorted(namespace.imported & seen.local_modules.keys()))


def _world_same(seen: Observation, around: Surroundings, memory: Path) -> bool:
    files = {**seen.files_read, **seen.files_written, **seen.local_modules}
    return all(_same_file(around.here(path), digest, memory) for path, digest in files.items()) and all(
        around.version(name) in (None, version) for name, version in seen.distributions.items()
    )


def _same_file(path: str | None, digest: str, memory: Path) -> bool:
    return path is None or path_digest(path, memory) == digest


def bundles_are_sound(entry: Entry, artifacts: Path) -> bool:
    """Whether everything that the entry saved is still there, as it was written."""
    store = ArtifactStore(artifacts)
    return all(store.is_sound(digest) for digest in {artifact.digest for artifact in entry.artifacts})


def why_not(step: Step, run: StepRun) -> str:
    """Why the result of a step may not be kept for later runs; empty when it may."""
    if step.settings.cache is True:
        return ""
    if step.containers and (step.settings.volumes or step.settings.network != "none"):
        return "its container may see more than its inputs (set network: none and no volumes, or cache: on)"
    if run.observation.used_shell or step.uses_shell:
        return "it starts programs, and what they do cannot be seen (set cache: on if their result never changes)"
    if run.observation.used_network:
        return "it talks to other machines (set cache: on if what they answer never changes)"
    lost = run.observation.files_lost
    if lost:
        return f"it wrote {lost[0]}, which is gone with its container"
    changed = [path for path in run.observation.files_read if path in run.observation.files_written]
    if changed:
        return f"it changes a file that it reads ({changed[0]})"
    return ""


def keep(
    folder: Path,
    key: str,
    run: StepRun,
    namespace: Namespace,
    contents: Mapping[str, str],
) -> None:
    """Keep the result of a finished step."""
    seen = run.observation
    notebook: Mapping[str, Any] = {}
    with contextlib.suppress(OSError, ValueError):
        notebook = json.loads(Path(run.notebook_path).read_text(encoding="utf-8"))
        notebook = {**notebook, "cells": [cell for cell in notebook["cells"] if cell["id"] != INJECTED]}
    entry = Entry(
        run_id=run.run_id,
        names={name: contents[name] for name in (*seen.reads, *seen.changed, *seen.deleted) if name in contents},
        missed=tuple(name for name in seen.missed if name not in namespace.others),
        imported=_imported_again(seen, namespace),
        ambient={key_: contents["@" + key_] for key_ in namespace.ambient if matters(key_, seen)},
        parameters=run.parameters,
        observation=seen,
        artifacts=run.artifacts,
        metrics=run.metrics,
        notebook=notebook,
    )
    with contextlib.suppress(OSError):  # a full disk: only time is lost
        _write(folder / key[:2] / key, entry)


def _write(place: Path, entry: Entry) -> None:
    place.mkdir(parents=True, exist_ok=True)
    text = json.dumps(to_json(replace(entry, run_id="", notebook={})), sort_keys=True)
    write_json(place / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.json", entry)
    for old in sorted(place.glob("*.json"), key=_modified, reverse=True)[KEPT_PER_KEY:]:
        old.unlink(missing_ok=True)


def _entries(folder: Path, key: str) -> Iterator[Entry]:
    place = folder / key[:2] / key
    for path in sorted(place.glob("*.json"), key=_modified, reverse=True):
        try:
            yield from_json(Entry, json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            with contextlib.suppress(OSError):
                path.unlink()  # a damaged entry is no entry


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
