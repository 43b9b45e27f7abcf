"""``nb2pipe runs rerun``."""

from __future__ import annotations

import json
import sys

import click

from nb2pipe.app.data import result_data
from nb2pipe.app.parameters import Given
from nb2pipe.app.plan import RunRequest
from nb2pipe.app.rerun import run_again
from nb2pipe.app.run import run_notebook
from nb2pipe.app.told import wanted_notify
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.options import from_option
from nb2pipe.cli.running import exit_code
from nb2pipe.cli.summary import print_summary
from nb2pipe.cli.watching import make_progress


@click.command("rerun", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("run")
@from_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def rerun_command(run: str, from_step: str, as_json: bool) -> None:
    """Run the notebook of RUN again, as it is now, with the parameters, executor and options of then.

    What succeeded then, and is as it was, comes from the cache: only what failed is run, and what stands after it.
    """
    again = run_again(command_settings(), run)
    notebook = again.run.notebook_path
    settings = command_settings(notebook, **again.flags)
    if again.is_changed:
        click.echo(f"{notebook} has changed since run {again.run.id}; it is run as it is now.", err=True)
    request = RunRequest(
        notebook,
        given=Given(values=again.parameters),
        cwd=again.cwd,
        kernel_name=again.kernel_name,
        tags=again.run.tags,
        timeout_s=again.timeout_s,
        notify=wanted_notify(again.notify),
        from_step=from_step,
    )
    progress = make_progress(sys.stderr, None, log_output=False)
    try:
        result = run_notebook(
            request,
            settings,
            begin=lambda plan, run: progress.begin(plan.pipeline, run, plan.executor.reason),
            watch=progress.step,
        )
    finally:
        progress.end()
    if as_json:
        click.echo(json.dumps(result_data(result) | {"is_changed": again.is_changed}, indent=2, ensure_ascii=False))
    else:
        print_summary(result, sys.stdout)
    sys.exit(exit_code(result))
