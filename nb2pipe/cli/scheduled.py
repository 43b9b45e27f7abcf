"""The process of one scheduled run: ``python -m nb2pipe.cli.scheduled``, started by the scheduler alone.

Which run it is, and where home and store are, comes as JSON by standard input. Until then it loads what it will need;
if nothing comes, the scheduler is gone and so is the reason for this process.
"""

from __future__ import annotations

import json
import sys

from nb2pipe.app.schedules.running import run_scheduled
from nb2pipe.cli.diagnostics import print_error
from nb2pipe.errors import Nb2pipeError
from nb2pipe.settings import load_settings

if __name__ == "__main__":
    order = sys.stdin.read()
    try:
        if order:
            said = json.loads(order)
            run_scheduled(said["run_id"], load_settings(said["settings"]))
    except Nb2pipeError as error:
        print_error(error)
        sys.exit(error.exit_code)
