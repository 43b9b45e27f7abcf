"""``nb2pipe schedule``: add, list, show, pause, resume, edit, remove, trigger."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from nb2pipe.app import schedules as use
from nb2pipe.app.elsewhere.keep import keep_current
from nb2pipe.app.schedule_data import details_data, entry_data, list_data
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.options import parameter_options, settings_options
from nb2pipe.cli.schedule_options import schedule_options, words_of
from nb2pipe.cli.schedule_text import NOBODY, details_text, in_zone, list_text
from nb2pipe.cli.stale import print_stale
from nb2pipe.cli.trigger_options import EDITING
from nb2pipe.cli.trigger_text import empty_text, faults_text, token_text
from nb2pipe.model import ScheduleEntry, Standing

HELP = {"help_option_names": ["-h", "--help"]}
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


@click.group("schedule", context_settings=HELP)
def command() -> None:
    """Run notebooks by themselves. SCHEDULE is a schedule's name or id, or the beginning of one.

    \b
    nb2pipe schedule add report.ipynb --cron '0 7 * * mon-fri' --tz Asia/Tokyo
    nb2pipe schedule add report.ipynb --every 15m -p rows 1000
    nb2pipe schedule add report.ipynb --at 2026-12-01T07:00 --snapshot
    nb2pipe schedule add report.ipynb --on-change 'data/*.csv' --after load

    nb2pipe scheduler runs what is due.
    """


@command.command("add", context_settings=HELP)
@click.argument("notebook", metavar="NOTEBOOK")
@schedule_options
@parameter_options
@settings_options
@as_json_option
def add_command(notebook: str, as_json: bool, **values: Any) -> None:
    """Schedule NOTEBOOK, once it is known that it and its parameters can run."""
    words = words_of(notebook, values)
    entry = use.add_schedule(words, command_settings(notebook))
    _show(entry, "added", as_json)


@command.command("edit", context_settings=HELP)
@click.argument("schedule", metavar="SCHEDULE")
@click.option("--notebook", metavar="PATH", help="Another notebook.")
@schedule_options
@EDITING[0]
@EDITING[1]
@parameter_options
@settings_options
@as_json_option
def edit_command(schedule: str, notebook: str | None, as_json: bool, **values: Any) -> None:
    """Change a schedule: what is given here; all else stays. --snapshot takes the notebook as it is now."""
    entry = use.edit_schedule(schedule, words_of(notebook, values), command_settings())
    _show(entry, "changed", as_json)


@command.command("list", context_settings=HELP)
@as_json_option
def list_command(as_json: bool) -> None:
    """List schedules: when each is due, and how its latest run went."""
    print_stale(keep_current(command_settings()))
    entries, states, scheduler = use.list_schedules(command_settings())
    if as_json:
        click.echo(json.dumps(list_data(entries, states, scheduler), indent=2, ensure_ascii=False))
        return
    click.echo(list_text(entries, states, sys.stdout) if entries else "No schedules.")
    for entry in entries:
        if faults := faults_text(entry):
            click.echo(f"{entry.name}: {faults}", err=True)
    if scheduler is None and any(_is_fired_here(entry) for entry in entries):
        click.echo(NOBODY, err=True)


@command.command("show", context_settings=HELP)
@click.argument("name", metavar="SCHEDULE")
@as_json_option
def show_command(name: str, as_json: bool) -> None:
    """Show a schedule: its next five due times, in its zone and here, and what became of the latest ones."""
    details = use.show_schedule(name, command_settings())
    if as_json:
        click.echo(json.dumps(details_data(details), indent=2, ensure_ascii=False))
        return
    click.echo(details_text(details, sys.stdout))
    if details.scheduler is None and _is_fired_here(details.entry):
        click.echo(NOBODY, err=True)


@command.command("pause", context_settings=HELP)
@click.argument("name", metavar="SCHEDULE")
@as_json_option
def pause_command(name: str, as_json: bool) -> None:
    """Let a schedule fire no more until it is resumed."""
    _show(use.pause_schedule(name, command_settings()), "paused", as_json)


@command.command("resume", context_settings=HELP)
@click.argument("name", metavar="SCHEDULE")
@as_json_option
def resume_command(name: str, as_json: bool) -> None:
    """Let a paused schedule fire again; due times of the pause are not made up for."""
    _show(use.resume_schedule(name, command_settings()), "resumed", as_json)


@command.command("remove", context_settings=HELP)
@click.argument("name", metavar="SCHEDULE")
@click.option("--force", is_flag=True, help="Even if others come after it; these are not set off by it any more.")
@as_json_option
def remove_command(name: str, force: bool, as_json: bool) -> None:
    """Forget a schedule; its runs stay."""
    entry = use.remove_schedule(name, command_settings(), is_forced=force)
    if as_json:
        click.echo(json.dumps(entry_data(entry), indent=2, ensure_ascii=False))
    else:
        click.echo(f"Schedule {entry.name!r} removed.")


@command.command("trigger", context_settings=HELP)
@click.argument("name", metavar="SCHEDULE")
@click.option("--force", is_flag=True, help="Even if its limit of the day is reached.")
@as_json_option
def trigger_command(name: str, force: bool, as_json: bool) -> None:
    """Run a schedule now, besides its due times."""
    run_id, scheduler = use.trigger_schedule(name, command_settings(), is_forced=force)
    if as_json:
        click.echo(json.dumps({"run_id": run_id, "has_scheduler": scheduler is not None}, indent=2))
        return
    click.echo(f"Run {run_id} is queued.")
    if scheduler is None:
        click.echo(NOBODY, err=True)


def _is_fired_here(entry: ScheduleEntry) -> bool:
    return entry.standing is Standing.ACTIVE and not (entry.schedule is not None and entry.schedule.target)


def _show(entry: ScheduleEntry, what: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(entry_data(entry), indent=2, ensure_ascii=False))
        return
    due = f"; next due {in_zone(entry.next_due_at, entry.schedule)}" if entry.next_due_at else ""
    click.echo(f"Schedule {entry.name!r} {what}{due}.")
    for note in (empty_text(entry), faults_text(entry)):
        if note:
            click.echo(note, err=True)
    if entry.token:
        click.echo(token_text(entry))
