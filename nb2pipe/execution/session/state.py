"""What a session starts from, as the worker wrote it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nb2pipe.model.json import from_json


@dataclass(frozen=True)
class Place:
    """Where a carried value stands, and the step that left it there."""

    digest: str
    group: int
    step: str = ""


@dataclass(frozen=True)
class Other:
    """Why a name that Run All has here is not available: the step that binds it, and a reason in words."""

    step: str
    reason: str = ""


@dataclass(frozen=True)
class State:
    """What a session starts from.

    Args:
        store: folder of the artifacts.
        staging: folder for files being written, on the same file system.
        report: path of the report to write.
        step: name of the step.
        run_folder: folder of the run, which no step reads or writes.
        cwd: working directory.
        folder: the notebook's folder.
        env: environment variables to set.
        parameters: name to value.
        parameters_cells: sources of the cells whose literals the parameters replace, where known.
        names: carried names.
        ambient: carried ambient keys.
        others: names that exist in Run All here but are not available.
        superseded: what earlier steps reported as superseded, to the step.
        imported: files of modules of the user's own that earlier steps have imported.
        eager: names to put in beforehand; ``*`` for all.
        save: names that later steps may read; ``*`` for all.
        required: names that later steps read for certain.
        metrics: names whose values are metrics.
        execution_counts: ``In [n]`` of the recorded cells in turn.
        door: socket of the worker, by which a container cell has its program run; empty where there is none.
        setup_counts: whether what setup cells bind counts as bound by this step.
        is_last: whether no step comes behind this one.
    """

    store: str
    staging: str
    report: str
    step: str = ""
    run_folder: str = ""
    cwd: str = ""
    folder: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    parameters_cells: tuple[str, ...] = ()
    names: Mapping[str, Place] = field(default_factory=dict)
    ambient: Mapping[str, Place] = field(default_factory=dict)
    others: Mapping[str, Other] = field(default_factory=dict)
    superseded: Mapping[str, str] = field(default_factory=dict)
    imported: tuple[str, ...] = ()
    eager: tuple[str, ...] = ()
    save: tuple[str, ...] = ("*",)
    required: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    execution_counts: tuple[int, ...] = ()
    door: str = ""
    setup_counts: bool = False
    is_last: bool = False

    def saves(self, name: str) -> bool:
        """Whether a later step may read ``name``; what came from an earlier step was kept because one may."""
        return "*" in self.save or name in self.save or name in self.required or name in self.names


def read_state(path: str) -> State:
    """Read a session's state."""
    document = json.loads(Path(path).read_text(encoding="utf-8"))
    document["names"] = {name: Place(**each) for name, each in document.get("names", {}).items()}
    document["ambient"] = {key: Place(**each) for key, each in document.get("ambient", {}).items()}
    document["others"] = {name: Other(**each) for name, each in document.get("others", {}).items()}
    return from_json(State, document)
