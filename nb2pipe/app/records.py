"""What a run left, put together from its record: pipeline, executed notebook, report, values."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nb2pipe.app.history import looking
from nb2pipe.app.logs import own_file
from nb2pipe.app.notebooks import read_pipeline
from nb2pipe.app.outputs import past_runs
from nb2pipe.app.plan import steps_in_order
from nb2pipe.app.remote import is_remote
from nb2pipe.app.values import final_artifacts
from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.execution.merge import executed_notebook
from nb2pipe.model import Artifact, Pipeline, Run, StepRun
from nb2pipe.settings import Settings
from nb2pipe.store.store import Store


@dataclass(frozen=True)
class SavedValue:
    """A variable as it was at the end of a run.

    Args:
        step: the step that saved it.
        artifact: where it is, how big, its type, and a text about it.
        is_there: whether its bytes are still there.
    """

    step: str
    artifact: Artifact
    is_there: bool


def pipeline_of_run(settings: Settings, word: str) -> Pipeline:
    """The pipeline that a run's notebook made, from its text as it was.

    Raises:
        NotFoundError: no run fits.
        NotebookError: this nb2pipe cannot read the notebook any more.
    """
    with looking(settings) as store:
        return _pipeline(store.run(word))


def notebook_of_run(settings: Settings, word: str, may_read: Callable[[str], bool] = lambda path: True) -> Any:
    """The executed notebook of a run as nbformat JSON; while it goes on, with what has ended so far.

    Args:
        settings: the settings in force.
        word: which run.
        may_read: whether a file outside of home may be read, by its absolute path.

    Raises:
        NotFoundError: no run fits.
        NotebookError: this nb2pipe cannot read the notebook any more.
    """
    with looking(settings) as store:
        return _executed(settings, store, store.run(word), may_read)


def report_of_run(settings: Settings, word: str, may_read: Callable[[str], bool] = lambda path: True) -> str:
    """The HTML report of a run, as of now.

    Args:
        settings: the settings in force.
        word: which run.
        may_read: whether a file outside of home may be read, by its absolute path.

    Raises:
        NotFoundError: no run fits.
        NotebookError: this nb2pipe cannot read the notebook any more.
    """
    from nb2pipe.report.page import report_html

    with looking(settings) as store:
        run = store.run(word)
        pipeline = _pipeline(run)
        steps = _steps(store, run, pipeline)
        return report_html(
            pipeline, run, steps, _executed(settings, store, run, may_read), past_runs(store, run, steps)
        )


def values_of_run(settings: Settings, word: str) -> tuple[SavedValue, ...]:
    """The variables that the steps of a run saved, as they were at its end.

    Raises:
        NotFoundError: no run fits.
    """
    with looking(settings) as store:
        steps = store.step_runs(store.run(word).id)
    saved = ArtifactStore(settings.home / "artifacts")
    makers = {(item.name, item.digest): step.step for step in steps for item in step.artifacts}
    return tuple(
        SavedValue(makers[item.name, item.digest], item, saved.exists(item.digest))
        for item in final_artifacts(steps).values()
    )


def _pipeline(run: Run) -> Pipeline:
    return read_pipeline(run.notebook_path, run.notebook_text)


def _steps(store: Store, run: Run, pipeline: Pipeline) -> tuple[StepRun, ...]:
    return steps_in_order(pipeline, {step.step: step for step in store.step_runs(run.id)})


def _executed(settings: Settings, store: Store, run: Run, may_read: Callable[[str], bool]) -> Any:
    """What the run wrote, else what its steps left."""
    written = _written(settings, run, may_read) if run.state.is_final else None
    if written is not None:
        return written
    pipeline = _pipeline(run)
    return executed_notebook(pipeline, {}, _steps(store, run, pipeline), {"run_id": run.id})


def _written(settings: Settings, run: Run, may_read: Callable[[str], bool]) -> Any:
    path = run.output_path
    if path in ("", "-") or is_remote(path):
        return None
    if own_file(settings, path) is None and not may_read(os.path.realpath(path)):
        return None
    try:
        found = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    own = found.get("metadata", {}).get("papermill", {}) if isinstance(found, dict) else {}
    return found if isinstance(own, dict) and own.get("run_id") == run.id else None  # a later run may have written it
