"""``nb2pipe reject``."""

from __future__ import annotations

import click

from nb2pipe.cli.decision import give
from nb2pipe.model import Verdict


@click.command("reject", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("run")
@click.argument("step", required=False)
@click.option("--why", required=True, metavar="TEXT", help="The reason, which is kept with the run.")
@click.option("--json", "as_json", is_flag=True, help="Print the decision as JSON.")
def command(run: str, step: str | None, why: str, as_json: bool) -> None:
    """Refuse a STEP of RUN that waits for a person's approval: it fails, and later steps that need it are skipped.

    RUN is an id, the beginning of one or of its tail, or "latest". STEP may be left out where only one waits.
    """
    give(Verdict.REJECTED, run, step, why, as_json)
