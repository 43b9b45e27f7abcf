"""``nb2pipe runs``: list, show, prune."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import click

from nb2pipe.app.elsewhere.keep import keep_current, keep_run_current
from nb2pipe.app.history import PruneResult, RunDetails, list_runs, prune_runs, show_run
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.details import details_text
from nb2pipe.cli.differences import diff_command
from nb2pipe.cli.rerun import rerun_command
from nb2pipe.cli.stale import print_stale
from nb2pipe.cli.table import table_text
from nb2pipe.cli.times import duration_of, moment_of
from nb2pipe.cli.words import parameters_text, run_seconds
from nb2pipe.model import Run, State
from nb2pipe.report.data import run_data, step_data
from nb2pipe.report.words import duration_text, local_time, size_text

HELP = {"help_option_names": ["-h", "--help"]}
MOST = 10**9  # a database counts no further than 2**63
STATES = click.Choice([state.value for state in State])


class ListByDefault(click.Group):
    """A group that lists: ``nb2pipe runs --limit 5`` means ``nb2pipe runs list --limit 5``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``list`` in front where no command is named."""
        if not args or (args[0].startswith("-") and args[0] not in ("-h", "--help")):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group("runs", cls=ListByDefault, context_settings=HELP)
def command() -> None:
    """List, show, compare, repeat and prune runs. RUN is an id, the beginning of one or of its tail, or "latest"."""


@command.command("list", context_settings=HELP)
@click.option("-n", "--limit", type=click.IntRange(1, MOST), default=20, show_default=True, help="At most so many.")
@click.option("--all", "everything", is_flag=True, help="All of them.")
@click.option("--state", "states", multiple=True, type=STATES, help="Only runs in this state; may be repeated.")
@click.option("--notebook", metavar="PATH", help="Only runs of this notebook.")
@click.option("--tag", metavar="LABEL", help="Only runs with this label.")
@click.option("--since", metavar="WHEN", help="Only runs since then: 2h, 7d, 2026-11-24.")
@click.option("--user", metavar="NAME", help="Only runs that this user started.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def list_command(
    limit: int,
    everything: bool,
    states: tuple[str, ...],
    notebook: str | None,
    tag: str | None,
    since: str | None,
    user: str | None,
    as_json: bool,
) -> None:
    """List runs, newest first."""
    settings = command_settings()
    print_stale(keep_current(settings))
    runs, metrics = list_runs(
        settings,
        limit=None if everything else limit,
        states=[State(state) for state in states],
        notebook=notebook,
        tag=tag,
        since=moment_of(since) if since else None,
        user=user,
    )
    if as_json:
        data = [run_data(run) | {"metrics": metrics.get(run.id, {})} for run in runs]
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    elif runs:
        click.echo(_table(runs, metrics))
    else:
        click.echo("No runs." if not (states or notebook or tag or since or user) else "No runs that fit.")


def _table(runs: Sequence[Run], metrics: dict[str, dict[str, Any]]) -> str:
    rows = [
        [
            run.id,
            run.state.value,
            run.target or "here",
            run.pipeline,
            local_time(run.created_at),
            duration_text(run_seconds(run)),
            parameters_text(metrics.get(run.id, {}), 40),
            parameters_text(run.parameters, 40),
        ]
        for run in runs
    ]
    head = ["RUN", "STATE", "WHERE", "PIPELINE", "STARTED", "TOOK", "METRICS", "PARAMETERS"]
    return table_text(head, rows, sys.stdout, ["TOOK"])


@command.command("show", context_settings=HELP)
@click.argument("run", default="latest")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.option("--notebook-text", is_flag=True, help="Print the source notebook as it was, and nothing else.")
def show_command(run: str, as_json: bool, notebook_text: bool) -> None:
    """Show a run: its steps, parameters, metrics, artifacts and why it failed."""
    settings = command_settings()
    print_stale(keep_run_current(settings, run))
    details = show_run(settings, run)
    if notebook_text:
        click.echo(details.run.notebook_text, nl=not details.run.notebook_text.endswith("\n"))
    elif as_json:
        click.echo(json.dumps(_data(details), indent=2, ensure_ascii=False))
    else:
        click.echo(details_text(details, sys.stdout))


def _data(details: RunDetails) -> dict[str, Any]:
    steps = [step_data(step) for step in details.steps]
    return {"run": run_data(details.run), "steps": steps, "folder": str(details.folder)}


command.add_command(diff_command)
command.add_command(rerun_command)


@command.command("prune", context_settings=HELP)
@click.argument("runs", nargs=-1, metavar="[RUN]...")
@click.option("--older-than", metavar="AGE", help="Runs older than this: 12h, 30d, 8w.")
@click.option(
    "--keep",
    "--keep-last",
    "keep_last",
    type=click.IntRange(0, MOST),
    default=0,
    help="Keep the last N of each pipeline.",
)
@click.option("--state", "states", multiple=True, type=STATES, help="Only runs in this state; may be repeated.")
@click.option("--values", is_flag=True, help="Remove the values that they saved, and keep their records.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON; needs --yes or --dry-run.")
def prune_command(
    runs: tuple[str, ...],
    older_than: str | None,
    keep_last: int,
    states: tuple[str, ...],
    values: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Remove runs with their folders, and values that no remaining run refers to. Runs that go on stay.

    With --values, only the values go: what runs did, their metrics, lineage, notebooks and logs are kept.
    """
    settings = command_settings()
    age: timedelta | None = duration_of(older_than) if older_than else None
    prune = partial(
        prune_runs,
        settings,
        older_than=age,
        keep_last=keep_last,
        states=[State(state) for state in states],
        ids=runs or None,
        values_only=values,
    )
    preview = prune(dry_run=True)
    if preview.run_ids and not (dry_run or yes) and not _confirmed(preview, values, as_json):
        click.echo("Nothing was removed.")
        return
    result = preview if dry_run else prune()
    click.echo(_pruned_json(result, dry_run) if as_json else _pruned_text(result, values, dry_run))


def _confirmed(preview: PruneResult, values: bool, as_json: bool) -> bool:
    if as_json or not sys.stdin.isatty():
        raise click.UsageError("There is nobody to ask; add --yes or --dry-run.")
    click.echo("\n".join(preview.run_ids))
    size = "" if values else f" ({size_text(preview.freed_bytes)} of files)"
    return click.confirm(f"Remove {_what(preview.run_ids, values)}{size}?")


def _pruned_json(result: PruneResult, dry_run: bool) -> str:
    return json.dumps({"runs": result.run_ids, "freed_bytes": result.freed_bytes, "dry_run": dry_run}, indent=2)


def _pruned_text(result: PruneResult, values: bool, dry_run: bool) -> str:
    what = _what(result.run_ids, values)
    if dry_run:
        return "\n".join([*result.run_ids, f"Would remove {what}."])
    text = f"Removed {what}, {size_text(result.freed_bytes)} freed."
    return f"{text}\nThe values they saved were left: {result.values_kept}." if result.values_kept else text


def _what(run_ids: Sequence[str], values: bool) -> str:
    count = f"{len(run_ids)} {'run' if len(run_ids) == 1 else 'runs'}"
    return f"the values of {count}" if values else count
