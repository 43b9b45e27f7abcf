"""``nb2pipe logs``."""

from __future__ import annotations

import sys
import time

import click

from nb2pipe.app.elsewhere.keep import keep_run_current, steps_wanted
from nb2pipe.app.history import OPEN, chosen_steps, show_run, step_logs
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.follow import LogReader
from nb2pipe.cli.stale import print_stale
from nb2pipe.cli.terminal import has_colours, styled, without_ansi
from nb2pipe.cli.words import failure_words
from nb2pipe.model import StepRun
from nb2pipe.settings import Settings

LOOK_EVERY_S = 0.5


@click.command("logs", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("run", default="latest")
@click.argument("step", required=False)
@click.option("--follow", is_flag=True, help="Go on until the run has ended.")
def command(run: str, step: str | None, follow: bool) -> None:
    """Print what the cells of RUN printed (of one STEP, or of all), and where the executed notebook of the step is.

    RUN is an id, the beginning of one or of its tail, or "latest".
    """
    settings = command_settings()
    print_stale(keep_run_current(settings, run, steps=steps_wanted(settings, run, step)))
    if follow:
        _follow(settings, run, step)
        return
    for step_run, text in step_logs(settings, run, step):
        if step is None:
            click.echo(styled(f"── {step_run.step} ({step_run.state.value})", sys.stdout, bold=True))
        shown = text if has_colours(sys.stdout) else without_ansi(text)
        click.echo(shown, nl=bool(shown) and not shown.endswith("\n"))
        if step is not None:
            _say_more(step_run)


def _say_more(step_run: StepRun) -> None:
    """What helps further, on stderr so that the log itself can be piped."""
    failure = step_run.failure
    if failure is not None:
        where = "" if failure.cell_index is None else f" in cell {failure.cell_index + 1}"
        click.echo(f"{step_run.state.value}{where}: {failure_words(failure)}", err=True)
    if step_run.notebook_path:
        click.echo(f"executed notebook of this step: {step_run.notebook_path}", err=True)


def _follow(settings: Settings, run: str, step: str | None) -> None:
    run = show_run(settings, run).run.id
    readers: dict[tuple[str, int], LogReader] = {}
    going = True
    while going:
        details = show_run(settings, run)
        going = details.run.state in OPEN
        # The steps of a run that has just begun may not be recorded yet.
        steps = details.steps if going and not details.steps else chosen_steps(details, step)
        for step_run in steps:
            if not step_run.log_path:
                continue
            reader = readers.setdefault((step_run.step, step_run.attempt), LogReader(step_run.log_path))
            for line in reader.lines(last=step_run.state.is_final or not going):
                text = line if has_colours(sys.stdout) else without_ansi(line)
                click.echo(text if step else f"{step_run.step} | {text}")
        sys.stdout.flush()
        if going:
            time.sleep(LOOK_EVERY_S)
    click.echo(f"run {run} {details.run.state.value}", err=True)
