"""The live view of a run on a terminal: finished steps scroll up as lines, running ones are drawn below."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import IO, Any

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from nb2pipe.cli.progress import changed_text, waiting_text
from nb2pipe.cli.terminal import harmless, has_colours, without_ansi
from nb2pipe.cli.words import COLOURS, SIGNS
from nb2pipe.model import Pipeline, Run, State, StepRun
from nb2pipe.report.words import display_width, duration_text, padded

BAR_WIDTH = 24
BESIDE_NAME = 60  # columns that bar, cell and time take beside a step's name


class LiveView:
    """Draws the running steps again and again; knows nothing of the run but what it is told."""

    def __init__(self, stream: IO[Any]) -> None:
        self._console = Console(file=stream, highlight=False, no_color=not has_colours(stream))
        self._steps: dict[str, StepRun] = {}
        self._lock = threading.Lock()
        self._width = 8
        self._spinner = Spinner("dots")
        self._live = Live(console=self._console, refresh_per_second=8, get_renderable=self._draw, transient=True)

    def begin(self, pipeline: Pipeline, run: Run, reason: str) -> None:
        """Start to draw."""
        self._width = min(max((display_width(step.name) for step in pipeline.steps), default=8), 32)
        steps = len(pipeline.steps)
        title = f"{pipeline.name}: {steps} {'step' if steps == 1 else 'steps'}, run {run.id}"
        self._console.print(Text(harmless(title), style="bold"))
        self._console.print(Text(harmless(f"executor {run.executor}: {reason}"), style="dim"))
        self._live.start()

    def step(self, step_run: StepRun) -> None:
        """Take in a change; a step that ended gets its line."""
        with self._lock:
            before = self._steps.get(step_run.step)
            self._steps[step_run.step] = step_run
        if step_run.state is State.QUEUED and step_run.approval is not None:
            self._console.print(Text(harmless(f"{step_run.step}: {changed_text(step_run)}"), style="dim"))
        if step_run.state.is_final and (before is None or before.state is not step_run.state):
            line = Text(f"{SIGNS[step_run.state]} ", style=COLOURS[step_run.state])
            line.append(f"{padded(step_run.step, self._width)}  ", style="default")
            line.append(harmless(changed_text(step_run)), style=COLOURS[step_run.state])
            self._live.refresh()  # its row goes before its line comes
            self._console.print(line)

    def print(self, text: str) -> None:
        """A line of a step's log, above the drawing."""
        self._console.print(Text(without_ansi(text)), soft_wrap=True)

    def end(self) -> None:
        """Stop drawing."""
        if self._live.is_started:
            self._live.stop()

    def _draw(self) -> Group:
        with self._lock:
            steps = list(self._steps.values())
        running = [step for step in steps if step.state is State.RUNNING]
        grid = Table.grid(padding=(0, 1))
        least = min(self._width, self._console.width // 3)
        most = max(least, self._console.width - BESIDE_NAME)
        grid.add_column()
        grid.add_column(min_width=least, max_width=most, no_wrap=True, overflow="ellipsis")
        for _ in range(3):
            grid.add_column(no_wrap=True)
        room = max(self._console.size.height - 3, 3)
        for step in running[:room]:
            grid.add_row(*self._row(step))
        held = [step for step in steps if step.state is State.WAITING]
        waiting = sum(1 for step in steps if step.state is State.QUEUED)
        done = sum(1 for step in steps if step.state.is_final)
        parallel = f"{len(running)} side by side, " if len(running) > 1 else ""
        status = Text(
            f"  {done}/{len(steps)} steps done, {parallel}{waiting} waiting",
            style="dim",
            no_wrap=True,
            overflow="ellipsis",
        )
        return Group(grid, *(_question(step) for step in held[:room]), status)

    def _row(self, step: StepRun) -> tuple[Any, ...]:
        done = sum(1 for cell in step.cells if cell.state.is_final)
        at = min(done + 1, step.cells_total)
        seconds = (datetime.now(UTC) - step.started_at).total_seconds() if step.started_at else 0.0
        attempt = f" attempt {step.attempt}" if step.attempt > 1 else ""
        return (
            self._spinner,
            Text(step.step, style=COLOURS[State.RUNNING]),
            ProgressBar(
                total=max(step.cells_total, 1),
                completed=done,
                width=min(BAR_WIDTH, self._console.width // 4),
                complete_style="cyan",
            ),
            Text(f"cell {at}/{step.cells_total}"),
            Text(duration_text(seconds) + attempt, style="dim"),
        )


def _question(step: StepRun) -> Text:
    """A step that waits for a person: what is asked, and what to type; the latter whole on a line of its own."""
    sign, style = SIGNS[State.WAITING], COLOURS[State.WAITING]
    question = step.approval.question if step.approval is not None else ""
    return Text(harmless(f"{sign} {step.step}  {question}") + f"\n  {harmless(waiting_text(step))} --why '...'", style)
