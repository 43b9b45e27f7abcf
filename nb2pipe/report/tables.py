"""The tables of the HTML report."""

from __future__ import annotations

from collections.abc import Sequence

from nb2pipe.errors import Diagnostic
from nb2pipe.model import Pipeline, Run, State, StepRun
from nb2pipe.report import html
from nb2pipe.report.html import Html
from nb2pipe.report.words import duration_text, size_text


def steps_table(steps: Sequence[StepRun]) -> Html:
    """Every step with its state, time and what there is to say."""
    rows = [
        [
            Html(f'<a href="#step-{html.text(step.step)}">{html.text(step.step)}</a>'),
            html.badge(step.state.value),
            html.text(duration_text(step.duration_s)),
            html.text(step.cells_total),
            html.text(size_text(step.peak_memory_bytes) if step.peak_memory_bytes else ""),
            html.text(_remark(step)),
        ]
        for step in steps
    ]
    return html.table(
        ["Step", "State", "Time", "Cells", "Peak memory", "Remark"], rows, ["Time", "Cells", "Peak memory"], ["State"]
    )


def _remark(step: StepRun) -> str:
    parts = [f"from run {step.cached_from}" if step.cached_from else ""]
    parts.append(f"attempt {step.attempt}" if step.attempt > 1 else "")
    parts.append(step.reason if step.state is not State.CACHED else "")
    return "; ".join(part for part in parts if part)


def parameters_table(pipeline: Pipeline, run: Run) -> Html:
    """Every parameter with its value in this run, its default where the value differs, and its help."""
    rows = []
    for parameter in pipeline.parameters:
        used = run.parameters.get(parameter.name, parameter.default)
        default = html.value(parameter.default) if used != parameter.default else Html("")
        rows.append(
            [html.text(parameter.name), html.text(parameter.type), html.value(used), default, html.text(parameter.help)]
        )
    return html.table(["Name", "Type", "Value", "Default", "About"], rows, short=["Name", "Type"])


def metrics_table(steps: Sequence[StepRun]) -> Html:
    """Every recorded metric."""
    rows = [
        [html.text(metric.name), html.value(metric.value), html.text(step.step)]
        for step in steps
        for metric in step.metrics
    ]
    return html.table(["Name", "Value", "Step"], rows)


def data_table(steps: Sequence[StepRun]) -> Html:
    """Every file and URL that a step used."""
    rows = [
        [
            html.text(use.use),
            Html(f'<span class="value">{html.text(use.path)}</span>'),
            html.text("" if use.size_bytes is None else size_text(use.size_bytes)),
            Html(f'<span class="value" title="{html.text(use.digest)}">{html.text(use.digest[:12])}</span>'),
            html.text(step.step),
        ]
        for step in steps
        for use in step.data
    ]
    return html.table(["Use", "File or URL", "Size", "SHA-256", "Step"], rows, ["Size"], ["Use"])


def artifacts_table(steps: Sequence[StepRun]) -> Html:
    """Every value that a step saved for later ones."""
    rows = [
        [
            html.text(artifact.name),
            html.text(artifact.type),
            html.value(artifact.preview),
            html.text(size_text(artifact.size_bytes)),
            html.text(step.step),
        ]
        for step in steps
        for artifact in step.artifacts
    ]
    return html.table(["Name", "Type", "Preview", "Size", "Step"], rows, ["Size"], ["Name", "Type", "Step"])


def diagnostics_table(diagnostics: Sequence[Diagnostic]) -> Html:
    """What the check of the notebook had to say."""
    rows = [
        [
            html.badge(found.severity),
            html.text(found.code),
            html.text(found.location),
            html.text(f"{found.message} {found.hint}".strip()),
        ]
        for found in diagnostics
    ]
    return html.table(["", "Code", "Where", "What"], rows, short=["Code", "Where"])
