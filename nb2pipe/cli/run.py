"""``nb2pipe run``: papermill's command line, for pipelines."""

from __future__ import annotations

import sys
from typing import Any

import click

from nb2pipe.app.executors import start_executor
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.flags import MUTED, RunFlags
from nb2pipe.cli.options import parameter_options, refused_options, settings_options
from nb2pipe.settings import Settings


@click.command("run", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("notebook", required=False, metavar="IN.ipynb")
@click.argument("output", default="", metavar="[OUT.ipynb]")
@parameter_options
@settings_options
@click.option("--report", default="", metavar="OUT.html", help="Write an HTML report.")
@click.option("--cwd", metavar="DIR", help="Working directory of the steps; default: the notebook's folder.")
@click.option("-k", "--kernel", metavar="NAME", help="Kernel to run in; default: the notebook's own.")
@click.option("--tag", "tags", multiple=True, metavar="LABEL", help="A label of yours for this run.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="S", help="Seconds a step may take.")
@click.option("--progress-bar/--no-progress-bar", default=None, help="Show how the run goes (default).")
@click.option("--log-output/--no-log-output", default=False, help="Print what the cells print, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--help-notebook", is_flag=True, help="Print the notebook's parameters and do not run it.")
@click.option("--prepare-only/--prepare-execute", default=False, help="Write OUT with the parameters, do not run.")
@click.option("--report-mode/--no-report-mode", default=False, help="Fold the code cells of OUT.")
@click.option("--stdout-file", type=click.Path(dir_okay=False), metavar="FILE", help="Write what cells print there.")
@click.option("--stderr-file", type=click.Path(dir_okay=False), metavar="FILE", help="The same for standard error.")
@click.option("--inject-input-path", is_flag=True, help="Pass IN as the parameter PAPERMILL_INPUT_PATH.")
@click.option("--inject-output-path", is_flag=True, help="Pass OUT as the parameter PAPERMILL_OUTPUT_PATH.")
@click.option("--inject-paths", is_flag=True, help="Both.")
@click.option(
    "--request-save-on-cell-execute/--no-request-save-on-cell-execute",
    default=None,
    help="Save a step's notebook at every cell; default: every 10 s and at its end.",
)
@click.option(
    "--autosave-cell-every", type=click.IntRange(min=0), metavar="S", help="Save it every S seconds; 0: at the end."
)
@click.option(
    "--log-level",
    type=click.Choice(["NOTSET", "DEBUG", "INFO", *MUTED]),
    default="INFO",
    help="WARNING and above show no progress.",
)
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
    settings = command_settings(notebook, executor=flags.executor, jobs=flags.jobs, cache=flags.cache)
    if flags.help_notebook or flags.prepare_only:
        _only_look(flags, settings)
        return
    executor = start_executor(settings.executor)
    try:
        # Imported late on purpose: the executor gets ready in other processes while ours loads the analysis.
        from nb2pipe.cli import running

        sys.exit(running.run(flags, settings, executor))
    finally:
        executor.close()


def _only_look(flags: RunFlags, settings: Settings) -> None:
    from nb2pipe.cli import running  # late, as above

    if flags.help_notebook:
        running.help_notebook(flags)
    else:
        running.prepare_only(flags, settings)
