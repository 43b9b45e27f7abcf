"""The parts of the panel that are HTML; all that comes from a notebook goes in escaped."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from nb2pipe.errors import Diagnostic, Nb2pipeError, RefusedError
from nb2pipe.model import CellRun, Pipeline, Run, State, StepRun
from nb2pipe.report import html
from nb2pipe.report.html import Html
from nb2pipe.report.svg import STYLE, StepMark, pipeline_svg
from nb2pipe.report.tables import diagnostics_table
from nb2pipe.report.words import duration_text, local_time
from nb2pipe.widgets.look import Look

MOST_CELLS = 60
MOST_LINKED_BYTES = 20_000_000


def framed(*parts: str) -> str:
    """Parts in the panel's own style."""
    return f'<div class="n2p-panel">{"".join(parts)}</div>'


@cache
def style() -> str:
    """The panel's style sheet, the picture's included."""
    return f"<style>{STYLE}\n{Path(__file__).with_name('panel.css').read_text('utf-8')}</style>"


def head(look: Look) -> str:
    """The notebook, and when it was saved."""
    name = look.pipeline.name if look.pipeline is not None else look.path.stem
    saved = f"Works on the saved notebook: {look.path}, saved {local_time(look.saved_at)}. Save, then Refresh."
    return style() + framed(f"<h3>{html.text(name)}</h3>", f'<span class="n2p-faint">{html.text(saved)}</span>')


def graph(pipeline: Pipeline | None, steps: Sequence[StepRun] = (), *, is_stale: bool = False) -> str:
    """The picture of the pipeline, coloured by what its steps do.

    Args:
        pipeline: what to draw; None draws nothing.
        steps: of a run of it.
        is_stale: whether the notebook has changed so that it makes no pipeline any more.
    """
    if pipeline is None or not pipeline.steps:
        return framed('<span class="n2p-faint">No steps yet: tag a cell step:NAME to start one.</span>')
    marks = {step.step: StepMark(step.state, _mark(step)) for step in steps}
    kind = "scroll stale" if is_stale else "scroll"
    return framed(f'<div class="{kind}">{pipeline_svg(pipeline, marks)}</div>')


def _mark(step: StepRun) -> str:
    if step.state is State.RUNNING:
        return f"cell {min(_cells_done(step) + 1, step.cells_total)}/{step.cells_total}"
    return f"{step.state.value} {duration_text(step.duration_s) if step.state is not State.CACHED else ''}".strip()


def diagnostics(found: Sequence[Diagnostic]) -> str:
    """What the check had to say."""
    if not found:
        return framed('<span class="n2p-faint">No problems found.</span>')
    opened = "" if all(each.severity == "info" for each in found) else " open"
    title = f"{len(found)} {'finding' if len(found) == 1 else 'findings'}"
    return framed(f"<details{opened}><summary>{title}</summary>{diagnostics_table(found)}</details>")


def problem(error: Exception) -> str:
    """An error with its hint, and the diagnostics that it carries."""
    lines = [str(error) if isinstance(error, Nb2pipeError) else f"{type(error).__name__}: {error}"]
    if isinstance(error, RefusedError) and error.diagnostics:
        lines = [f"{each.code}: {each.message} {each.hint}".strip() for each in error.diagnostics]
    return framed(f'<div class="problem" role="alert">{html.text(chr(10).join(lines))}</div>')


def note(words: str) -> str:
    """A line of ours."""
    return framed(f'<span role="status">{html.text(words)}</span>')


def progress(run: Run, steps: Sequence[StepRun]) -> str:
    """How a run goes: each step, and each of its cells."""
    rows = [
        [html.text(step.step), html.badge(step.state.value), _cells(step), _time(step), html.text(_remark(step))]
        for step in steps
    ]
    table = html.table(["Step", "State", "Cells", "Time", ""], rows)
    title = f"Run {html.text(run.id)} {html.badge(run.state.value)} {html.text(run.message)}"
    return framed(f"<div>{title}</div>", table)


def _cells(step: StepRun) -> Html:
    if step.cells_total > MOST_CELLS or not step.cells:
        return html.text(f"{_cells_done(step)}/{step.cells_total}")
    return Html("".join(map(_cell, step.cells)) + f" {_cells_done(step)}/{step.cells_total}")


def _cell(cell: CellRun) -> str:
    title = html.text(f"cell {cell.index + 1}: {cell.state.value}")
    return f'<span class="cell {cell.state.value}" title="{title}"></span>'


def _cells_done(step: StepRun) -> int:
    return sum(1 for cell in step.cells if cell.state.is_final)


def _time(step: StepRun) -> Html:
    if step.state is State.RUNNING and step.started_at is not None:
        return html.text(f"{max((datetime.now(UTC) - step.started_at).total_seconds(), 0):.0f} s")
    return html.text("" if step.state is State.CACHED else duration_text(step.duration_s))


def _remark(step: StepRun) -> str:
    if step.state is State.WAITING and step.approval is not None:
        return f"{step.approval.question} nb2pipe approve {step.run_id} {step.step} --why '...'"
    return f"attempt {step.attempt}" if step.attempt > 1 else step.reason


def failures(steps: Sequence[StepRun], logs: Mapping[str, str]) -> str:
    """Why steps failed: the cell's error as the notebook would show it, and what the step printed last.

    Args:
        steps: of a run.
        logs: the end of the log of each failed step.
    """
    failed = [step for step in steps if step.state is State.FAILED and step.failure is not None]
    return framed(*(_failure(step, logs.get(step.step, "")) for step in failed)) if failed else ""


def _failure(step: StepRun, log: str) -> str:
    from nbconvert.filters import ansi2html

    failure = step.failure
    assert failure is not None
    where = "" if failure.cell_index is None else f" in cell {failure.cell_index + 1}"
    where += f", line {failure.line}" if failure.line and where else ""
    name = f"{failure.name}: " if failure.name else ""
    traceback = f"<pre>{ansi2html(failure.traceback.rstrip())}</pre>" if failure.traceback else ""
    printed = f"<details><summary>What it printed last</summary><pre>{ansi2html(log)}</pre></details>" if log else ""
    hint = f"<div>{html.text(failure.hint)}</div>" if failure.hint else ""
    return (
        f'<div class="problem" role="alert"><b>Step {html.text(step.step)} {step.state.value}{where}</b>\n'
        f"{html.text(name + failure.message)}{traceback}{hint}{printed}</div>"
    )


def run_line(run: Run) -> str:
    """A past run: its state, when, and how long it took."""
    took = (run.ended_at - run.started_at).total_seconds() if run.ended_at and run.started_at else None
    seconds = f"{took:.1f} s" if took is not None else ""
    words = "  ".join(f"{name}={value!r}" for name, value in run.parameters.items())
    line = f"{local_time(run.created_at)} {seconds} {run.id}"
    return framed(f'{html.badge(run.state.value)} {html.text(line)} <span class="n2p-faint">{html.text(words)}</span>')


def report_link(file: Path) -> str:
    """A link to a report: the file is the kernel's, so that the page itself comes with the link."""
    place = f'<span class="n2p-faint">{html.text(file)}</span>'
    if file.stat().st_size > MOST_LINKED_BYTES:
        return framed(f"The report is too big for a link: {place}")
    page = b64encode(file.read_bytes()).decode("ascii")
    link = f'<a download="{html.text(file.name)}" href="data:text/html;base64,{page}">{html.text(file.name)}</a>'
    return framed(f"{link} {place}")
