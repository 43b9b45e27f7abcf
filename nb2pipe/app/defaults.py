"""Settings of a user or project that stand in for what a notebook does not say."""

from __future__ import annotations

from dataclasses import replace

from nb2pipe.model import Pipeline, Step
from nb2pipe.settings import Settings

RETRIES = "retries"


def with_defaults(pipeline: Pipeline, settings: Settings) -> Pipeline:
    """The pipeline with the settings' retries for every step whose notebook says nothing of retries."""
    said = pipeline.notebook.metadata.get("nb2pipe", {})
    if not settings.retries or (isinstance(said, dict) and RETRIES in said):
        return pipeline
    steps = tuple(
        step if _says(pipeline, step) else replace(step, settings=replace(step.settings, retries=settings.retries))
        for step in pipeline.steps
    )
    return replace(pipeline, steps=steps)


def _says(pipeline: Pipeline, step: Step) -> bool:
    return any(RETRIES in pipeline.notebook.cells[index].tag.settings for index in step.cells)
