"""``nb2pipe batch``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from typing import Any

import click

from nb2pipe.app.batches.plan import BatchRequest, shared
from nb2pipe.app.batches.running import BatchItem, batch_notebook
from nb2pipe.app.batches.sets import ParameterSet, crossed, file_sets, grid_sets, with_common
from nb2pipe.app.cancel import Cancel
from nb2pipe.app.data import result_data
from nb2pipe.app.files import check_apart, check_writable, write_text
from nb2pipe.app.parameters import given_parameters
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.failure import where
from nb2pipe.cli.options import approve_option, parameter_options, settings_options
from nb2pipe.cli.table import table_text
from nb2pipe.cli.terminal import harmless, styled, unread_is_fine, without_ansi
from nb2pipe.cli.words import COLOURS, failure_words, parameters_text, run_seconds, value_text
from nb2pipe.model import State
from nb2pipe.report.junit import Case, junit_xml
from nb2pipe.report.words import duration_text


@click.command("batch", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("notebook")
@click.option("--grid", multiple=True, metavar="NAME=A,B", help="Values of a parameter; several make all combinations.")
@click.option("--file", "file", metavar="FILE", help="One set a row: .yaml, .json, .jsonl or .csv.")
@click.option("--output-dir", default="", metavar="DIR", help="Folder for the executed notebooks.")
@click.option("--junit", default="", metavar="OUT.xml", help="Write JUnit XML for CI.")
@click.option("--fail-fast", is_flag=True, help="Start no further run once one has failed.")
@click.option("--step-jobs", type=click.IntRange(min=1), metavar="N", help="Steps at a time within a run.")
@click.option("--cwd", metavar="DIR", help="Working directory of the steps; default: the notebook's folder.")
@click.option("-k", "--kernel", metavar="NAME", help="Kernel to run in; default: the notebook's own.")
@click.option("--tag", "tags", multiple=True, metavar="LABEL", help="A label of yours for all the runs.")
@approve_option
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="S", help="Seconds a step may take.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@parameter_options
@settings_options
def command(notebook: str, jobs: int | None, as_json: bool, junit: str, **options: Any) -> None:
    """Run NOTEBOOK once for each parameter set, --jobs at a time, and print a table of what came out.

    All sets are checked before the first run; a wrong one is refused (exit code 2). Exit code 1 if a run failed.

    \b
    nb2pipe batch train.ipynb --grid lr=0.1,0.01 --grid depth=3,5 --jobs 2 --junit out.xml
    """
    settings = command_settings(
        notebook,
        executor=options["executor"],
        image=options["image"],
        cache=options["cache"],
        jobs=options["step_jobs"],
    )
    check_writable(junit, "the JUnit file")
    check_apart(("the notebook", notebook), ("the file of sets", options["file"] or ""), ("the JUnit file", junit))
    request = _request(notebook, _sets(options), jobs or settings.jobs, options)
    if options["step_jobs"] is None:
        settings = shared(settings, request.runs_at_a_time)
    cancel = Cancel()
    items = batch_notebook(request, settings, ended=_say, cancel=cancel)
    try:
        with nullcontext() if as_json else unread_is_fine(sys.stdout):
            click.echo(_json(items) if as_json else _table(items))
    finally:
        if junit:
            write_text(junit, junit_xml(notebook, [_case(item) for item in items]), "the JUnit file")
    if cancel.is_requested():
        sys.exit(130)
    sys.exit(0 if all(item.is_good for item in items) else 1)


def _sets(options: dict[str, Any]) -> list[ParameterSet]:
    if not options["grid"] and not options["file"]:
        raise click.UsageError("Give parameter sets: --grid NAME=A,B or --file sets.csv.")
    common = given_parameters(
        base64_texts=options["parameters_base64"],
        files=options["parameters_file"],
        yaml_texts=options["parameters_yaml"],
        texts=options["parameters"],
        raw=options["parameters_raw"],
    )
    grid = grid_sets(options["grid"]) if options["grid"] else []
    rows = file_sets(options["file"]) if options["file"] else []
    return with_common(crossed(grid, rows), common)


def _request(notebook: str, sets: list[ParameterSet], at_a_time: int, options: dict[str, Any]) -> BatchRequest:
    return BatchRequest(
        notebook=notebook,
        sets=tuple(sets),
        runs_at_a_time=min(at_a_time, len(sets)),
        output_dir=options["output_dir"],
        fail_fast=options["fail_fast"],
        cwd=options["cwd"],
        kernel_name=options["kernel"],
        tags=tuple(options["tags"]),
        timeout_s=options["timeout"],
        approve=tuple(options["approve"]),
    )


def _say(item: BatchItem) -> None:
    """One line for each run that ends."""
    state = styled(item.state.value, sys.stderr, fg=COLOURS[item.state])
    with suppress(OSError):  # nobody reads: the runs go on
        click.echo(f"{item.number}: {state}  {harmless(parameters_text(item.given))}", err=True)
        for warning in item.result.warnings if item.result else ():
            click.echo(styled(f"  warning  {harmless(warning)}", sys.stderr, fg="yellow"), err=True)


def _table(items: Sequence[BatchItem]) -> str:
    names = list(dict.fromkeys(name for item in items for name in item.given))
    metrics = list(dict.fromkeys(name for item in items if item.result for name in item.result.metrics))
    head = ["#", *names, "STATE", "TIME", *metrics, "RUN", ""]
    rows = [
        [
            str(item.number),
            *(value_text(item.given[name], 24) if name in item.given else "" for name in names),
            item.state.value,
            duration_text(run_seconds(item.result.run)) if item.result else "",
            *(_metric(item, name) for name in metrics),
            item.result.id if item.result else "",
            value_text(_failed(item), 60),
        ]
        for item in items
    ]
    good = sum(1 for item in items if item.is_good)
    return f"{table_text(head, rows, sys.stdout, ['#', 'TIME', *metrics])}\n\n{good} of {len(items)} succeeded"


def _metric(item: BatchItem, name: str) -> str:
    if item.result is None or name not in item.result.metrics:
        return ""
    value = item.result.metrics[name]
    return f"{value:.6g}" if isinstance(value, float) else value_text(value, 24)


def _failed(item: BatchItem) -> str:
    """Why it did not succeed, in one line."""
    if item.result is None or item.problem:
        return item.problem
    for name, failure in item.result.failures.items():
        place = "" if failure.cell_index is None else f", {where(failure)}"
        return f"{name}{place}: {failure_words(failure)}"
    return item.result.run.message or "; ".join(item.result.problems)


def _case(item: BatchItem) -> Case:
    name = f"{item.number} {parameters_text(item.given, 200)}"
    if item.result is None and not item.problem:
        return Case(name, skipped="not started")
    details = without_ansi("\n".join(f.traceback for f in item.result.failures.values())) if item.result else ""
    output = ""
    if item.result is not None:
        output = "\n".join([f"run {item.result.id}", f"notebook {item.result.notebook_path}"])
        output += "".join(f"\n{name} = {value_text(value)}" for name, value in item.result.metrics.items())
    seconds = run_seconds(item.result.run) if item.result else None
    failure = "" if item.is_good else _failed(item) or item.state.value
    skipped = "cancelled" if item.state is State.CANCELLED else ""
    return Case(name, seconds or 0.0, "" if skipped else failure, details, skipped, output)


def _json(items: Sequence[BatchItem]) -> str:
    data = [
        {"number": item.number, "given": item.given, "state": item.state.value, "problem": item.problem}
        | (result_data(item.result) if item.result else {})
        for item in items
    ]
    return json.dumps(data, indent=2, ensure_ascii=False)
