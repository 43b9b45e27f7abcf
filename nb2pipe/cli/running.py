"""What ``nb2pipe run`` does once its words are read."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import click

from nb2pipe.app.data import result_data
from nb2pipe.app.executors import Executors
from nb2pipe.app.files import check_apart, check_writable, notebook_json, write_text
from nb2pipe.app.hints import leave_mark
from nb2pipe.app.notebooks import read_pipeline
from nb2pipe.app.outputs import prepared
from nb2pipe.app.parameters import Given, given_parameters
from nb2pipe.app.plan import RunPlan, RunRequest, plan_run
from nb2pipe.app.result import RunResult
from nb2pipe.app.run import run_notebook
from nb2pipe.cli.diagnostics import print_diagnostics
from nb2pipe.cli.flags import MUTED, RunFlags, autosave_seconds
from nb2pipe.cli.summary import print_summary
from nb2pipe.cli.terminal import unread_is_fine
from nb2pipe.cli.watching import make_progress
from nb2pipe.model import Notify, Run, State
from nb2pipe.settings import Settings


def run(flags: RunFlags, settings: Settings, executors: Executors, mark: Path | None) -> int:
    """Run and print; the exit code.

    Args:
        flags: the command line.
        settings: the settings in force.
        executors: for the run, perhaps already warm.
        mark: where to note that the next run will be all cached; None for nowhere.
    """
    check_streams(flags)
    notify = _wanted_notify(flags)
    progress = make_progress(sys.stderr, _progress_wanted(flags), flags.log_output)

    def begin(plan: RunPlan, run: Run) -> None:
        if flags.log_level not in MUTED:
            warnings = [found for found in plan.pipeline.diagnostics if found.severity == "warning"]
            progress.try_to(lambda: print_diagnostics(flags.notebook, warnings, sys.stderr))
        progress.begin(plan.pipeline, run, plan.executor.reason)

    try:
        result = run_notebook(
            replace(request_of(flags), notify=notify),
            settings,
            begin=begin,
            watch=progress.step,
            executors=executors,
        )
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


def _wanted_notify(flags: RunFlags) -> tuple[Notify, ...]:
    if not flags.notify:
        return ()
    from nb2pipe.app.told import wanted_notify  # what sends is loaded by the few runs that need it

    return wanted_notify(flags.notify)


def check_streams(flags: RunFlags) -> None:
    """Refuse files for what the cells print that cannot be written, or that hold something else of the run.

    Raises:
        SettingsError: says which.
    """
    streams = [(f"the file for {name}", path or "") for name, path in _stream_files(flags)]
    for what, path in streams:
        check_writable(path, what)
    check_apart(("the notebook", flags.notebook), ("the report", flags.report), *streams)
    check_apart(("the executed notebook", flags.output), *streams)


def exit_code(result: RunResult) -> int:
    """0 succeeded, 130 cancelled, 1 otherwise."""
    if result.state is State.CANCELLED:
        return 130
    return 0 if result.state is State.SUCCEEDED and not result.problems else 1


def request_of(flags: RunFlags) -> RunRequest:
    """What the user asks for."""
    return RunRequest(
        notebook=flags.notebook,
        output=flags.output,
        given=given_of(flags),
        report=flags.report,
        cwd=flags.cwd,
        kernel_name=flags.kernel,
        tags=tuple(flags.tags),
        timeout_s=flags.timeout,
        approve=tuple(flags.approve),
        from_step=flags.from_step,
        autosave_s=autosave_seconds(flags),
        hide_inputs=flags.report_mode,
    )


def given_of(flags: RunFlags) -> Given:
    """Parameters from all options that give any."""
    paths = {}
    if flags.inject_input_path or flags.inject_paths:
        paths["PAPERMILL_INPUT_PATH"] = flags.notebook
    if flags.inject_output_path or flags.inject_paths:
        paths["PAPERMILL_OUTPUT_PATH"] = flags.output
    return given_parameters(
        values=paths,
        base64_texts=flags.parameters_base64,
        files=flags.parameters_file,
        yaml_texts=flags.parameters_yaml,
        texts=flags.parameters,
        raw=flags.parameters_raw,
    )


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
    for name, path in _stream_files(flags):
        if path:
            outputs = [output for cell in result.notebook["cells"] for output in cell.get("outputs", ())]
            texts = [_joined(o["text"]) for o in outputs if o["output_type"] == "stream" and o["name"] == name]
            write_text(path, "".join(texts), f"what the cells printed to {name}")


def _stream_files(flags: RunFlags) -> tuple[tuple[str, str | None], ...]:
    return (("stdout", flags.stdout_file), ("stderr", flags.stderr_file))


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
