"""``nb2pipe compile``."""

from __future__ import annotations

import json
import sys
from typing import Any, get_args

import click

from nb2pipe.app.compiling import CompileRequest, CompileResult, compile_notebook
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.diagnostics import print_diagnostics
from nb2pipe.kubeflow.findings import ENGINES
from nb2pipe.kubeflow.options import CompileOptions, Target


@click.command("compile", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("notebook", metavar="NOTEBOOK")
@click.option(
    "-o", "--output", default="", metavar="OUT.yaml", help="Where it goes (- prints it); default: NOTEBOOK.yaml."
)
@click.option(
    "--target", type=click.Choice(get_args(Target)), default="kfp", help="Kubeflow (kfp) or Vertex AI (vertex)."
)
@click.option("--image", metavar="IMAGE", help="Image of the steps that name none.")
@click.option("--local-images", is_flag=True, help="Let images of this machine pass, for kfp.local.")
@click.option("--cache/--no-cache", default=True, help="Whether the engine may take steps from its cache.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def command(notebook: str, as_json: bool, **values: Any) -> None:
    """Write NOTEBOOK as a pipeline that Kubeflow Pipelines or Vertex AI Pipelines runs as it is.

    Each step becomes a component that runs by papermill in the step's image. Build and push one for it first:

    \b
    nb2pipe image build churn.ipynb --push registry.example.com/team/churn
    nb2pipe compile churn.ipynb -o churn.yaml
    """
    if values["output"] == "-" and as_json:
        raise click.UsageError("-o - and --json both write to standard output; give the pipeline a file.")
    options = CompileOptions(values["target"], local_images=values["local_images"], cache=values["cache"])
    settings = command_settings(notebook, image=values["image"])
    result = compile_notebook(CompileRequest(notebook, values["output"], options), settings)
    print_diagnostics(notebook, result.pipeline.diagnostics, sys.stderr)
    if not result.path:
        click.echo(result.text, nl=False)
    elif as_json:
        click.echo(json.dumps(_data(result, options), indent=2, ensure_ascii=False))
    else:
        click.echo(_text(result, options))


def _data(result: CompileResult, options: CompileOptions) -> dict[str, Any]:
    return {
        "path": result.path,
        "target": options.target,
        "steps": [{"step": step.name, "image": step.settings.image} for step in result.pipeline.steps],
        "tasks": result.tasks,
        "bytes": len(result.text.encode()),
    }


def _text(result: CompileResult, options: CompileOptions) -> str:
    steps = len(result.pipeline.steps)
    words = "1 step" if steps == 1 else f"{steps} steps"
    size = max(1, round(len(result.text.encode()) / 1000))
    return f"Written to {result.path}: {words} for {ENGINES[options.target]}, {size} kB"
