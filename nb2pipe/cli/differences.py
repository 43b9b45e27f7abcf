"""``nb2pipe runs diff``: what differs between two runs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import IO, Any

import click

from nb2pipe.app.lineage.walks import compare_runs
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.terminal import harmless, styled
from nb2pipe.cli.words import value_text
from nb2pipe.lineage.diff import CellChange, Change, RunDiff
from nb2pipe.model import Run
from nb2pipe.model.json import to_json
from nb2pipe.report.lineage import shown_path
from nb2pipe.report.words import display_width, local_time, padded

COLOURS = {"+": "green", "-": "red", "@": "cyan"}
MOST_CHANGES = 200


@click.command("diff", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("first", metavar="RUN")
@click.argument("second", metavar="[RUN]", default="latest")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def diff_command(first: str, second: str, as_json: bool) -> None:
    """Show what differs between two runs: code, parameters, data, environment, images, metrics.

    Without a second RUN, the latest one is taken.
    """
    one, other, found = compare_runs(command_settings(), first, second)
    if as_json:
        data = {"runs": [one.run.id, other.run.id], "is_same": found.is_empty, **to_json(found)}
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        click.echo(diff_text(one.run, other.run, found, sys.stdout))


def diff_text(one: Run, other: Run, found: RunDiff, stream: IO[Any]) -> str:
    """The differences for a person."""
    blocks = ["\n".join([f"- {_run_line(one)}", f"+ {_run_line(other)}"])]
    parts = (
        ("Notebook", found.notebook, shown_path),
        ("Steps", found.steps, str),
        ("Parameters", found.parameters, value_text),
        ("Data read", found.data, _digest),
        ("Data written", found.written, _digest),
        ("Environment", (*found.python, *found.distributions), str),
        ("Images", found.images, str),
        ("Executor", found.executor, str),
        ("Metrics", found.metrics, value_text),
    )
    if found.cells:
        lines = [line for change in found.cells for line in _cell_lines(change, stream)]
        blocks.append("\n".join([styled("Code", stream, bold=True), *lines]))
    for title, changes, show in parts:
        if changes:
            blocks.append("\n".join([styled(title, stream, bold=True), *_change_lines(changes, show)]))
    if found.is_empty:
        blocks.append("Nothing that was recorded differs.")
    return "\n\n".join(blocks)


def _run_line(run: Run) -> str:
    who = f" by {run.user}" if run.user else ""
    return harmless(f"{run.id}  {shown_path(run.notebook_path)}, {run.state.value}, {local_time(run.created_at)}{who}")


def _cell_lines(change: CellChange, stream: IO[Any]) -> Iterator[str]:
    if change.before is None:
        what = f"cell {(change.after or 0) + 1} is new"
    elif change.after is None:
        what = f"cell {change.before + 1} is gone"
    else:
        moved = "" if change.before == change.after else f" (was cell {change.before + 1})"
        what = f"cell {change.after + 1}{moved}"
    yield harmless(f"  {what}, step {change.step}")
    for line in change.diff:
        if (change.before is not None and change.after is not None) or not line.startswith("@"):
            yield f"    {styled(harmless(line), stream, fg=COLOURS.get(line[:1]))}"


def _change_lines(changes: Iterable[Change], show: Any) -> Iterator[str]:
    rows = [(harmless(shown_path(change.name)), change) for change in changes]
    width = max(display_width(name) for name, _ in rows[:MOST_CHANGES])
    for name, change in rows[:MOST_CHANGES]:
        before = "(none)" if change.before is None else harmless(show(change.before))
        after = "(none)" if change.after is None else harmless(show(change.after))
        yield f"  {padded(name, width)}  {before} → {after}{_difference(change)}"
    if len(rows) > MOST_CHANGES:
        yield f"  and {len(rows) - MOST_CHANGES} more (--json has all)"


def _digest(digest: str) -> str:
    return digest[:8] or "(not known)"


def _difference(change: Change) -> str:
    numbers = [value for value in (change.before, change.after) if isinstance(value, (int, float))]
    if len(numbers) < 2 or any(isinstance(value, bool) for value in numbers):
        return ""
    before, after = numbers
    percent = f", {(after - before) / abs(before):+.1%}" if before else ""
    return f"  ({after - before:+.6g}{percent})"
