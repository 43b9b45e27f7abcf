"""Showing a run to whoever listens, and going on when nobody does any more."""

from __future__ import annotations

from collections.abc import Callable

from nb2pipe.cli.progress import Progress
from nb2pipe.model import Pipeline, Run, StepRun


class Lasting:
    """Progress that falls silent when it cannot be written: a pipe closed early or a full disk must not end a run.

    Args:
        shown: the progress to show as long as that is possible.
    """

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._is_heard = True

    def begin(self, pipeline: Pipeline, run: Run, reason: str) -> None:
        """The run is about to start; ``reason`` says why it has its executor."""
        self.try_to(lambda: self._shown.begin(pipeline, run, reason))

    def step(self, step_run: StepRun) -> None:
        """A step changed."""
        self.try_to(lambda: self._shown.step(step_run))

    def end(self) -> None:
        """The run is over, or never began."""
        self.try_to(self._shown.end)

    def try_to(self, show: Callable[[], None]) -> None:
        """Show something, unless showing has failed before."""
        if not self._is_heard:
            return
        try:
            show()
        except OSError:
            self._is_heard = False
