"""``nb2pipe run``: papermill's command line, for pipelines."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

import click

from nb2pipe.app.executors import Executors
from nb2pipe.app.hints import likely_executor, mark_of
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.flags import RunFlags
from nb2pipe.cli.options import (
    approve_option,
    from_option,
    papermill_options,
    parameter_options,
    refused_options,
    settings_options,
)
from nb2pipe.model.ids import new_run_id
from nb2pipe.settings import Settings


@click.command("run", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("notebook", required=False, metavar="IN.ipynb")
@click.argument("output", default="", metavar="[OUT.ipynb]")
@parameter_options
@settings_options
@papermill_options
@click.option("--report", default="", metavar="OUT.html", help="Write an HTML report.")
@click.option("--tag", "tags", multiple=True, metavar="LABEL", help="A label of yours for this run.")
@from_option
@approve_option
@click.option("--notify", multiple=True, metavar="NAME", help="Tell by this channel of your settings if it fails.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="S", help="Seconds a step may take.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@refused_options
def command(notebook: str | None, output: str, **values: Any) -> None:
    """Run IN.ipynb as a pipeline and write its cells with their outputs to OUT.ipynb, on failure too.

    IN and OUT can be "-" (standard input and output) and whatever papermill reads and writes (s3://, gs:// ...).
    Without OUT the executed notebook is kept in the run's folder.

    \b
    nb2pipe run churn.ipynb out.ipynb -p rows 1000 -p model forest --report out.html
    """
    if notebook is None:
        if sys.stdin.isatty():
            raise click.UsageError("Missing argument 'IN.ipynb'.")
        notebook, output = "-", "-"  # as papermill does in a pipe
    if output == "-" and values["as_json"]:
        raise click.UsageError("OUT '-' and --json both write to standard output; give OUT a file.")
    flags = RunFlags(notebook, output, values)
    settings = command_settings(
        notebook, executor=flags.executor, image=flags.image, jobs=flags.jobs, cache=flags.cache
    )
    if flags.help_notebook or flags.prepare_only:
        _only_look(flags, settings)
        return
    _run(flags, settings)


def _run(flags: RunFlags, settings: Settings) -> NoReturn:
    mark = mark_of(settings.home, flags.notebook, *flags.identity())
    is_cached = settings.cache and not flags.from_step and mark is not None and mark.exists()
    with Executors(settings, lambda line: click.echo(line, err=True)) as executors:
        if not is_cached:
            executors.warm(likely_executor(flags.notebook, settings))
        # Imported late on purpose: the executor gets ready in other processes while ours loads the analysis,
        from nb2pipe.app.plan import stand_by
        from nb2pipe.cli import planning

        plan, run_id = planning.plan(flags, settings, executors), new_run_id()
        if not is_cached:
            stand_by(plan, executors, run_id)
        # and its containers while ours loads the store.
        from nb2pipe.cli import running

        sys.exit(running.run(flags, plan, executors, run_id, mark))


def _only_look(flags: RunFlags, settings: Settings) -> None:
    from nb2pipe.cli import running  # late, as above

    if flags.help_notebook:
        running.help_notebook(flags)
    else:
        running.prepare_only(flags, settings)
