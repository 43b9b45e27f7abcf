"""What is printed at the end of a run."""

from __future__ import annotations

from typing import IO, Any

import click

from nb2pipe.app.result import RunResult
from nb2pipe.cli.failure import failure_text
from nb2pipe.cli.table import table_text
from nb2pipe.cli.terminal import harmless, styled
from nb2pipe.cli.words import COLOURS, failure_words, run_seconds, value_text
from nb2pipe.model import State, StepRun
from nb2pipe.report.approvals import approval_text
from nb2pipe.report.words import duration_text


def print_summary(result: RunResult, stream: IO[Any]) -> None:
    """The failures, the table of steps, metrics, and where everything is."""
    by_name = {step.step: step for step in result.steps}
    for step in result.steps:
        if step.failure is not None and step.state is State.FAILED:
            click.echo(f"\n{failure_text(result.pipeline, step, by_name, result.notebook_path, stream)}", file=stream)
    rows = [[s.step, s.state.value, duration_text(s.duration_s), _cells(s), note(s)] for s in result.steps]
    click.echo(f"\n{table_text(['STEP', 'STATE', 'TIME', 'CELLS', ''], rows, stream, ['TIME', 'CELLS'])}", file=stream)
    for name, value in result.metrics.items():
        click.echo(harmless(f"metric {name} = {value_text(value)}"), file=stream)
    click.echo(file=stream)
    click.echo(f"{_ending(result, stream)}", file=stream)
    for title, text in places(result).items():
        click.echo(f"  {title.ljust(9)}{text}", file=stream)
    for warning in result.warnings:
        click.echo(styled(f"  warning  {harmless(warning)}", stream, fg="yellow"), file=stream)
    for problem in result.problems:
        click.echo(styled(f"  problem  {problem}", stream, fg="red"), file=stream)


def note(step: StepRun) -> str:
    """Why a step is as it is, in a few words."""
    if step.state is State.CACHED:
        return f"from run {step.cached_from}" if step.cached_from else step.reason
    if step.state is State.FAILED and step.failure is not None:
        failure = step.failure
        cell = "" if failure.cell_index is None else f"cell {failure.cell_index + 1}: "
        return f"{cell}{failure_words(failure, 70)}"
    if step.approval is not None and step.state in (State.WAITING, State.QUEUED):
        return approval_text(step.approval)
    attempts = f"attempt {step.attempt}" if step.attempt > 1 else ""
    if step.state in (State.SKIPPED, State.CANCELLED, State.INTERRUPTED):
        return step.reason
    return attempts


def places(result: RunResult) -> dict[str, str]:
    """Where the user finds what the run left."""
    found = {"notebook": result.notebook_path, "report": result.report_path, "logs": f"nb2pipe logs {result.id}"}
    return {title: text for title, text in found.items() if text}


def _cells(step: StepRun) -> str:
    done = sum(1 for cell in step.cells if cell.state.is_final and cell.state is not State.SKIPPED)
    if step.state in (State.CACHED, State.SUCCEEDED):
        return str(step.cells_total)
    return f"{min(done, step.cells_total)}/{step.cells_total}"


def _ending(result: RunResult, stream: IO[Any]) -> str:
    state = styled(result.state.value, stream, fg=COLOURS[result.state], bold=True)
    text = f"Run {result.id} {state}"
    seconds = run_seconds(result.run)
    text += f" in {duration_text(seconds)}" if seconds is not None else ""
    return f"{text} ({result.run.message})" if result.run.message and result.state is State.CANCELLED else text
