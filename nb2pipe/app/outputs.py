"""What a run leaves where the user wants it: the executed notebook and the report."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from nb2pipe.app.files import notebook_json, write_text
from nb2pipe.app.plan import RunPlan
from nb2pipe.errors import Nb2pipeError
from nb2pipe.execution.merge import executed_notebook
from nb2pipe.model import Pipeline, Run, State, StepRun
from nb2pipe.report.trend import PastRun
from nb2pipe.store.store import Store

MOST_PAST = 200


@dataclass(frozen=True)
class Written:
    """What was written.

    Args:
        notebook: the executed notebook.
        notebook_path: where it is; empty if nowhere but here.
        report_path: where the report is; empty if there is none.
        problems: what could not be written, in words.
    """

    notebook: Mapping[str, Any]
    notebook_path: str
    report_path: str
    problems: tuple[str, ...]


def write_outputs(plan: RunPlan, run: Run, steps: tuple[StepRun, ...], store: Store) -> Written:
    """Write the executed notebook and the report; a failure of one does not lose the other.

    Args:
        plan: what ran.
        run: its record.
        steps: last value of each step.
        store: where earlier runs are, to compare metrics over.
    """
    notebook = executed(plan, run, steps)
    problems: list[str] = []
    path = "" if run.output_path == "-" else _write_notebook(plan, run, notebook, problems)
    report = ""
    if plan.request.report:
        try:
            past = past_runs(store, run, steps)
            write_report(plan.request.report, plan.pipeline, run, steps, notebook, past)
            report = plan.request.report
        except Nb2pipeError as error:
            problems.append(error.message)
    return Written(notebook, path, report, tuple(problems))


def executed(plan: RunPlan, run: Run, steps: tuple[StepRun, ...]) -> dict[str, Any]:
    """The executed notebook with papermill's metadata."""
    duration = (run.ended_at - run.started_at).total_seconds() if run.ended_at and run.started_at else None
    info = {
        "input_path": plan.request.notebook,
        "output_path": plan.request.output or None,
        "start_time": run.started_at.isoformat() if run.started_at else None,
        "end_time": run.ended_at.isoformat() if run.ended_at else None,
        "duration": duration,
        "run_id": run.id,
    }
    notebook = executed_notebook(plan.pipeline, plan.given, steps, info)
    if plan.request.hide_inputs:
        _hide_inputs(notebook)
    return notebook


def past_runs(store: Store, run: Run, steps: tuple[StepRun, ...]) -> tuple[PastRun, ...]:
    """The run with those of the same notebook before it, in the order of time, and their metrics.

    Raises:
        StoreError: the database failed.
    """
    name = PurePath(run.notebook_path).name
    found = store.runs(pipeline=run.pipeline, states=[State.SUCCEEDED], until=run.created_at, limit=MOST_PAST)
    earlier = [each for each in found if PurePath(each.notebook_path).name == name and each.id != run.id]
    metrics = store.metrics([each.id for each in earlier])
    own = {metric.name: metric.value for step in steps for metric in step.metrics}
    return (
        *(PastRun(each.id, each.created_at, metrics[each.id], each.parameters) for each in reversed(earlier)),
        PastRun(run.id, run.created_at, own, run.parameters),
    )


def write_report(
    path: str,
    pipeline: Pipeline,
    run: Run,
    steps: tuple[StepRun, ...],
    notebook: Mapping[str, Any],
    past: tuple[PastRun, ...] = (),
) -> None:
    """Write the HTML report.

    Raises:
        ExecutionError: it could not be written.
    """
    from nb2pipe.report.page import report_html

    write_text(path, report_html(pipeline, run, steps, notebook, past), "the report")


def _write_notebook(plan: RunPlan, run: Run, notebook: Mapping[str, Any], problems: list[str]) -> str:
    """Write it where the user wants it, else into the run's folder."""
    text = notebook_json(notebook)
    spare = plan.settings.home / "runs" / run.id / "executed.ipynb"
    for path in dict.fromkeys((run.output_path, str(spare))):
        try:
            if path == str(spare):
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            write_text(path, text, "the executed notebook")
        except (Nb2pipeError, OSError) as error:
            problems.append(error.message if isinstance(error, Nb2pipeError) else str(error))
        else:
            if problems:
                problems.append(f"the executed notebook is kept in {path!r} instead")
            return path
    return ""


def _hide_inputs(notebook: Mapping[str, Any]) -> None:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            metadata: MutableMapping[str, Any] = cell["metadata"]
            metadata["jupyter"] = {**metadata.get("jupyter", {}), "source_hidden": True}


def prepared(plan: RunPlan) -> str:
    """The notebook with its given parameters injected and without outputs, written where the user wants it.

    Returns:
        Its text, for a caller that prints it.

    Raises:
        ExecutionError: it could not be written.
    """
    notebook = executed_notebook(plan.pipeline, plan.given, ())
    if plan.request.hide_inputs:
        _hide_inputs(notebook)
    text = notebook_json(notebook)
    if plan.request.output != "-":
        write_text(plan.request.output, text, "the prepared notebook")
    return text
