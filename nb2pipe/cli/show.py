"""``nb2pipe show``."""

from __future__ import annotations

import json
import sys

import click

from nb2pipe.app.notebooks import edge_reasons, read_pipeline
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.diagnostics import print_diagnostics
from nb2pipe.cli.names import known_step
from nb2pipe.cli.terminal import width_of
from nb2pipe.model import Pipeline
from nb2pipe.report.data import pipeline_data
from nb2pipe.report.mermaid import pipeline_mermaid
from nb2pipe.report.svg import pipeline_svg
from nb2pipe.report.text import pipeline_text


@click.command("show", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("notebook")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "mermaid", "json", "svg"]),
    default="text",
    help="As text (default), Mermaid, JSON or an SVG picture.",
)
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
@click.option("--why", nargs=2, metavar="EARLY LATE", help="Say in words why one step waits for another.")
def command(notebook: str, form: str, as_json: bool, why: tuple[str, str] | None) -> None:
    """Show the pipeline that NOTEBOOK makes: its steps, what flows between them, what can run side by side."""
    command_settings(notebook)
    pipeline = read_pipeline(notebook)
    if why is not None:
        click.echo(_why(pipeline, *why))
        return
    click.echo(_drawn(pipeline, "json" if as_json else form), nl=False)
    if form == "text" and not as_json:
        findings = [diagnostic for diagnostic in pipeline.diagnostics if diagnostic.severity != "info"]
        print_diagnostics(notebook, findings, sys.stderr)


def _drawn(pipeline: Pipeline, form: str) -> str:
    if form == "json":
        return json.dumps(pipeline_data(pipeline), indent=2, ensure_ascii=False) + "\n"
    if form == "mermaid":
        return pipeline_mermaid(pipeline)
    if form == "svg":
        return pipeline_svg(pipeline, standalone=True)
    return pipeline_text(pipeline, width_of(sys.stdout))


def _why(pipeline: Pipeline, early: str, late: str) -> str:
    early, late = known_step(pipeline, early), known_step(pipeline, late)
    reasons = edge_reasons(pipeline, early, late)
    if reasons:
        return "\n".join([f"{late} waits for {early}:", *(f"  - {reason}" for reason in reasons)])
    if edge_reasons(pipeline, late, early):
        return f"{late} does not wait for {early}; it is the other way round."
    return f"{late} and {early} do not wait for each other: they can run side by side."
