"""``nb2pipe check``."""

from __future__ import annotations

import json
import re
import sys

import click

from nb2pipe.app.notebooks import CheckResult, check_notebook
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.diagnostics import counts, print_diagnostics
from nb2pipe.cli.explain import explain_code
from nb2pipe.report.data import diagnostic_data

SEVERITIES = ("error", "warning", "info")
CODE = re.compile(r"N2P\d+", re.IGNORECASE)


@click.command("check", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("notebooks", nargs=-1, metavar="NOTEBOOK...")
@click.option("--json", "as_json", is_flag=True, help="Print findings as JSON.")
@click.option(
    "--explain",
    is_flag=False,
    flag_value="all",
    metavar="[CODE]",
    help="Explain a code such as N2P201, or every code that was found.",
)
@click.option("--strict", is_flag=True, help="Exit with 2 on warnings too.")
def command(notebooks: tuple[str, ...], as_json: bool, explain: str | None, strict: bool) -> None:
    """Look for everything that would stop or bend a run, without running anything.

    Exit code 2 when a notebook would be refused. Takes several notebooks, as pre-commit gives them.
    """
    if explain and CODE.fullmatch(explain):
        click.echo(explain_code(explain.upper()))
        if not notebooks:
            return
    elif explain and explain != "all":
        notebooks = (explain, *notebooks)  # ``--explain tour.ipynb``: the option takes the word behind it
    if not notebooks:
        raise click.UsageError("Missing argument 'NOTEBOOK...'.")
    results = [check_notebook(path, command_settings(path)) for path in notebooks]
    if as_json:
        _print_json(results)
    else:
        _print_text(results, with_explanations=explain is not None and not CODE.fullmatch(explain))
    severities = {diagnostic.severity for result in results for diagnostic in result.diagnostics}
    if "error" in severities or (strict and "warning" in severities):
        sys.exit(2)


def _print_json(results: list[CheckResult]) -> None:
    click.echo(
        json.dumps(
            [
                {
                    "notebook": result.path,
                    "ok": not result.is_refused,
                    "diagnostics": [diagnostic_data(diagnostic) for diagnostic in result.diagnostics],
                }
                for result in results
            ],
            indent=2,
            ensure_ascii=False,
        )
    )


def _print_text(results: list[CheckResult], with_explanations: bool) -> None:
    for result in results:
        print_diagnostics(result.path, result.diagnostics, sys.stdout)
        if result.pipeline is not None and not result.diagnostics:
            steps = len(result.pipeline.steps)
            click.echo(f"{result.path}: no problems, {steps} {'step' if steps == 1 else 'steps'}")
    findings = [diagnostic for result in results for diagnostic in result.diagnostics]
    if with_explanations:
        for code in sorted({diagnostic.code for diagnostic in findings}):
            click.echo(f"\n{explain_code(code)}")
    elif findings:
        worst = min(findings, key=lambda finding: SEVERITIES.index(finding.severity))
        click.echo(f"{counts(findings)}; nb2pipe check --explain {worst.code} says more", err=True)
