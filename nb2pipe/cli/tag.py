"""``nb2pipe tag``."""

from __future__ import annotations

import json
import sys

import click

from nb2pipe.app.tagging import Proposal, tag_notebook
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.table import table_text
from nb2pipe.cli.terminal import width_of
from nb2pipe.cli.words import value_text
from nb2pipe.report.text import pipeline_text


@click.command("tag", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("notebook")
@click.argument("target", required=False, metavar="[OUT]")
@click.option("--from-headings", is_flag=True, help="Make a step of each part under a heading.")
@click.option("--write", is_flag=True, help="Write the tags into NOTEBOOK; without it they are only shown.")
@click.option("--output", metavar="FILE", help="The same as OUT.")
@click.option("--json", "as_json", is_flag=True, help="Print the proposal as JSON.")
def command(
    notebook: str, target: str | None, from_headings: bool, write: bool, output: str | None, as_json: bool
) -> None:
    """Propose step tags for NOTEBOOK; change nothing unless asked to.

    \b
    nb2pipe tag --from-headings old.ipynb            show the proposal
    nb2pipe tag --from-headings old.ipynb new.ipynb  write it to another file
    nb2pipe tag --from-headings old.ipynb --write    write it into the notebook
    """
    if not from_headings:
        raise click.UsageError("Say what to make steps of: --from-headings.")
    if sum(map(bool, (write, output, target))) > 1:
        raise click.UsageError("Give one of OUT, --output FILE and --write, which changes NOTEBOOK itself.")
    command_settings(notebook)
    proposal = tag_notebook(notebook, output=notebook if write else output or target)
    click.echo(_json(proposal) if as_json else _text(proposal))
    if not as_json and not proposal.written_to and proposal.tags:
        click.echo("Nothing was written. Add --write to tag the notebook, or --output FILE.", err=True)


def _json(proposal: Proposal) -> str:
    cells = [
        {"cell_index": index, "cell_id": proposal.notebook.cells[index].id, "tags": list(tags)}
        for index, tags in proposal.tags.items()
    ]
    data = {"notebook": proposal.notebook.path, "cells": cells, "written_to": proposal.written_to or None}
    return json.dumps(data, indent=2, ensure_ascii=False)


def _text(proposal: Proposal) -> str:
    if not proposal.tags:
        return f"{proposal.notebook.path}: every part under a heading is tagged already"
    rows = []
    for index, tags in proposal.tags.items():
        cell = proposal.notebook.cells[index]
        new = [tag for tag in tags if tag not in cell.tags]
        first = next((line for line in cell.source.splitlines() if line.strip()), "")
        rows.append([str(index + 1), ", ".join(new), value_text(first, 50)])
    parts = [table_text(["CELL", "TAG", "BEGINS WITH"], rows, sys.stdout, ["CELL"])]
    parts.append(pipeline_text(proposal.pipeline, width_of(sys.stdout)))
    if proposal.written_to:
        parts.append(f"Written to {proposal.written_to}")
    return "\n\n".join(part.rstrip() for part in parts)
