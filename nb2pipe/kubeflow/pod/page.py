"""The executed cells of one step as a page that needs nothing else: engines show it in a frame without network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nb2pipe.kubeflow.packing import Slice
from nb2pipe.model import Run, StepRun
from nb2pipe.report.page import report_html


def step_page(part: Slice, run: StepRun, notebook: Mapping[str, Any], parameters: Mapping[str, Any]) -> str:
    """The page.

    Args:
        part: the step's slice.
        run: what came of it.
        notebook: its executed notebook as nbformat JSON.
        parameters: values of its parameters.
    """
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
