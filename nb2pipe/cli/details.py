"""One run in full, for ``nb2pipe runs show``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from nb2pipe.app.history import RunDetails
from nb2pipe.app.remote import is_remote
from nb2pipe.cli.summary import note
from nb2pipe.cli.table import table_text
from nb2pipe.cli.terminal import harmless, has_colours, styled, without_ansi
from nb2pipe.cli.words import COLOURS, failure_words, run_seconds, value_text
from nb2pipe.model import Run, StepRun
from nb2pipe.report.approvals import approval_text
from nb2pipe.report.words import duration_text, local_time, size_text


def details_text(details: RunDetails, stream: IO[Any]) -> str:
    """Everything that a person asks of one run."""
    run, steps = details.run, details.steps
    parts = [_head(run, stream)]
    rows = [[s.step, s.state.value, duration_text(s.duration_s), note(s)] for s in steps]
    parts.append(table_text(["STEP", "STATE", "TIME", ""], rows, stream, ["TIME"]))
    if run.parameters:
        parts.append(_named("Parameters", ((name, value_text(value)) for name, value in run.parameters.items())))
    asked = [(s.step, f"{s.approval.question} {approval_text(s.approval)}") for s in steps if s.approval is not None]
    if asked:
        parts.append(_named("Approvals", iter(asked), ": "))
    images = [(step.step, step.observation.image) for step in steps if step.observation.image]
    if images:
        parts.append(_named("Images", iter(images)))
    metrics = [(metric.name, value_text(metric.value)) for step in steps for metric in step.metrics]
    if metrics:
        parts.append(_named("Metrics", iter(metrics)))
    artifacts = [
        [a.name, a.type, a.preview, size_text(a.size_bytes), s.step]
        for s in steps
        for a in s.artifacts
        if not a.name.startswith("@")
    ]
    if artifacts:
        parts.append(table_text(["SAVED", "TYPE", "PREVIEW", "SIZE", "BY"], artifacts, stream, ["SIZE"]))
        if run.values_removed_at:
            parts.append(f"These values were removed on {local_time(run.values_removed_at)}; the record is kept.")
    parts += [_failure(step, stream) for step in steps if step.failure is not None]
    parts.append("\n".join(_places(details)))
    return "\n\n".join(parts)


def _head(run: Run, stream: IO[Any]) -> str:
    state = styled(run.state.value, stream, fg=COLOURS[run.state], bold=True)
    who = f" by {run.user}@{run.host}" if run.user else f" on {run.host}"
    if run.target:
        who = f" by {run.user} on {run.target}" if run.user else f" on {run.target}"
    lines = [f"Run {run.id} {state}: {harmless(run.pipeline)} ({harmless(run.notebook_path)})"]
    seconds = run_seconds(run)
    took = f", took {duration_text(seconds)}" if seconds is not None else ""
    lines.append(f"  started {local_time(run.started_at)}{took}{harmless(who)}")
    if run.schedule_id:
        lines.append(f"  of schedule {harmless(run.schedule_id)}, due {local_time(run.due_at)}")
        lines += [harmless(f"  {run.cause}")] if run.cause else []
    lines += [harmless(f"  {line}") for line in _elsewhere(run)]
    if run.tags:
        lines.append(harmless(f"  tags {', '.join(run.tags)}"))
    if run.message:
        lines.append(harmless(f"  {run.message}"))
    return "\n".join(lines)


def _elsewhere(run: Run) -> Iterator[str]:
    """Where it is, and what it was sent with."""
    place = run.elsewhere
    if place is None:
        return
    yield f"there {place.name!r}" + (f": {place.url}" if place.url else "")
    if place.commit:
        yield f"git {place.commit}"
    if place.labels:
        yield f"labels {', '.join(f'{name}={text}' for name, text in place.labels.items())}"
    if place.problem:
        yield f"as of {local_time(place.asked_at)}; since then: {place.problem}"


def _named(title: str, pairs: Iterator[tuple[str, str]], between: str = " = ") -> str:
    return "\n".join([title, *(harmless(f"  {name}{between}{value}") for name, value in pairs)])


def _failure(step: StepRun, stream: IO[Any]) -> str:
    failure = step.failure
    assert failure is not None
    where = "" if failure.cell_index is None else f" in cell {failure.cell_index + 1}"
    where += f", line {failure.line}" if failure.line else ""
    lines = [styled(f"Step {step.step!r} {step.state.value}{where}: {failure_words(failure)}", stream, fg="red")]
    text = failure.traceback if has_colours(stream) else without_ansi(failure.traceback)
    lines += [f"  {line}" for line in text.rstrip().split("\n") if text]
    if failure.hint:
        lines.append(f"  {failure.hint}")
    return "\n".join(lines)


def _places(details: RunDetails) -> Iterator[str]:
    path = details.run.output_path
    if path == "-":
        yield "notebook  was printed"
    elif is_remote(path) or Path(path).exists():
        yield f"notebook  {path}"
    else:
        yield f"notebook  {path} (not there; the folder has those of the steps)"
    yield f"logs      nb2pipe logs {details.run.id}"
    yield f"folder    {details.folder}"
