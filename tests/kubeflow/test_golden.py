"""Compiled pipelines are what the golden files say; a change of them is seen in a review, line by line.

After a wanted change: ``WRITE_SAMPLES=1 pytest tests/kubeflow/test_golden.py``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from nb2pipe.kubeflow.compiling import compile_pipeline
from nb2pipe.kubeflow.options import CompileOptions, Target
from nb2pipe.kubeflow.packing import unpack
from nb2pipe.kubeflow.parts import HAND_OVER, STEP, TAKE_BACK
from nb2pipe.kubeflow.spec import START, Compiled
from nb2pipe.model.json import to_json
from tests.kubeflow.notebooks import pipeline_of
from tests.kubeflow.test_compile import ALL_SETTINGS, COMPILED, DIAMOND, example

GOLDEN = Path(__file__).parent / "golden"
WRITE = bool(os.environ.get("WRITE_SAMPLES"))
PACKED = (STEP, HAND_OVER, TAKE_BACK, "--check")
"""What stands before the packed part of a pipeline."""

LANGUAGES = (
    ("setup", "%load_ext nb2pipe\nimport pandas as pd"),
    ("step:make", "rows = pd.DataFrame({'x': [1, 2, 3], 'y': [2, 4, 7]})"),
    (
        "step:fit",
        "%%container r-base:4.4.1 --in rows=rows.csv --out slope=slope.json\n#!/usr/bin/env Rscript\n"
        "rows <- read.csv(Sys.getenv('in_rows'))\nwrite(coef(lm(y ~ x, rows))[['x']], Sys.getenv('out_slope'))",
    ),
    ("step:count", "%%container busybox:1.36 --in rows=rows.csv --out lines=lines.txt\nwc -l < $in_rows > $out_lines"),
    ("step:show", "print(slope, lines)"),
)


@pytest.mark.parametrize("name", COMPILED)
def test_examples(name: str) -> None:
    """Every example, for Kubeflow."""
    _hold(name, compile_pipeline(example(name), CompileOptions(local_images=True)))


@pytest.mark.parametrize("target", ["kfp", "vertex"])
def test_languages(tmp_path: Path, target: Target) -> None:
    """A step in R and one for the shell, each in an image of its own that has neither Python nor nb2pipe."""
    _hold(f"languages-{target}", compile_pipeline(pipeline_of(tmp_path, LANGUAGES), CompileOptions(target)))


@pytest.mark.parametrize("target", ["kfp", "vertex"])
def test_settings(tmp_path: Path, target: Target) -> None:
    """All settings that an engine honours, parameters of all types, and steps side by side."""
    vertex = {"cpus": 2, "memory_mib": 4096, "gpus": 1, "gpu_type": "NVIDIA_TESLA_T4", "retries": 3, "env": {"A": "b"}}
    pipeline = pipeline_of(tmp_path, DIAMOND, **(ALL_SETTINGS if target == "kfp" else vertex))
    _hold(f"settings-{target}", compile_pipeline(pipeline, CompileOptions(target)))


def _hold(name: str, compiled: Compiled) -> None:
    """Hold a pipeline against its file."""
    found = yaml.safe_dump(_readable(compiled), width=10**9, allow_unicode=True)
    path = GOLDEN / f"{name}.yaml"
    if WRITE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert path.exists(), f"there is no {path}: write it with WRITE_SAMPLES=1"
    assert path.read_text(encoding="utf-8") == found


def _readable(compiled: Compiled) -> dict[str, Any]:
    """The documents without what depends on versions and machines: packed parts are shown unpacked."""
    executors = {
        name: {"container": _container(executor["container"])}
        for name, executor in compiled.spec["deploymentSpec"]["executors"].items()
    }
    spec = {**compiled.spec, "sdkVersion": "nb2pipe", "deploymentSpec": {"executors": executors}}
    return {"spec": spec, "platform": dict(compiled.platform)}


def _container(container: Mapping[str, Any]) -> dict[str, Any]:
    command = ["(starts the worker)" if word == START else word for word in container["command"]]
    words = list(container["args"])
    if len(words) > 1 and words[-2] in PACKED:
        words[-1] = _slice(words[-1])
    return {**container, "command": command, "args": words}


def _slice(text: str) -> Any:
    found = to_json(unpack(text))
    for part in ("texts", "data"):
        found[part] = {path: hashlib.sha256(each.encode()).hexdigest() for path, each in found[part].items()}
    return _without_defaults(found)


def _without_defaults(value: Any) -> Any:
    if isinstance(value, dict):
        inner = {key: _without_defaults(each) for key, each in value.items()}
        return {key: each for key, each in inner.items() if each not in (None, "", [], {}, False, 0)}
    return [_without_defaults(each) for each in value] if isinstance(value, list) else value
