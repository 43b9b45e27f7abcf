"""Use-case: write a notebook as a pipeline for another engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from nb2pipe.app.defaults import with_defaults, with_images
from nb2pipe.app.files import check_apart, check_writable, write_text
from nb2pipe.app.notebooks import read_pipeline
from nb2pipe.conversion import refuse_errors
from nb2pipe.images.record import built_image
from nb2pipe.kubeflow.compiling import compile_pipeline, compiled_text
from nb2pipe.kubeflow.options import CompileOptions
from nb2pipe.kubeflow.spec import Compiled
from nb2pipe.model import Pipeline
from nb2pipe.settings import Settings


@dataclass(frozen=True)
class CompileRequest:
    """What to compile.

    Args:
        notebook: file, URL, or ``-`` for standard input.
        output: where the YAML goes: a file, ``-`` for the caller to print, empty for a file of the notebook's name in
            the working directory.
        options: what for, and how.
    """

    notebook: str
    output: str = ""
    options: CompileOptions = field(default_factory=CompileOptions)


@dataclass(frozen=True)
class CompileResult:
    """What came of it.

    Args:
        pipeline: what was compiled, with the images that its steps run in.
        text: the YAML.
        path: where it was written; empty where it was not.
        tasks: number of tasks, the check of steps that run side by side included.
    """

    pipeline: Pipeline
    text: str
    path: str
    tasks: int


def compile_notebook(request: CompileRequest, settings: Settings) -> CompileResult:
    """Compile a notebook and write the YAML.

    Raises:
        RefusedError: the notebook cannot be read, has errors, or asks for what the engine cannot do.
    """
    path = request.output or _named_after(request.notebook)
    check_writable(path, "the pipeline")
    check_apart(("the notebook", request.notebook), ("the pipeline", path))
    pipeline, compiled = compiled_for(request.notebook, request.options, settings)
    text = compiled_text(compiled)
    if path != "-":
        write_text(path, text, "the pipeline")
    return CompileResult(pipeline, text, "" if path == "-" else path, len(compiled.spec["root"]["dag"]["tasks"]))


def compiled_for(
    notebook: str, options: CompileOptions, settings: Settings, text: str | None = None
) -> tuple[Pipeline, Compiled]:
    """The pipeline of a notebook with the images that its steps run in elsewhere, and what an engine gets of it.

    Args:
        notebook: file, URL, or ``-`` for standard input.
        options: what for, and how.
        settings: the settings in force.
        text: the notebook's text where it is at hand already.

    Raises:
        RefusedError: the notebook cannot be read, has errors, or asks for what the engine cannot do.
    """
    pipeline = _with_pushed(with_defaults(read_pipeline(notebook, text), settings), settings)
    refuse_errors(pipeline)
    return pipeline, compile_pipeline(pipeline, options)


def _named_after(notebook: str) -> str:
    return "-" if notebook == "-" else f"{Path(notebook).stem}.yaml"


def _with_pushed(pipeline: Pipeline, settings: Settings) -> Pipeline:
    """The pipeline with the image that was built for the notebook by the name that other machines know it by."""
    built = built_image(settings.home, pipeline.notebook.path)
    if built is None:
        return pipeline
    name = built.reference or built.tag
    wanted = {step.name: name for step in pipeline.steps if step.settings.image in (None, built.tag)}
    return with_images(pipeline, wanted)
