"""``nb2pipe approvals``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import click

from nb2pipe.app.approvals.deciding import pending_approvals
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.table import table_text
from nb2pipe.cli.words import value_text
from nb2pipe.model.json import to_json
from nb2pipe.report.words import local_time
from nb2pipe.store.approvals import PendingApproval


@click.command("approvals", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def command(as_json: bool) -> None:
    """List the steps that wait for a person's approval, the longest waiting first."""
    pending = pending_approvals(command_settings())
    if as_json:
        click.echo(json.dumps([_data(each) for each in pending], indent=2, ensure_ascii=False))
    elif pending:
        click.echo(_table(pending))
        click.echo("\nnb2pipe approve RUN STEP --why TEXT   or   nb2pipe reject RUN STEP --why TEXT")
    else:
        click.echo("Nothing waits for an approval.")


def _table(pending: Sequence[PendingApproval]) -> str:
    rows = [
        [
            each.approval.run_id,
            each.approval.step,
            value_text(each.approval.question, 50),
            local_time(each.approval.asked_at),
            local_time(each.approval.expires_at),
            each.pipeline,
            each.started_by,
        ]
        for each in pending
    ]
    return table_text(["RUN", "STEP", "QUESTION", "SINCE", "UNTIL", "PIPELINE", "STARTED BY"], rows, sys.stdout)


def _data(pending: PendingApproval) -> dict[str, object]:
    question = to_json(pending.approval)
    names = ("run_id", "step", "question", "asked_at", "expires_at")
    about = {
        "pipeline": pending.pipeline,
        "notebook_path": pending.notebook_path,
        "started_by": pending.started_by,
    }
    return {name: question[name] for name in names} | about
