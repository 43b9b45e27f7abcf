"""Chooses how a run is shown."""

from __future__ import annotations

from typing import IO, Any

from nb2pipe.cli.follow import LogFollower
from nb2pipe.cli.lasting import Lasting
from nb2pipe.cli.progress import PlainLines, Progress, Silent
from nb2pipe.cli.terminal import is_terminal


def make_progress(stream: IO[Any], wanted: bool | None, log_output: bool) -> Lasting:
    """The right way to show progress on a stream.

    Args:
        stream: where to show it.
        wanted: True or False where the user said so.
        log_output: whether to print what the cells print, too.
    """
    shown: Progress = Silent()
    if wanted is not False and is_terminal(stream):
        from nb2pipe.cli.live import LiveView

        shown = LiveView(stream)
    elif wanted is not False:
        shown = PlainLines(stream)
    return Lasting(LogFollower(shown, stream) if log_output else shown)
