"""Pipelines whose steps all name an image."""

from __future__ import annotations

from dataclasses import replace

from nb2pipe.model import Pipeline


def with_image(pipeline: Pipeline, image: str) -> Pipeline:
    """The pipeline with an image for every step that names none."""
    steps = tuple(
        replace(step, settings=replace(step.settings, image=step.settings.image or image)) for step in pipeline.steps
    )
    return replace(pipeline, steps=steps)
