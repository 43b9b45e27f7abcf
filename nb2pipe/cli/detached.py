"""Runs, batches and the scheduler as processes: ``python -m nb2pipe.cli.detached``, started by nb2pipe alone.

What it is to do, and where home and store are, comes as JSON by standard input. If nothing comes, whoever started it is
gone, and so is the reason for this process. With ``--ready`` it makes kernels ready first, and waits only so long.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime

import click

from nb2pipe.app.batches.detached import run_batch_ordered
from nb2pipe.app.detached import run_ordered
from nb2pipe.app.schedules.scheduler import run_scheduler
from nb2pipe.app.spares import READY, await_order, say_into
from nb2pipe.cli.diagnostics import print_error
from nb2pipe.errors import Nb2pipeError
from nb2pipe.settings import load_settings


def _tell(line: str) -> None:
    click.echo(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {line}")


if __name__ == "__main__":
    kernels, is_spare = None, sys.argv[1:] == [READY]
    try:
        with open(0, "rb", buffering=0, closefd=False) as told:
            if is_spare:
                said, kernels = await_order(told)
            else:
                said = json.loads(told.read() or b"{}")
        if is_spare and said:
            say_into(said["log"])
        if "scheduler" in said:
            run_scheduler(load_settings(said["settings"]), at_once=said["scheduler"], tell=_tell)
        elif "batch" in said:
            run_batch_ordered(said)
        elif "run" in said:
            run_ordered(said, kernels)
    except Nb2pipeError as error:
        print_error(error)
        sys.exit(error.exit_code)
