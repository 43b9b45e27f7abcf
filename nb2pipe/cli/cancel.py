"""``nb2pipe cancel``."""

from __future__ import annotations

import json

import click

from nb2pipe.app.history import OPEN, cancel_run
from nb2pipe.cli.context import command_settings
from nb2pipe.report.data import run_data

WAIT_S = 20.0


@click.command("cancel", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("run")
@click.option("--wait/--no-wait", default=True, help="Wait until it has stopped (default).")
@click.option("--json", "as_json", is_flag=True, help="Print the run as JSON.")
def command(run: str, wait: bool, as_json: bool) -> None:
    """Stop RUN, which may have been started in another terminal or on another machine with the same store.

    RUN is an id, the beginning of one or of its tail, or "latest".
    """
    found, asked = cancel_run(command_settings(), run, wait_s=WAIT_S if wait else 0.0)
    if as_json:
        click.echo(json.dumps(run_data(found) | {"cancel_requested": asked}, indent=2, ensure_ascii=False))
    elif not asked:
        click.echo(f"Run {found.id} has ended already: {found.state.value}.")
    elif found.state in OPEN:
        click.echo(f"Run {found.id} was asked to stop.")
    else:
        click.echo(f"Run {found.id} {found.state.value}.")
