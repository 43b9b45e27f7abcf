"""The process of one scheduled run: ``python -m nb2pipe.cli.scheduled RUN``, started by the scheduler alone.

Home and store come as JSON by standard input.
"""

from __future__ import annotations

import json
import sys

from nb2pipe.app.scheduled import run_scheduled
from nb2pipe.cli.diagnostics import print_error
from nb2pipe.errors import Nb2pipeError
from nb2pipe.settings import load_settings

if __name__ == "__main__":
    try:
        run_scheduled(sys.argv[1], load_settings(json.load(sys.stdin)))
    except Nb2pipeError as error:
        print_error(error)
        sys.exit(error.exit_code)
