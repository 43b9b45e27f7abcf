"""Runs and steps as OpenLineage events."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openlineage.client.serde import Serde
from referencing import Registry, Resource

from nb2pipe.lineage.events import Job, run_event, run_uuid, step_event
from nb2pipe.lineage.graph import CodeCell
from nb2pipe.model import (
    Approval,
    Artifact,
    CellFailure,
    DataUse,
    Input,
    Metric,
    Observation,
    State,
    StepRun,
    Verdict,
)
from tests.lineage.graphs import NOON
from tests.store.values import a_run

RUN = a_run(tags=("nightly",), executor="container", state=State.SUCCEEDED)
STEP = StepRun(
    RUN.id,
    "fit",
    State.SUCCEEDED,
    started_at=NOON,
    ended_at=NOON + timedelta(seconds=2),
    artifacts=(Artifact("model", "d2", 0, 40), Artifact("@random", "d2", 1)),
    metrics=(Metric("auc", 0.9), Metric("loss", float("nan"))),
    observation=Observation(python="CPython 3.12", distributions={"pandas": "2.2"}, image="python@sha256:1"),
    parameters={"rate": 0.5, "who": None},
    inputs=(Input("df", "d1", 0, "load"),),
    data=(
        DataUse("read", "/data/in.csv", "aa", 10),
        DataUse("read", "s3://bucket/dir/more.parquet"),
        DataUse("read", "https://me:***@host:8443/a?b=1"),
        DataUse("written", "/data/out.csv", "bb", 20),
        DataUse("removed", "/data/gone.csv"),
    ),
)
FAILED = replace(STEP, state=State.FAILED, failure=CellFailure("exception", "ValueError", "no", traceback="Traceback"))
JOB = Job("team", RUN, "python", {"fit": (CodeCell(0, "a", "import x", True), CodeCell(1, "b", "fit()"))})


def as_json(event: Any) -> dict[str, Any]:
    """What is sent."""
    data: dict[str, Any] = json.loads(json.dumps(Serde.to_dict(event), allow_nan=False))
    return data


EVENTS = {
    "run starts": as_json(run_event(JOB, State.RUNNING, NOON)),
    "run ends": as_json(run_event(JOB, State.SUCCEEDED, NOON, [STEP])),
    "run is cancelled": as_json(run_event(JOB, State.CANCELLED, NOON, [STEP])),
    "step starts": as_json(step_event(JOB, replace(STEP, state=State.RUNNING), State.RUNNING, NOON)),
    "step ends": as_json(step_event(JOB, STEP, State.SUCCEEDED, NOON)),
    "step fails": as_json(step_event(JOB, FAILED, State.FAILED, NOON)),
    "step is cached": as_json(step_event(JOB, replace(STEP, cached_from="r0"), State.CACHED, NOON)),
}


def _schemas() -> Registry[Any]:
    """OpenLineage's own schemas, by the addresses that events name, from a checkout of its repository."""
    folder = os.environ.get("OPENLINEAGE_SPEC", "")
    if not folder:
        pytest.skip("needs openlineage-spec: set OPENLINEAGE_SPEC to the folder spec of a checkout of OpenLineage")
    documents = [
        json.loads(path.read_text("utf-8")) for path in Path(folder).rglob("*.json") if "tests" not in path.parts
    ]
    found = {document["$id"]: document for document in documents if "$id" in document}
    return Registry().with_resources((key, Resource.from_contents(document)) for key, document in found.items())


def _facets(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        if "_schemaURL" in data:
            yield data
        for inner in data.values():
            yield from _facets(inner)
    elif isinstance(data, list):
        for inner in data:
            yield from _facets(inner)


@pytest.mark.parametrize("name", EVENTS)
def test_events_fit_the_schemas(name: str) -> None:
    """Each event, and each facet in it, fits the JSON schema that it names itself."""
    registry = _schemas()
    event = EVENTS[name]
    parts = [(event["schemaURL"], event), *((facet["_schemaURL"], facet) for facet in _facets(event))]
    for address, part in parts:
        faults = list(Draft202012Validator({"$ref": address}, registry=registry).iter_errors(part))
        assert [] == [fault.message for fault in faults], (address, part)


@pytest.mark.parametrize("name", EVENTS)
def test_events_have_what_the_standard_asks_for(name: str) -> None:
    """Time, producer, schema, run with a UUID, job with namespace and name; facets with producer and schema."""
    event = EVENTS[name]
    assert {"eventTime", "producer", "schemaURL", "run", "job", "eventType"} <= event.keys()
    assert {"runId", "facets"} == event["run"].keys() and 36 == len(event["run"]["runId"])
    assert "team" == event["job"]["namespace"]
    assert all(facet["_producer"].startswith("urn:nb2pipe:") for facet in _facets(event))


def test_what_an_ended_step_says() -> None:
    """Data and values with their versions, code, parameters, environment, metrics, parent and tags."""
    event = EVENTS["step ends"]
    assert ("COMPLETE", "churn.fit") == (event["eventType"], event["job"]["name"])
    assert [
        ("file", "/data/in.csv"),
        ("s3://bucket", "dir/more.parquet"),
        ("https://host:8443", "a?b=1"),
        ("nb2pipe", "churn.load.df"),
    ] == [(item["namespace"], item["name"]) for item in event["inputs"]]
    assert [("file", "/data/out.csv", "bb", 20), ("nb2pipe", "churn.fit.model", "d2", 40)] == [
        (
            item["namespace"],
            item["name"],
            item["facets"]["version"]["datasetVersion"],
            item["outputFacets"]["outputStatistics"]["size"],
        )
        for item in event["outputs"]
    ]
    facets = event["run"]["facets"]
    assert run_uuid(RUN) == facets["parent"]["run"]["runId"] == EVENTS["run ends"]["run"]["runId"]
    assert {"auc": 0.9, "loss": "nan"} == facets["nb2pipe_step"]["metrics"]
    assert {"rate": "0.5", "who": "null"} == {
        item["key"]: item["value"] for item in facets["executionParameters"]["parameters"]
    }
    tags = {tag["key"]: tag["value"] for tag in facets["tags"]["tags"]}
    assert {"nightly": "true", "nb2pipe.run_id": RUN.id, "nb2pipe.image": "python@sha256:1"} == tags
    assert "fit()" == event["job"]["facets"]["sourceCode"]["sourceCode"]


def test_ends() -> None:
    """A failure has its message and traceback; a cached step completes, a cancelled run aborts."""
    error = EVENTS["step fails"]["run"]["facets"]["errorMessage"]
    assert ("FAIL", "ValueError: no", "Traceback") == (
        EVENTS["step fails"]["eventType"],
        error["message"],
        error["stackTrace"],
    )
    assert "COMPLETE" == EVENTS["step is cached"]["eventType"]
    assert "ABORT" == EVENTS["run is cancelled"]["eventType"]
    assert ["/data/in.csv"] == [item["name"] for item in EVENTS["run ends"]["inputs"] if item["namespace"] == "file"]


def test_who_approved_a_step_goes_with_it() -> None:
    """A step that a person approved names that person among its tags; one that was refused names nobody."""
    asked = Approval(RUN.id, "fit", "Fit?", NOON, None, Verdict.APPROVED, "bob", NOON, "fine")
    found = [
        as_json(step_event(JOB, replace(STEP, approval=replace(asked, verdict=verdict)), STEP.state, NOON))
        for verdict in (Verdict.APPROVED, Verdict.REJECTED)
    ]
    tags = [{tag["key"]: tag["value"] for tag in each["run"]["facets"]["tags"]["tags"]} for each in found]
    assert ["bob", None] == [each.get("nb2pipe.approved_by") for each in tags]
