"""``nb2pipe config``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from nb2pipe.cli.context import command_settings
from nb2pipe.cli.table import table_text
from nb2pipe.settings import SettingRow, explain, load_channels


@click.command("config", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def command(as_json: bool) -> None:
    """Show the settings in force here, and where each comes from.

    Later places win: your own settings file, nb2pipe.toml or [tool.nb2pipe] of pyproject.toml here or above,
    environment variables NB2PIPE_*, flags.
    """
    rows = [*explain(command_settings()), *_channels()]
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False))
    else:
        click.echo(table_text(["SETTING", "VALUE", "FROM"], [[r.key, r.value, r.origin] for r in rows], sys.stdout))


def _channels() -> list[SettingRow]:
    """The channels for notices, each with its kind alone: an address may be a secret."""
    return [SettingRow(f"notices.{name}", each.kind, each.origin) for name, each in load_channels().items()]
