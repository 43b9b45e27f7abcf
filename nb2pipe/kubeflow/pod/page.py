"""The executed cells of one step as a page that needs nothing else: engines show it in a frame without network."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from nb2pipe.kubeflow.packing import Slice
from nb2pipe.model import Run, StepRun

PICTURES = ("image/png", "image/jpeg")


def step_page(part: Slice, run: StepRun, notebook: Mapping[str, Any], parameters: Mapping[str, Any]) -> str:
    """The page: the report of a run where the image has nbconvert, which makes it; else texts and pictures.

    Args:
        part: the step's slice.
        run: what came of it.
        notebook: its executed notebook as nbformat JSON.
        parameters: values of its parameters.
    """
    try:
        from nb2pipe.report.page import report_html
    except ModuleNotFoundError:
        return plain_page(f"{part.pipeline.name}: {part.step}", notebook)
    step = part.pipeline.step(part.step)
    pipeline = replace(part.pipeline, name=f"{part.pipeline.name}: {step.name}", steps=(step,))
    assert run.started_at is not None
    record = Run(
        id=run.run_id,
        pipeline=pipeline.name,
        notebook_path="",
        notebook_digest="",
        notebook_text="",
        parameters=parameters,
        state=run.state,
        created_at=run.started_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        executor="kubeflow",
    )
    return report_html(pipeline, record, [run], notebook)


def plain_page(title: str, notebook: Mapping[str, Any]) -> str:
    """Sources, texts and pictures of a notebook's cells; what they put out as HTML is shown as its text."""
    body = "\n".join(part for cell in notebook["cells"] for part in _cell(cell))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{html.escape(title)}</title></head>\n'
        f"<body>\n<h1>{html.escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def _cell(cell: Mapping[str, Any]) -> Iterator[str]:
    yield f"<pre><code>{html.escape(_text(cell['source']))}</code></pre>"
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        picture = next((kind for kind in PICTURES if kind in data), None)
        if picture is not None:
            yield f'<img alt="" src="data:{picture};base64,{html.escape(_text(data[picture]).strip())}">'
        else:
            text = output.get("text") or data.get("text/plain") or output.get("evalue", "")
            yield f"<pre>{html.escape(_text(text))}</pre>"


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)
