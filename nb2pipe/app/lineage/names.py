"""Names that a walk through the lineage can begin from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import Any

from nb2pipe.app.history import looking
from nb2pipe.lineage.target import Kind
from nb2pipe.model import Run, StepRun
from nb2pipe.settings import Settings
from nb2pipe.store.usage import data_paths

SOME_RUNS = 60
MOST_PATHS = 5000
CODE = frozenset({"ABCMeta", "builtin_function_or_method", "function", "module", "type"})
"""Types of values that are code: nobody begins with them who has not named them."""


@dataclass(frozen=True)
class Start:
    """Something that has a lineage.

    Args:
        kind: what it is.
        name: what :func:`nb2pipe.app.lineage.walks.lineage_of` knows it by.
        label: short text for a person.
        type: qualified type name of a value; empty for all else.
        value: of a metric; None for all else.
        notebook: name of the notebook whose run has it; empty where no recent run has.
        run_id: that run; empty where no recent run has.
        at: when that run was created, UTC; None where no recent run has.
    """

    kind: Kind
    name: str
    label: str
    type: str = ""
    value: Any = None
    notebook: str = ""
    run_id: str = ""
    at: datetime | None = None


def starts_like(settings: Settings, text: str, limit: int) -> list[Start]:
    """Metrics, values, files and runs whose name has a text in it, each as it was in the newest run that has it.

    Args:
        settings: the settings in force.
        text: any part of a name, in any case; empty for what the newest run of each notebook made, code left out.
        limit: at most so many.
    """
    wanted = text.strip().lower()
    found: dict[tuple[str, str], Start] = {}
    with looking(settings) as store:
        runs = store.runs(limit=SOME_RUNS)
        for run in runs if wanted else _newest(runs):
            for start in _of_run(run, store.step_runs(run.id)):
                if _is_wanted(start, wanted):
                    key = (start.kind, start.name if start.kind in ("run", "file") else start.label)
                    found.setdefault(key, start)
            if len(found) >= limit:
                return list(found.values())[:limit]
        if wanted:
            paths = store.ask(partial(data_paths, limit=MOST_PATHS))
            for path in paths:
                if wanted in path.lower():
                    found.setdefault(("file", path), Start("file", path, path))
    return list(found.values())[:limit]


def _newest(runs: Iterable[Run]) -> Iterator[Run]:
    """The first of each notebook."""
    seen: set[str] = set()
    for run in runs:
        if run.notebook_path not in seen:
            seen.add(run.notebook_path)
            yield run


def _is_wanted(start: Start, text: str) -> bool:
    if not text:
        return start.type.rpartition(".")[2] not in CODE
    return text in start.label.lower() or (start.kind == "run" and text in start.name)


def _of_run(run: Run, steps: Iterable[StepRun]) -> Iterator[Start]:
    notebook = PurePath(run.notebook_path).name
    own: dict[str, Any] = {"notebook": notebook, "run_id": run.id, "at": run.created_at}
    yield Start("run", run.id, notebook, **own)
    for step in steps:
        place = f"{run.id}/{step.step}"
        named = {metric.name for metric in step.metrics}
        for metric in step.metrics:
            yield Start("metric", f"{place}/{metric.name}", metric.name, value=metric.value, **own)
        for item in step.artifacts:
            if not item.name.startswith("@") and item.name not in named:
                yield Start("artifact", f"{place}/{item.name}", item.name, type=item.type, **own)
        for use in step.data:
            yield Start("file", use.path, use.path, **own)
