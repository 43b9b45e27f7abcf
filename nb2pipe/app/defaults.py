"""Settings of a user or project that stand in for what a notebook does not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nb2pipe.app.executors import PROCESS
from nb2pipe.images.newer import newer_imports
from nb2pipe.images.record import BuiltImage, built_image
from nb2pipe.model import Pipeline
from nb2pipe.settings import Settings


def with_defaults(pipeline: Pipeline, settings: Settings) -> Pipeline:
    """The pipeline with the user's retries and image for every step whose notebook says nothing of them.

    Where that image was built for the notebook, what the notebook imports since then is warned of.
    """
    given: dict[str, Any] = {}
    if settings.retries:
        given["retries"] = settings.retries
    built = _built(pipeline, settings)
    image = settings.image if built is None else built.tag
    if image is not None:
        given["image"] = image
    said = pipeline.notebook.metadata.get("nb2pipe", {})
    for name, value in given.items():
        if not (isinstance(said, dict) and name in said):
            pipeline = _with_setting(pipeline, name, value)
    if built is not None and any(step.settings.image == built.tag for step in pipeline.steps):
        newer = newer_imports(pipeline.notebook, built)
        pipeline = replace(pipeline, diagnostics=(*pipeline.diagnostics, *newer))
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


def _built(pipeline: Pipeline, settings: Settings) -> BuiltImage | None:
    """The image that was built for the notebook, for steps that name none; None where the user's goes before it."""
    if settings.image is not None or settings.executor == PROCESS:
        return None
    return built_image(settings.home, pipeline.notebook.path)
