"""``nb2pipe submit``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import click

from nb2pipe.app.data import result_data
from nb2pipe.app.elsewhere.keep import watch_run
from nb2pipe.app.elsewhere.submit import SubmitRequest, submit_notebook
from nb2pipe.app.parameters import given_parameters
from nb2pipe.app.result import RunResult
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.diagnostics import print_diagnostics
from nb2pipe.cli.options import parameter_options
from nb2pipe.cli.summary import print_summary
from nb2pipe.cli.target import labels_of
from nb2pipe.cli.terminal import harmless, unread_is_fine
from nb2pipe.cli.watching import make_progress
from nb2pipe.model import Pipeline, Run, State, StepRun
from nb2pipe.report.data import run_data
from nb2pipe.settings import Settings


@click.command("submit", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("notebook", metavar="NOTEBOOK")
@click.option(
    "--to", "target", required=True, metavar="TARGET", help="Where to: a name of `nb2pipe target list`, or kfp."
)
@parameter_options
@click.option("--image", metavar="IMAGE", help="Image of the steps that name none.")
@click.option("--cache/--no-cache", default=None, help="Whether the engine may take steps from its cache (default).")
@click.option(
    "--run-name", default="", metavar="NAME", help="Name of the run there; default: the pipeline's, and when."
)
@click.option("--label", "labels", multiple=True, metavar="NAME=TEXT", help="A label for the run; may be repeated.")
@click.option("--tag", "tags", multiple=True, metavar="LABEL", help="A label for the record here.")
@click.option("--wait", is_flag=True, help="Follow the run to its end; the exit code says how that was.")
@click.option("--json", "as_json", is_flag=True, help="Print the run as JSON.")
@click.pass_context
def command(ctx: click.Context, /, notebook: str, wait: bool, as_json: bool, **values: Any) -> None:
    """Send NOTEBOOK to an engine elsewhere; it runs there, and its record is kept here.

    \b
    nb2pipe image build churn.ipynb --push registry.example.com/team/churn
    nb2pipe submit churn.ipynb --to cluster -p n_customers 5000 --wait

    nb2pipe runs, logs and cancel work for it as for a run on this machine.
    """
    settings = command_settings(notebook, image=values["image"], cache=values["cache"])
    run, pipeline = submit_notebook(_request(notebook, values), settings)
    print_diagnostics(notebook, [each for each in pipeline.diagnostics if each.severity == "warning"], sys.stderr)
    if wait:
        ctx.exit(_follow(run, pipeline, settings, as_json))
    if as_json:
        click.echo(json.dumps({"run": run_data(run)}, indent=2, ensure_ascii=False))
    else:
        click.echo(_sent(run))


def _request(notebook: str, values: dict[str, Any]) -> SubmitRequest:
    given = given_parameters(
        base64_texts=values["parameters_base64"],
        files=values["parameters_file"],
        yaml_texts=values["parameters_yaml"],
        texts=values["parameters"],
        raw=values["parameters_raw"],
    )
    labels = labels_of(values["labels"])
    return SubmitRequest(notebook, values["target"], given, values["run_name"], labels, values["tags"])


def _sent(run: Run) -> str:
    lines = [f"Run {run.id} sent to {run.target}."]
    if run.elsewhere is not None and run.elsewhere.url:
        lines.append(f"  page     {run.elsewhere.url}")
    lines += [f"  state    nb2pipe runs show {run.id}", f"  logs     nb2pipe logs {run.id}"]
    return "\n".join(harmless(line) for line in lines)


def _follow(run: Run, pipeline: Pipeline, settings: Settings, as_json: bool) -> int:
    """Show the run until its end; the exit code."""
    click.echo(_sent(run), err=True)
    progress = make_progress(sys.stderr, None, log_output=False)
    progress.begin(pipeline, run, f"on {run.target}")
    try:
        ended, steps = watch_run(settings, run.id, watch=progress.step, trouble=_trouble)
    except KeyboardInterrupt:
        click.echo(f"Run {run.id} goes on there. Stop it: nb2pipe cancel {run.id}", err=True)
        raise
    finally:
        progress.end()
    result = _result(ended, steps, pipeline, settings)
    with nullcontext() if as_json else unread_is_fine(sys.stdout):
        if as_json:
            click.echo(json.dumps(result_data(result), indent=2, ensure_ascii=False))
        else:
            print_summary(result, sys.stdout)
    return 130 if ended.state is State.CANCELLED else int(ended.state is not State.SUCCEEDED)


def _trouble(problem: str) -> None:
    click.echo(harmless(f"no news: {problem}; it is asked again"), err=True)


def _result(run: Run, steps: Sequence[StepRun], pipeline: Pipeline, settings: Settings) -> RunResult:
    problems = (run.message,) if run.message and run.state is not State.CANCELLED else ()
    path = run.output_path if run.elsewhere is not None and run.elsewhere.fetched else ""
    return RunResult(run, pipeline, tuple(steps), {}, notebook_path=path, home=settings.home, problems=problems)
