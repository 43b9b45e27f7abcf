"""What ``nb2pipe run`` does once its words are read."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any

import click

from nb2pipe.app.data import result_data
from nb2pipe.app.executors import Executors
from nb2pipe.app.files import notebook_json, write_text
from nb2pipe.app.hints import leave_mark
from nb2pipe.app.notebooks import read_pipeline
from nb2pipe.app.outputs import prepared
from nb2pipe.app.plan import RunPlan, plan_run
from nb2pipe.app.result import RunResult
from nb2pipe.app.run import run_ready
from nb2pipe.cli.diagnostics import print_diagnostics
from nb2pipe.cli.flags import MUTED, RunFlags
from nb2pipe.cli.planning import request_of, stream_files
from nb2pipe.cli.summary import print_summary
from nb2pipe.cli.terminal import unread_is_fine
from nb2pipe.cli.watching import make_progress
from nb2pipe.model import Run, State
from nb2pipe.settings import Settings


def run(flags: RunFlags, plan: RunPlan, executors: Executors, run_id: str, mark: Path | None) -> int:
    """Run and print; the exit code.

    Args:
        flags: the command line.
        plan: what they ask for.
        executors: for the run, perhaps already warm.
        run_id: of the run.
        mark: where to note that the next run will be all cached; None for nowhere.
    """
    progress = make_progress(sys.stderr, _progress_wanted(flags), flags.log_output)

    def begin(plan: RunPlan, run: Run) -> None:
        if flags.log_level not in MUTED:
            warnings = [found for found in plan.pipeline.diagnostics if found.severity == "warning"]
            progress.try_to(lambda: print_diagnostics(flags.notebook, warnings, sys.stderr))
        progress.begin(plan.pipeline, run, plan.executor.reason)

    try:
        result = run_ready(plan, executors, run_id, begin=begin, watch=progress.step)
    finally:
        progress.end()
    if mark is not None:
        leave_mark(mark, result.steps)
    try:
        with nullcontext() if flags.output == "-" or flags.as_json else unread_is_fine(sys.stdout):
            show_result(flags, result)
    finally:
        write_streams(flags, result)
    return exit_code(result)


def exit_code(result: RunResult) -> int:
    """0 succeeded, 130 cancelled, 1 otherwise."""
    if result.state is State.CANCELLED:
        return 130
    return 0 if result.state is State.SUCCEEDED and not result.problems else 1


def show_result(flags: RunFlags, result: RunResult) -> None:
    """The notebook to standard output where it was asked for, JSON, or the summary."""
    if flags.as_json:
        click.echo(json.dumps(result_data(result), indent=2, ensure_ascii=False))
        return
    if flags.output == "-":
        click.echo(notebook_json(result.notebook), nl=False)
    if flags.log_level in MUTED and exit_code(result) == 0:
        return
    stream: IO[Any] = sys.stderr if flags.output == "-" else sys.stdout
    print_summary(result, stream)


def write_streams(flags: RunFlags, result: RunResult) -> None:
    """Write what the cells printed to the files that papermill's options name."""
    for name, path in stream_files(flags):
        if path:
            outputs = [output for cell in result.notebook["cells"] for output in cell.get("outputs", ())]
            texts = [_joined(o["text"]) for o in outputs if o["output_type"] == "stream" and o["name"] == name]
            write_text(path, "".join(texts), f"what the cells printed to {name}")


def help_notebook(flags: RunFlags) -> None:
    """Print the parameters of a notebook."""
    pipeline = read_pipeline(flags.notebook)
    click.echo(f"Parameters of {flags.notebook}:")
    for parameter in pipeline.parameters:
        default = json.dumps(parameter.default, ensure_ascii=False)
        text = f"  {parameter.name}: {parameter.type} (default {default})"
        click.echo(f"{text}  {parameter.help}".rstrip())
    if not pipeline.parameters:
        click.echo("  none; tag a cell of literals 'parameters'")


def prepare_only(flags: RunFlags, settings: Settings) -> None:
    """Write the notebook with its parameters, without running it."""
    if not flags.output:
        raise click.UsageError("--prepare-only needs OUT.ipynb.")
    text = prepared(plan_run(request_of(flags), settings))
    if flags.output == "-":
        click.echo(text, nl=False)


def _progress_wanted(flags: RunFlags) -> bool | None:
    if flags.progress_bar is None and (flags.log_level in MUTED):
        return False
    wanted: bool | None = flags.progress_bar
    return wanted


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)
