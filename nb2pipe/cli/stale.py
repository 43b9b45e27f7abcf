"""Says which runs elsewhere may have moved on since they were heard of."""

from __future__ import annotations

from collections.abc import Sequence

import click

from nb2pipe.app.elsewhere.keep import Stale
from nb2pipe.cli.terminal import harmless
from nb2pipe.report.words import local_time


def print_stale(stale: Sequence[Stale]) -> None:
    """A line for each target that did not answer, on stderr.

    Args:
        stale: the runs concerned.
    """
    for target, problem in dict.fromkeys((each.run.target, each.problem) for each in stale):
        own = [each.run for each in stale if (each.run.target, each.problem) == (target, problem)]
        asked = [run.elsewhere.asked_at for run in own if run.elsewhere is not None and run.elsewhere.asked_at]
        since = f", as of {local_time(min(asked))}" if asked else ""
        many = f"run {own[0].id}" if len(own) == 1 else f"{len(own)} runs"
        click.echo(harmless(f"{many} on {target} may have moved on{since}: {problem}"), err=True)
