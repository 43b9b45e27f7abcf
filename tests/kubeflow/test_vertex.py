"""Pipelines for Vertex are accepted by the checks of Google's client."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from nb2pipe.kubeflow.compiling import compile_pipeline, compiled_text
from nb2pipe.kubeflow.options import CompileOptions
from nb2pipe.model import Pipeline
from tests.kubeflow.notebooks import pipeline_of
from tests.kubeflow.test_compile import ALL_SETTINGS, COMPILED, DIAMOND, example
from tests.kubeflow.vertex import STAMP, job_of

VERTEX = CompileOptions("vertex", local_images=True)


def text_of(pipeline: Pipeline) -> str:
    """A pipeline compiled for Vertex."""
    return compiled_text(compile_pipeline(pipeline, VERTEX))


@pytest.mark.parametrize("name", COMPILED)
def test_examples(name: str) -> None:
    """Every example becomes a job, with nothing lost in the message that the client sends."""
    pipeline = example(name)
    text = text_of(pipeline)
    values = {each.name: each.default for each in pipeline.parameters}
    job = job_of(text, values)
    assert yaml.safe_load(text) == job["spec"]
    assert values == job["values"]


@pytest.mark.parametrize("name", ["2024 report", "x" * 200, "Übung_1", "日本", "-a-"])
def test_names(name: str, tmp_path: Path) -> None:
    """Whatever a notebook is called, the job that is named after it has a name that Vertex takes."""
    pipeline = replace(pipeline_of(tmp_path, DIAMOND), name=name)
    assert job_of(text_of(pipeline), {})["id"].endswith(f"-{STAMP}")


def test_what_it_refuses(tmp_path: Path) -> None:
    """The checks are checks: two documents, a name, a parameter that is not there."""
    pipeline = pipeline_of(tmp_path, DIAMOND, **ALL_SETTINGS)
    with pytest.raises(yaml.YAMLError, match="single document"):
        job_of(compiled_text(compile_pipeline(pipeline, CompileOptions())), {})
    text = text_of(pipeline_of(tmp_path, DIAMOND))
    with pytest.raises(ValueError, match="not found in the pipeline job input"):
        job_of(text, {"nosuch": 1})
    with pytest.raises(ValueError, match="illegal"):
        job_of(text.replace("name: n\n", "name: 1n\n"), {})
