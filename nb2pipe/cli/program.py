"""``nb2pipe`` as a process of its own: begun and ended without work that only a process which lives on needs."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading

from nb2pipe.cli.main import main

GARBAGE_THRESHOLD = 50_000
"""New objects before Python looks for garbage; a command makes little of it, and soon ends."""


def program() -> None:
    """Run the command line and end the process.

    No garbage is looked for until the command's modules are loaded, see `nb2pipe.cli.main.LazyGroup`, and they are not
    taken down one by one at the end: that took 0.1 s of the 0.7 s of a run with nothing to do.
    """
    gc.disable()
    gc.set_threshold(GARBAGE_THRESHOLD)
    try:
        main()
    except SystemExit as end:
        _end(end)


def _end(end: SystemExit) -> None:
    """End the process at once where nothing is left that Python's own way of ending would see to.

    Raises:
        SystemExit: `end`, where a thread is still at work, or a stream does not take what is left to write.
    """
    this = threading.current_thread()
    if not isinstance(end.code, int) or any(t is not this and not t.daemon for t in threading.enumerate()):
        raise end
    atexit._run_exitfuncs()  # temporary folders, and whatever else libraries promise to do
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        raise end from None
    os._exit(end.code)
