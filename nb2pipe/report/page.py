"""The HTML report of a run: one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbconvert.filters import ansi2html

from nb2pipe.model import Pipeline, Run, State, StepRun
from nb2pipe.report import html, tables
from nb2pipe.report.approvals import approvals_table
from nb2pipe.report.cells import Section, anchor, sections, source_positions, styles
from nb2pipe.report.html import Html
from nb2pipe.report.svg import STYLE, StepMark, pipeline_svg
from nb2pipe.report.timeline import timeline_svg
from nb2pipe.report.trend import PastRun, trends
from nb2pipe.report.words import duration_text, local_time

MOST_OPEN = 40  # cells of a notebook whose sections are all open
MOST_FITTING = 6  # steps of a pipeline whose picture fits a page in any case


def report_html(
    pipeline: Pipeline,
    run: Run,
    steps: Sequence[StepRun],
    notebook: Mapping[str, Any],
    past: Sequence[PastRun] = (),
) -> str:
    """The page.

    Args:
        pipeline: what ran.
        run: its record.
        steps: last value of each step, in notebook order.
        notebook: the executed notebook as nbformat JSON.
        past: runs of this notebook in the order of time, this one included, to compare metrics over; empty for none.
    """
    own = Path(__file__).with_name("page.css").read_text("utf-8")
    parts = {
        "pipeline": ("Pipeline", _picture(pipeline, steps)),
        "timeline": ("Timeline", Html(timeline_svg(steps, run.started_at, run.ended_at))),
        "steps": ("Steps", tables.steps_table(steps)),
        "approvals": ("Approvals", approvals_table(steps)),
        "parameters": ("Parameters", tables.parameters_table(pipeline, run)),
        "metrics": ("Metrics", tables.metrics_table(steps)),
        "trends": ("Metrics over time", trends(past, run.id)),
        "data": ("Data", tables.data_table(steps)),
        "artifacts": ("Artifacts", tables.artifacts_table(steps)),
        "diagnostics": ("Diagnostics", tables.diagnostics_table(pipeline.diagnostics)),
        "cells": ("Cells and outputs", _cells(pipeline, steps, notebook)),
    }
    links = " ".join(f'<a href="#{name}">{title}</a>' for name, (title, content) in parts.items() if content)
    body = [
        _header(pipeline, run),
        Html(f"<nav>{links}</nav>"),
        *(_failure(pipeline, step, notebook) for step in steps),
        *(html.part(name, title, content) for name, (title, content) in parts.items()),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.text(pipeline.name)}: {run.state.value}</title>\n"
        f"<style>\n{styles()}\n</style>\n<style>\n{own}\n{STYLE}\n</style>\n</head>\n"
        f'<body class="n2p jp-Notebook"><main>\n{html.join(body)}\n</main></body>\n</html>\n'
    )


def _header(pipeline: Pipeline, run: Run) -> Html:
    took = (run.ended_at - run.started_at).total_seconds() if run.ended_at and run.started_at else None
    facts = {
        "Notebook": run.notebook_path,
        "Run": run.id,
        "Started": local_time(run.started_at),
        "Took": duration_text(took),
        "By": f"{run.user}@{run.host}" if run.user else run.host,
        "Executor": run.executor,
        "Tags": ", ".join(run.tags),
    }
    meta = " ".join(f"<span>{name} <b>{html.text(fact)}</b></span>" for name, fact in facts.items() if fact)
    message = f'<p class="faint">{html.text(run.message)}</p>' if run.message else ""
    return Html(
        f"<header><h1>{html.text(pipeline.name)} {html.badge(run.state.value)}</h1>\n"
        f'<p class="meta">{meta}</p>{message}</header>'
    )


def _picture(pipeline: Pipeline, steps: Sequence[StepRun]) -> Html:
    if not pipeline.steps:
        return Html("")
    marks = {step.step: StepMark(step.state, _mark(step)) for step in steps}
    many = len(pipeline.steps) > MOST_FITTING
    fit = '<label class="fit"><input type="checkbox" checked> fit to page</label>' if many else ""
    return Html(f'<div class="picture">{fit}<div class="scroll">{pipeline_svg(pipeline, marks)}</div></div>')


def _mark(step: StepRun) -> str:
    took = duration_text(step.duration_s)
    return f"{step.state.value} {took}".strip() if step.state is not State.CACHED else "cached"


def _failure(pipeline: Pipeline, step: StepRun, notebook: Mapping[str, Any]) -> Html:
    failure = step.failure
    if failure is None or step.state is not State.FAILED:
        return Html("")
    place = source_positions(pipeline, notebook).get(-1 if failure.cell_index is None else failure.cell_index)
    where = "" if failure.cell_index is None else f"cell {failure.cell_index + 1}"
    where += f" (id {failure.cell_id})" if failure.cell_id and where else ""
    where += f", line {failure.line}" if failure.line and where else ""
    link = f' in <a href="#{html.text(anchor(place))}">{html.text(where)}</a>' if place is not None else ""
    traceback = ""
    if failure.traceback:
        traceback = f'<div class="jp-RenderedText"><pre>{ansi2html(failure.traceback.rstrip())}</pre></div>'
    hint = f"<p>{html.text(failure.hint)}</p>" if failure.hint else ""
    name = f"{failure.name}: " if failure.name else ""
    return Html(
        f'<div class="failure"><h3>Step {html.text(step.step)} failed{link}</h3>'
        f'<div class="value">{html.text(name + failure.message)}</div>{traceback}{hint}</div>'
    )


def _cells(pipeline: Pipeline, steps: Sequence[StepRun], notebook: Mapping[str, Any]) -> Html:
    by_name = {step.step: step for step in steps}
    found = list(sections(pipeline, notebook))
    few = len(notebook["cells"]) <= MOST_OPEN
    seen: set[str] = set()
    parts = []
    for section in found:
        step = by_name.get(section.step or "")
        failed = _failed_place(pipeline, step, section, notebook)
        parts.append(_section(section, step, failed, few, again=section.step in seen))
        seen.add(section.step or "")
    return html.join(parts)


def _failed_place(
    pipeline: Pipeline, step: StepRun | None, section: Section, notebook: Mapping[str, Any]
) -> int | None:
    if step is None or step.failure is None or step.failure.cell_index is None:
        return None
    place = source_positions(pipeline, notebook).get(step.failure.cell_index)
    return place if place in section.positions else None


def _section(section: Section, step: StepRun | None, failed: int | None, few: bool, *, again: bool) -> Html:
    opened = " open" if failed is not None or (few and section.kind not in ("setup", "not run")) else ""
    name = html.text(section.step) if section.step else f'<span class="faint">{html.text(section.kind)}</span>'
    marks = (
        f"{html.badge(step.state.value)} <span class='faint'>{duration_text(step.duration_s)}</span>" if step else ""
    )
    more = ' <span class="faint">continued</span>' if again and section.step else ""
    anchor_of = f' id="step-{html.text(section.step)}"' if section.step and not again else ""
    kind = " failed-section" if failed is not None else ""
    # The failed cell is marked by a rule for its id: the cell itself is nbconvert's.
    style = (
        ""
        if failed is None
        else (
            f'<style>[id="{anchor(failed)}"] {{ outline: 2px solid var(--n2p-bad); outline-offset: -1px; '
            f"background: var(--n2p-bad-fill); border-radius: 4px; }}</style>"
        )
    )
    return Html(
        f'<details class="section{kind}"{anchor_of}{opened}><summary><span class="name">{name}</span>{more} {marks}'
        f'</summary>{style}<div class="cells">{section.html}</div></details>'
    )
