"""Use-cases of images: build one for a notebook, and say what one lacks."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from nb2pipe.app.executors import wanted_engine
from nb2pipe.app.files import check_writable, write_text
from nb2pipe.app.places import is_local
from nb2pipe.containers.engine import Engine, find_engine
from nb2pipe.containers.faults import EngineError
from nb2pipe.conversion import build_pipeline
from nb2pipe.errors import RefusedError, SettingsError
from nb2pipe.images.build import Recipe, build, is_built, recipe_for
from nb2pipe.images.check import Lack, check_image
from nb2pipe.images.containerfile import containerfile
from nb2pipe.images.needs import Need, runtime_needs
from nb2pipe.images.newer import imported_names
from nb2pipe.images.plan import ImagePlan, plan_image
from nb2pipe.images.push import full_name, push
from nb2pipe.images.record import BuiltImage, built_image, record_image
from nb2pipe.model import Notebook, Pipeline, Step
from nb2pipe.notebook import read_notebook
from nb2pipe.settings import Settings

Show = Callable[[str], None]


@dataclass(frozen=True)
class BuildRequest:
    """What to build.

    Args:
        tag: a further tag for the image.
        push: name in a registry to push it to.
        engine: podman or docker; None for what the settings say.
    """

    notebook: str
    tag: str | None = None
    push: str | None = None
    engine: str | None = None


@dataclass(frozen=True)
class BuildResult:
    """What came of it.

    Args:
        plan: what the image holds.
        recipe: what it was made by.
        image: the image.
        built: whether it was built now; False when one of the same content was there.
        duration_s: how long that took, in seconds.
    """

    plan: ImagePlan
    recipe: Recipe
    image: BuiltImage
    built: bool
    duration_s: float


@dataclass(frozen=True)
class ImageCheck:
    """What one image lacks.

    Args:
        image: its reference.
        steps: steps that run in it.
        lacks: what it lacks, or has otherwise than here.
        needs: what was asked for.
    """

    image: str
    steps: tuple[str, ...]
    lacks: tuple[Lack, ...]
    needs: tuple[Need, ...]

    @property
    def is_enough(self) -> bool:
        """Whether steps can run in it."""
        return not any(lack.severity == "error" for lack in self.lacks)


def plan_for(path: str) -> ImagePlan:
    """What an image for a notebook must hold.

    Raises:
        RefusedError: the notebook cannot be read, or something that it imports cannot be installed again.
    """
    notebook = _local_notebook(path)
    plan = plan_image(notebook)
    if any(finding.severity == "error" for finding in plan.diagnostics):
        raise RefusedError(f"no image can be built for {path!r}", diagnostics=plan.diagnostics)
    return plan


def write_containerfile(path: str, settings: Settings, target: str) -> tuple[ImagePlan, str]:
    """Write the Containerfile for a notebook and build nothing; with ``-`` as target it is only returned."""
    check_writable(target, "the Containerfile")
    plan = plan_for(path)
    text = containerfile(plan, settings.image_base)
    if target != "-":
        write_text(target, text, "the Containerfile")
    return plan, text


def build_image(plan: ImagePlan, request: BuildRequest, settings: Settings, show: Show) -> BuildResult:
    """Build the image of a plan, unless there is one of the same content; then push it, if that is asked for.

    Args:
        plan: what it must hold, from :func:`plan_for`.
        request: where it goes.
        settings: ``home`` for the record, ``image_base`` for the base.
        show: gets each line that the engine prints.

    Raises:
        RefusedError: there is no engine, or it could not do it.
    """
    began = time.monotonic()
    with _refusing():
        engine = find_engine(wanted_engine(settings, request.engine))
        recipe = recipe_for(plan, settings.image_base, engine, show)
        name = full_name(request.push, recipe.content) if request.push else ""
        known = is_built(recipe, engine)
        image_id = known or build(recipe, engine, show)
        tag = request.tag or recipe.tag
        if request.tag:
            engine.ask("tag", recipe.tag, request.tag, what=f"tag the image {request.tag!r}")
        image = _unchanged(
            settings,
            request,
            BuiltImage(
                tag, image_id, "", recipe.content, "", engine.name, recipe.base, imports=imported_names(plan.notebook)
            ),
        )
        if name:
            image = replace(image, digest=push(engine, recipe.tag, name, show), pushed=name)
    image = _recorded(settings, request.notebook, image)
    return BuildResult(plan, recipe, image, known is None, time.monotonic() - began)


def _recorded(settings: Settings, path: str, image: BuiltImage) -> BuiltImage:
    try:
        return record_image(settings.home, path, image)
    except OSError as error:
        raise SettingsError(
            f"the image is built, but {str(settings.home)!r} cannot be written to: {error.strerror}",
            hint="Mend its rights, or set home (NB2PIPE_HOME) to another folder.",
        ) from error


def _unchanged(settings: Settings, request: BuildRequest, image: BuiltImage) -> BuiltImage:
    """An image that was pushed before, and is the same still, keeps its digest."""
    before = built_image(settings.home, request.notebook)
    if before is None or (before.content, before.image_id) != (image.content, image.image_id):
        return image
    return replace(image, digest=before.digest, pushed=before.pushed)


def check_images(path: str, settings: Settings, image: str | None, engine: str | None) -> tuple[ImageCheck, ...]:
    """What the images of a notebook's steps lack.

    Args:
        path: the notebook.
        settings: ``home``, for the image that was built.
        image: look into this one for all steps; None for those that the steps name, or the one that was built.
        engine: podman or docker; None for what the settings say.

    Raises:
        RefusedError: the notebook cannot be read, names no image, or the engine could not look into it.
    """
    notebook = _local_notebook(path)
    pipeline = build_pipeline(notebook)
    groups = _by_image(pipeline, image or _built_tag(settings, path), forced=image is not None)
    plan = plan_image(notebook)
    with _refusing():
        found = find_engine(wanted_engine(settings, engine))
        return tuple(_check(found, plan, reference, steps) for reference, steps in groups.items())


def _check(engine: Engine, plan: ImagePlan, image: str, steps: list[Step]) -> ImageCheck:
    cells = {index for step in steps for index in (*step.cells, *step.setup_cells)}
    own = [need for need in plan.needs if need.place is None or need.place.cell is None or need.place.cell in cells]
    needs = (*runtime_needs(plan.environment), *own)
    volumes = {volume.target: volume for step in steps for volume in step.settings.volumes}
    lacks = check_image(engine, image, needs, plan.python, tuple(volumes.values()))
    return ImageCheck(image, tuple(step.name for step in steps), lacks, needs)


def _by_image(pipeline: Pipeline, default: str | None, *, forced: bool) -> dict[str, list[Step]]:
    groups: dict[str, list[Step]] = {}
    for step in pipeline.steps:
        reference = default if forced else step.settings.image or default
        if not reference:
            raise SettingsError(
                f"step {step.name!r} names no image, and none was built for {pipeline.notebook.path!r}",
                hint="Build one (`nb2pipe image build NOTEBOOK`), or name one with --image.",
            )
        groups.setdefault(reference, []).append(step)
    return groups


def _built_tag(settings: Settings, path: str) -> str | None:
    built = built_image(settings.home, path)
    return built.tag if built is not None else None


def _local_notebook(path: str) -> Notebook:
    if not is_local(path):
        raise SettingsError(f"{path!r} is no file on this machine", hint="Download it first, with what it imports.")
    return read_notebook(os.path.normpath(Path(path).expanduser()))


@contextmanager
def _refusing() -> Iterator[None]:
    """An engine's fault refuses what is asked for: nothing of the notebook has run."""
    try:
        yield
    except EngineError as error:
        raise RefusedError(error.message, hint=error.hint) from error
