"""Options that several commands share, and papermill's that nb2pipe refuses by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from nb2pipe.cli.flags import MUTED

F = TypeVar("F", bound=Callable[..., Any])

# Papermill's option to the reason why it cannot be honoured; refused by name, never dropped.
REFUSED: Mapping[str, str] = {
    "--engine": "steps run in nb2pipe's own papermill engine; choose where they run with --executor",
    "--language": "the notebook's own metadata names its language; choose a kernel with --kernel",
    "--start-timeout": "kernels are started ahead of need and a kernel that does not start is an error at once",
    "--execution-timeout": "it limits each cell; limit a step with --timeout, or its setting timeout_s",
}


def parameter_options(function: F) -> F:
    """Papermill's options for parameters."""
    for option in reversed(
        (
            click.option("-p", "--parameters", nargs=2, multiple=True, metavar="NAME VALUE", help="A parameter."),
            click.option(
                "-r", "--parameters_raw", nargs=2, multiple=True, metavar="NAME TEXT", help="A parameter, kept as text."
            ),
            click.option("-f", "--parameters_file", multiple=True, metavar="FILE", help="YAML or JSON of parameters."),
            click.option("-y", "--parameters_yaml", multiple=True, metavar="YAML", help="Parameters as YAML."),
            click.option("-b", "--parameters_base64", multiple=True, metavar="TEXT", help="The same in base64."),
        )
    ):
        function = option(function)
    return function


def settings_options(function: F) -> F:
    """Options that override settings."""
    for option in reversed(
        (
            click.option(
                "--executor",
                metavar="NAME",
                help="Where steps run: process or container; default: as there are images.",
            ),
            click.option("--image", metavar="IMAGE", help="Image for steps that name none; runs them in containers."),
            click.option("-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="Steps at a time."),
            click.option("--cache/--no-cache", default=None, help="Take unchanged steps from earlier runs (default)."),
        )
    ):
        function = option(function)
    return function


def papermill_options(function: F) -> F:
    """What else papermill has on its command line, in its own words where there is nothing to add."""
    for option in reversed(
        (
            click.option(
                "--cwd", metavar="DIR", help="Working directory of the steps; default: the notebook's folder."
            ),
            click.option("-k", "--kernel", metavar="NAME", help="Kernel to run in; default: the notebook's own."),
            click.option("--progress-bar/--no-progress-bar", default=None, help="Show how the run goes (default)."),
            click.option("--log-output/--no-log-output", default=False, help="Print what the cells print, too."),
            click.option("--help-notebook", is_flag=True, help="Print the notebook's parameters and do not run it."),
            click.option(
                "--prepare-only/--prepare-execute", default=False, help="Write OUT with the parameters, do not run."
            ),
            click.option("--report-mode/--no-report-mode", default=False, help="Fold the code cells of OUT."),
            click.option(
                "--stdout-file", type=click.Path(dir_okay=False), metavar="FILE", help="Write what cells print there."
            ),
            click.option(
                "--stderr-file", type=click.Path(dir_okay=False), metavar="FILE", help="The same for standard error."
            ),
            click.option("--inject-input-path", is_flag=True, help="Pass IN as the parameter PAPERMILL_INPUT_PATH."),
            click.option("--inject-output-path", is_flag=True, help="Pass OUT as the parameter PAPERMILL_OUTPUT_PATH."),
            click.option("--inject-paths", is_flag=True, help="Both."),
            click.option(
                "--request-save-on-cell-execute/--no-request-save-on-cell-execute",
                default=None,
                help="Save a step's notebook at every cell; default: every 10 s and at its end.",
            ),
            click.option(
                "--autosave-cell-every",
                type=click.IntRange(min=0),
                metavar="S",
                help="Save it every S seconds; 0: at the end.",
            ),
            click.option(
                "--log-level",
                type=click.Choice(["NOTSET", "DEBUG", "INFO", *MUTED]),
                default="INFO",
                help="WARNING and above show no progress.",
            ),
        )
    ):
        function = option(function)
    return function


from_option = click.option(
    "--from", "from_step", default="", metavar="STEP", help="Run STEP and all after it anew; others may be cached."
)
approve_option = click.option(
    "--approve", multiple=True, metavar="STEP", help="Approve STEP ahead, or all; nobody is asked."
)


def refused_options(function: F) -> F:
    """Papermill's options that nb2pipe does not honour: each says why when it is used."""
    names: Mapping[str, Sequence[str]] = {
        "--engine": ("--engine",),
        "--language": ("-l", "--language"),
        "--start-timeout": ("--start-timeout", "--start_timeout"),
        "--execution-timeout": ("--execution-timeout",),
    }
    for name, reason in REFUSED.items():
        option = click.option(*names[name], expose_value=False, hidden=True, callback=_refuse(name, reason))
        function = option(function)
    return function


def _refuse(name: str, reason: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        if value is not None:
            raise click.UsageError(f"papermill's option {name} is not supported: {reason}.", ctx)

    return callback
