"""What ``nb2pipe approve`` and ``nb2pipe reject`` have in common."""

from __future__ import annotations

import json
import os
import sys

import click

from nb2pipe.app.approvals.deciding import decide
from nb2pipe.app.users import user_name
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.terminal import harmless, styled
from nb2pipe.model import Verdict
from nb2pipe.model.json import to_json

COLOURS = {Verdict.APPROVED: "green", Verdict.REJECTED: "red"}


def give(verdict: Verdict, run: str, step: str | None, why: str, as_json: bool) -> None:
    """Decide as whoever runs this command, and print what was kept."""
    who = user_name() or f"uid {os.getuid()}"
    _, approval = decide(command_settings(), run, step, verdict, user=who, why=why)
    if as_json:
        click.echo(json.dumps(to_json(approval), indent=2, ensure_ascii=False))
        return
    word = styled(verdict.value, sys.stdout, fg=COLOURS[verdict])
    click.echo(f"Step {approval.step!r} of run {approval.run_id} {word}: {harmless(approval.why)}")
