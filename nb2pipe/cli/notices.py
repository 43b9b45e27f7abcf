"""``nb2pipe notices``: list, test, retry."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import click

from nb2pipe.app import notices as use
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.runs import MOST, ListByDefault
from nb2pipe.cli.table import table_text
from nb2pipe.model import Delivery, Notice
from nb2pipe.report.words import local_time

HELP = {"help_option_names": ["-h", "--help"]}
STATES = click.Choice([state.value for state in Delivery])
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


@click.group("notices", cls=ListByDefault, context_settings=HELP)
def command() -> None:
    """What people were told of runs, or are to be told. NOTICE is a notice's id, or the beginning of one.

    Channels stand in your settings file as [notices.NAME]; nb2pipe schedule add --notify NAME uses one.
    """


@command.command("list", context_settings=HELP)
@click.option("-n", "--limit", type=click.IntRange(1, MOST), default=20, show_default=True, help="At most so many.")
@click.option("--all", "everything", is_flag=True, help="All of them.")
@click.option("--state", "states", multiple=True, type=STATES, help="Only those in this state; may be repeated.")
@as_json_option
def list_command(limit: int, everything: bool, states: tuple[str, ...], as_json: bool) -> None:
    """List notices, newest first: pending, sent or failed, and why."""
    wanted = [Delivery(state) for state in states]
    found = use.list_notices(command_settings(), wanted, None if everything else limit)
    if as_json:
        click.echo(json.dumps([use.notice_data(notice) for notice in found], indent=2, ensure_ascii=False))
    else:
        click.echo(_table(found) if found else "No notices that fit." if states else "No notices.")


@command.command("test", context_settings=HELP)
@click.argument("channel", metavar="NAME")
@as_json_option
def test_command(channel: str, as_json: bool) -> None:
    """Send a test by channel NAME now, and say how it went."""
    command_settings()
    notice = use.test_channel(channel)
    if as_json:
        click.echo(json.dumps(use.notice_data(notice), indent=2, ensure_ascii=False))
        return
    click.echo(f"Test {notice.id} sent by {channel!r}" + (f" ({notice.reason})." if notice.reason else "."))


@command.command("retry", context_settings=HELP)
@click.argument("word", required=False, metavar="[NOTICE]")
@click.option("--all", "everything", is_flag=True, help="All that were not sent so far.")
@as_json_option
def retry_command(word: str | None, everything: bool, as_json: bool) -> None:
    """Send a notice now that was not sent so far, given up or not."""
    if (word is None) != everything:
        raise click.UsageError("Name one NOTICE, or say --all.")
    found = use.retry_notices(command_settings(), word)
    if as_json:
        click.echo(json.dumps([use.retried_data(each) for each in found], indent=2, ensure_ascii=False))
    for each in () if as_json else found:
        click.echo(each.told.text if each.told else f"notice {each.notice.id} is just being sent by another process")
    if not found and not as_json:
        click.echo("No notice waits to be sent.")
    sys.exit(1 if any(each.told is not None and not each.told.outcome.is_sent for each in found) else 0)


def _table(found: Sequence[Notice]) -> str:
    head = ["NOTICE", "STATE", "EVENT", "CHANNEL", "OF", "RUN", "SINCE", "TRIES", "NEXT", "REASON"]
    rows = [
        [
            notice.id,
            notice.state.value,
            notice.facts.event.value,
            notice.channel,
            notice.facts.schedule or notice.facts.notebook,
            notice.facts.run_id,
            local_time(notice.created_at),
            str(notice.attempts),
            local_time(notice.next_at),
            notice.reason,
        ]
        for notice in found
    ]
    return table_text(head, rows, sys.stdout, ["TRIES"])
