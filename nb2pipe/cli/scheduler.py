"""``nb2pipe scheduler``: the process that runs what is due."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import click
import platformdirs

from nb2pipe.app.schedules.scheduler import UNIT, install_unit, run_scheduler
from nb2pipe.cli.context import command_settings


@click.command("scheduler", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--at-once", type=click.IntRange(1, 1000), metavar="N", help="Runs at once; default: as there are CPUs.")
@click.option("--install", is_flag=True, help="Write a systemd user unit that runs it, and do not run it here.")
@click.option("--listen", metavar="HOST:PORT", help="Take calls over HTTP there (schedules with --on-call).")
def command(at_once: int | None, install: bool, listen: str | None) -> None:
    """Run what is due, until Ctrl-C; runs that go on then go on.

    Several may run, on this machine or on others with the same store: one sees to schedules, and when it is gone
    another takes over. What was due while none was there is dealt with as each schedule says (--missed).
    """
    settings = command_settings()
    if install:
        folder = os.environ.get("XDG_CONFIG_HOME") or platformdirs.user_config_dir()
        click.echo(
            f"{install_unit(settings, Path(folder), at_once, listen)} written. Start it, now and at every login:"
        )
        click.echo(f"    systemctl --user daemon-reload\n    systemctl --user enable --now {UNIT}")
        click.echo("To have it run while you are not logged in: loginctl enable-linger")
        return
    left = run_scheduler(settings, at_once=at_once or settings.jobs, tell=_tell, listen=listen)
    _tell(f"stopped; {left} {'run goes' if left == 1 else 'runs go'} on")


def _tell(line: str) -> None:
    click.echo(f"{datetime.now().astimezone():%H:%M:%S} {line}", err=True)
