"""A pipeline as text for a terminal or a log."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator

from nb2pipe.model import Parameter, Pipeline, Step
from nb2pipe.report.graph import cell_range, edge_labels, needed_parents, parents_of, shorten, side_by_side
from nb2pipe.report.rails import draw_rails
from nb2pipe.report.settings import settings_text
from nb2pipe.report.words import display_width, padded

MOST_LABELS = 44


def pipeline_text(pipeline: Pipeline, width: int = 100) -> str:
    """The picture of a pipeline: parameters, steps in order with what each waits for and why, what runs side by side.

    Args:
        pipeline: what to show.
        width: characters in a line.
    """
    parts = [_title(pipeline)]
    if pipeline.parameters:
        parts.append("Parameters\n" + "\n".join(_parameters(pipeline.parameters, width)))
    if pipeline.steps:
        parts.append("Steps\n" + "\n".join(_steps(pipeline, width)))
    groups = side_by_side(pipeline)
    if groups:
        parts.append("Can run side by side\n" + "\n".join(_wrapped(" ∥ ".join(group), "  ", width) for group in groups))
    return "\n\n".join(parts) + "\n"


def _title(pipeline: Pipeline) -> str:
    cells = sum(1 for cell in pipeline.notebook.cells if cell.is_code)
    steps = len(pipeline.steps)
    counts = f"{steps} {'step' if steps == 1 else 'steps'}, {cells} code {'cell' if cells == 1 else 'cells'}"
    return f"{pipeline.name}  ({pipeline.notebook.path}: {counts})"


def _parameters(parameters: tuple[Parameter, ...], width: int) -> Iterator[str]:
    texts = [f"{p.name}: {p.type} = {json.dumps(p.default, ensure_ascii=False)}" for p in parameters]
    column = min(max(map(display_width, texts)), 48)
    for parameter, text in zip(parameters, texts, strict=True):
        line = f"  {padded(text, column)}  {parameter.help}".rstrip() if parameter.help else f"  {text}"
        yield line if len(line) <= width else line[: width - 1] + "…"


def _steps(pipeline: Pipeline, width: int) -> Iterator[str]:
    parents = parents_of(pipeline)
    rails = draw_rails(needed_parents(parents))
    labels = {(edge.source, edge.target): edge_labels(edge) for edge in pipeline.edges}
    name_width = min(max(display_width(step.name) for step in pipeline.steps), 32)
    cells_width = min(max(len(cell_range(step.cells)) for step in pipeline.steps), 20)
    for step in pipeline.steps:
        row, below = rails[step.name]
        head = f"  {row} {padded(step.name, name_width)}  {cell_range(step.cells).ljust(cells_width)}  "
        sources = [_source(parent, labels[parent, step.name]) for parent in parents[step.name]]
        texts = _lines(step, sources, max(width - display_width(head), 24))
        yield (head + texts[0]).rstrip()
        for text in texts[1:]:
            yield padded(f"  {below} ", display_width(head)) + text


def _source(parent: str, labels: list[str]) -> str:
    return f"{parent} ({shorten(labels, MOST_LABELS)})" if labels else parent


def _lines(step: Step, sources: list[str], width: int) -> list[str]:
    lines = []
    if sources:
        lines += textwrap.wrap("← " + ", ".join(sources), width, subsequent_indent="  ", break_long_words=False)
    for call in step.containers:
        lines += textwrap.wrap(f"in a container of {call.image}", width, subsequent_indent="  ", break_long_words=False)
    if step.parameters:
        lines += textwrap.wrap("uses " + ", ".join(step.parameters), width, subsequent_indent="  ")
    if step.metrics:
        lines += textwrap.wrap("metrics " + ", ".join(step.metrics), width, subsequent_indent="  ")
    settings = settings_text(step.settings)
    if settings:
        lines += textwrap.wrap(settings, width, subsequent_indent="  ", break_long_words=False)
    return lines or [""]


def _wrapped(text: str, indent: str, width: int) -> str:
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False)
