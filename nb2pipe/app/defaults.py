"""Settings of a user or project that stand in for what a notebook does not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nb2pipe.images.record import built_image
from nb2pipe.model import Pipeline
from nb2pipe.settings import Settings

PROCESS = "process"


def with_defaults(pipeline: Pipeline, settings: Settings) -> Pipeline:
    """The pipeline with the user's retries and image for every step whose notebook says nothing of them."""
    given: dict[str, Any] = {}
    if settings.retries:
        given["retries"] = settings.retries
    image = _image(pipeline, settings)
    if image is not None:
        given["image"] = image
    said = pipeline.notebook.metadata.get("nb2pipe", {})
    for name, value in given.items():
        if not (isinstance(said, dict) and name in said):
            pipeline = _with_setting(pipeline, name, value)
    return pipeline


def with_images(pipeline: Pipeline, images: Mapping[str, str]) -> Pipeline:
    """The pipeline with other images for some steps.

    Args:
        pipeline: with its defaults.
        images: step to image; steps that the pipeline does not have are left out.
    """
    steps = tuple(
        replace(step, settings=replace(step.settings, image=images[step.name])) if step.name in images else step
        for step in pipeline.steps
    )
    return replace(pipeline, steps=steps)


def _with_setting(pipeline: Pipeline, name: str, value: Any) -> Pipeline:
    steps = tuple(
        step
        if getattr(step.settings, name) or any(name in pipeline.notebook.cells[at].tag.settings for at in step.cells)
        else replace(step, settings=replace(step.settings, **{name: value}))
        for step in pipeline.steps
    )
    return replace(pipeline, steps=steps)


def _image(pipeline: Pipeline, settings: Settings) -> str | None:
    """The image for steps that name none: the user's, else the one that was built for the notebook."""
    if settings.image is not None:
        return settings.image
    built = None if settings.executor == PROCESS else built_image(settings.home, pipeline.notebook.path)
    return None if built is None else built.tag
