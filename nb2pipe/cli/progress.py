"""Progress of a run: plain lines for logs and pipes; the terminal's live view stands in ``live``."""

from __future__ import annotations

import time
from datetime import datetime
from typing import IO, Any, Protocol

import click

from nb2pipe.cli.summary import note
from nb2pipe.cli.terminal import harmless
from nb2pipe.model import Approval, Pipeline, Run, State, StepRun
from nb2pipe.report.approvals import approval_text
from nb2pipe.report.words import duration_text

CELL_LINES_EVERY_S = 5.0


class Progress(Protocol):
    """Something that shows how a run goes."""

    def begin(self, pipeline: Pipeline, run: Run, reason: str) -> None:
        """The run is about to start; ``reason`` says why it has its executor."""

    def step(self, step_run: StepRun) -> None:
        """A step changed."""

    def end(self) -> None:
        """The run is over, or never began."""


class Silent:
    """Shows nothing."""

    def begin(self, pipeline: Pipeline, run: Run, reason: str) -> None:
        """Nothing."""

    def step(self, step_run: StepRun) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""


class PlainLines:
    """One line when a step starts, one when it ends, and now and then one about the cell it is at."""

    def __init__(self, stream: IO[Any]) -> None:
        self._stream = stream
        self._states: dict[str, tuple[State, int, Approval | None]] = {}
        self._said_at: dict[str, float] = {}

    def begin(self, pipeline: Pipeline, run: Run, reason: str) -> None:
        """Say what runs."""
        steps = len(pipeline.steps)
        self._say(f"run {run.id}: {pipeline.name}, {steps} {'step' if steps == 1 else 'steps'}")
        self._say(f"executor {run.executor}: {reason}")

    def step(self, step_run: StepRun) -> None:
        """Say what changed, if it is worth a line."""
        before = self._states.get(step_run.step)
        now = self._states[step_run.step] = (step_run.state, step_run.attempt, step_run.approval)
        if step_run.state is State.QUEUED and step_run.approval is None:
            return
        if before != now:
            self._say(f"{step_run.step}: {changed_text(step_run)}")
            self._said_at[step_run.step] = time.monotonic()
        elif step_run.state is State.RUNNING and self._is_due(step_run.step):
            self._said_at[step_run.step] = time.monotonic()
            self._say(f"{step_run.step}: {cell_text(step_run)}")

    def end(self) -> None:
        """Nothing more to say."""

    def _is_due(self, step: str) -> bool:
        return time.monotonic() - self._said_at[step] >= CELL_LINES_EVERY_S

    def _say(self, text: str) -> None:
        click.echo(f"{datetime.now():%H:%M:%S} {harmless(text)}", file=self._stream)


def changed_text(step_run: StepRun) -> str:
    """``started, 3 cells``; ``succeeded in 1.2 s``; ``cached, from run ...``."""
    if step_run.state is State.RUNNING:
        cells = f", {step_run.cells_total} {'cell' if step_run.cells_total == 1 else 'cells'}"
        return f"started{cells}" if step_run.attempt == 1 else f"started again, attempt {step_run.attempt}"
    asked = step_run.approval
    if step_run.state is State.WAITING and asked is not None:
        return f"{asked.question} {waiting_text(step_run)} --why '...'"
    if step_run.state is State.QUEUED and asked is not None:
        return approval_text(asked)
    text = step_run.state.value
    if step_run.duration_s is not None and step_run.state is not State.CACHED:
        text += f" in {duration_text(step_run.duration_s)}"
    more = note(step_run)
    return f"{text}, {more}" if more else text


def waiting_text(step_run: StepRun) -> str:
    """What to type, for a step that waits for a person."""
    return f"waiting for approval: nb2pipe approve {step_run.run_id} {step_run.step}"


def cell_text(step_run: StepRun) -> str:
    """``cell 2/5``: the cell it is at, of those of the step."""
    at = min(sum(1 for cell in step_run.cells if cell.state is not State.QUEUED), step_run.cells_total)
    return f"cell {at}/{step_run.cells_total}"
