"""A build of an image in a process of its own: ``python -m nb2pipe.cli.building``, started by nb2pipe alone.

Its order comes as JSON by standard input, as that of :mod:`nb2pipe.cli.detached`. It is apart from that one since what
builds images takes its time to load, and runs have no need of it.
"""

from __future__ import annotations

import json
import sys

from nb2pipe.app.images.builds import run_build_ordered
from nb2pipe.cli.diagnostics import print_error
from nb2pipe.errors import Nb2pipeError

if __name__ == "__main__":
    order = sys.stdin.read()
    try:
        if order:
            run_build_ordered(json.loads(order), sys.stdout)
    except Nb2pipeError as error:
        print_error(error)
        sys.exit(error.exit_code)
