"""The linter finds in a spec what the schema lets pass."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.kubeflow.compiling import compile_pipeline
from nb2pipe.kubeflow.lint import faults_of
from nb2pipe.kubeflow.options import CompileOptions
from nb2pipe.kubeflow.schema import schema_faults
from nb2pipe.kubeflow.spec import Compiled
from tests.kubeflow.notebooks import pipeline_of

CELLS = (
    ("parameters", "rows = 3"),
    ("step:first", "data = list(range(rows))"),
    ("step:second", "print(data)"),
)
Damage = Callable[[Any], Any]

DAMAGES: dict[str, tuple[Damage, str]] = {
    "pipeline name": (lambda spec: spec["pipelineInfo"].update(name="Not_Good"), "the pipeline's name 'Not_Good'"),
    "no image": (
        lambda spec: spec["deploymentSpec"]["executors"]["exec-first"]["container"].update(image=""),
        "no image",
    ),
    "executor": (
        lambda spec: spec["components"]["comp-first"].update(executorLabel="x"),
        "runs 'x', which is not there",
    ),
    "component": (lambda spec: spec["components"].pop("comp-first"), "is of 'comp-first', which is not there"),
    "long": (
        lambda spec: spec["deploymentSpec"]["executors"]["exec-first"]["container"]["args"].append("a" * 131072),
        "longer than 128 KiB",
    ),
    "expanded": (
        lambda spec: spec["deploymentSpec"]["executors"]["exec-first"]["container"]["args"].append("$(HOME)"),
        "what the engine would replace",
    ),
    "task name": (
        lambda spec: spec["root"]["dag"]["tasks"].update(A_b=spec["root"]["dag"]["tasks"]["first"]),
        "task 'A_b' has no name for Kubernetes",
    ),
    "parameter missing": (
        lambda spec: spec["root"]["dag"]["tasks"]["first"]["inputs"]["parameters"].clear(),
        "is not given 'rows'",
    ),
    "parameter unknown": (
        lambda spec: spec["root"]["dag"]["tasks"]["first"]["inputs"]["parameters"].update(
            more={"componentInputParameter": "rows"}
        ),
        "is given 'more', which it does not take",
    ),
    "parameter source": (
        lambda spec: spec["root"]["inputDefinitions"]["parameters"].pop("rows"),
        "takes 'rows' from 'rows', which is not there",
    ),
    "parameter type": (
        lambda spec: spec["root"]["inputDefinitions"]["parameters"]["rows"].update(parameterType="STRING"),
        "takes 'rows' as another type",
    ),
    "artifact source": (
        lambda spec: spec["components"]["comp-first"]["outputDefinitions"]["artifacts"].pop("values"),
        "takes 'values_first' from 'first', which does not make it",
    ),
    "artifact type": (
        lambda spec: spec["components"]["comp-first"]["outputDefinitions"]["artifacts"]["values"].update(
            artifactType={"schemaTitle": "system.Model", "schemaVersion": "0.0.1"}
        ),
        "takes 'values_first' as another type",
    ),
    "dependency": (
        lambda spec: spec["root"]["dag"]["tasks"]["second"]["dependentTasks"].append("third"),
        "waits for 'third', which is not there",
    ),
    "cycle": (
        lambda spec: spec["root"]["dag"]["tasks"]["first"].update(dependentTasks=["second"]),
        "in a circle: first, second",
    ),
}


@pytest.fixture
def compiled(tmp_path: Path) -> Compiled:
    """A pipeline of two steps."""
    return compile_pipeline(pipeline_of(tmp_path, CELLS), CompileOptions())


def test_what_is_whole_has_no_fault(compiled: Compiled) -> None:
    """A pipeline that was just compiled holds together."""
    assert [] == [*faults_of(compiled), *schema_faults(compiled)]


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_named(name: str, compiled: Compiled) -> None:
    """Each damage gives a sentence that says what is wrong."""
    damage, expected = DAMAGES[name]
    spec = copy.deepcopy(dict(compiled.spec))
    damage(spec)
    assert any(expected in fault for fault in faults_of(Compiled(spec, compiled.platform)))


def test_settings_for_no_step_are_named(compiled: Compiled) -> None:
    """What Kubernetes is told of an executor that is not there."""
    told: dict[str, Any] = {"platforms": {"kubernetes": {"deploymentSpec": {"executors": {"exec-third": {}}}}}}
    assert ["Kubernetes is told of 'exec-third', which is not there"] == list(faults_of(Compiled(compiled.spec, told)))


def test_what_the_schema_does_not_have_is_named(compiled: Compiled) -> None:
    """A field that no message has."""
    spec = {**compiled.spec, "rot": {}}
    assert any("rot" in fault for fault in schema_faults(Compiled(spec, {})))
