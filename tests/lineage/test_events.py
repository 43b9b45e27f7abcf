"""Runs and steps as OpenLineage events."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openlineage.client.serde import Serde
from referencing import Registry, Resource

from nb2pipe.app.events import MOST_FAILURES, Events
from nb2pipe.app.run import run_notebook
from nb2pipe.cli.main import main
from nb2pipe.errors import SettingsError
from nb2pipe.lineage.events import Job, run_event, run_uuid, step_event
from nb2pipe.lineage.graph import CodeCell
from nb2pipe.model import Artifact, CellFailure, DataUse, Input, Metric, Observation, State, StepRun
from tests.app.samples import FAILING, TWO_STEPS, request, settings_in, write_notebook
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


class _Client:
    """Takes events, and refuses those whose numbers (from 1) are given."""

    def __init__(self, *refused: int) -> None:
        self.refused, self.asked = refused, 0
        self.events: list[dict[str, Any]] = []

    def emit(self, event: Any) -> None:
        self.asked += 1
        if self.asked in self.refused:
            raise ConnectionError("nobody there")
        self.events.append(as_json(event))

    def close(self, timeout: float) -> bool:
        return True


def _sent(client: Any) -> str:
    events = Events(client, JOB)
    events.step(replace(STEP, state=State.QUEUED, started_at=None, ended_at=None))
    events.step(replace(STEP, state=State.RUNNING, ended_at=None))
    events.step(replace(STEP, state=State.RUNNING, ended_at=None, cells_total=3))
    events.step(STEP)
    return events.finish(RUN, [STEP])


def test_each_event_is_sent_once() -> None:
    """Start and end of the run and of each attempt of a step that ran."""
    client = _Client()
    assert "" == _sent(client)
    assert ["START", "START", "COMPLETE", "COMPLETE"] == [event["eventType"] for event in client.events]


@pytest.mark.parametrize(("refused", "asked", "missing"), [((2,), 4, 1), ((1, 2, 3, 4), MOST_FAILURES, 4)])
def test_events_that_are_lost_are_told(refused: tuple[int, ...], asked: int, missing: int) -> None:
    """Each event is tried, until several in a row were refused; how many were lost is said, and nothing is raised."""
    client = _Client(*refused)
    told = _sent(client)
    assert (asked, True) == (client.asked, told.startswith(f"{missing} of 4 OpenLineage events could not be sent: "))
    assert "ConnectionError: nobody there" in told


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No configuration of OpenLineage but what the test sets."""
    for name in [each for each in os.environ if each.startswith("OPENLINEAGE_") and each != "OPENLINEAGE_SPEC"]:
        monkeypatch.delenv(name)
    return monkeypatch


def test_a_run_to_a_file(tmp_path: Path, configured: pytest.MonkeyPatch) -> None:
    """A failing run writes its events by the client's file transport; the steps see nothing of the client."""
    place = tmp_path / "events.json"
    configured.setenv("OPENLINEAGE__TRANSPORT__TYPE", "file")
    configured.setenv("OPENLINEAGE__TRANSPORT__LOG_FILE_PATH", str(place))
    configured.setenv("OPENLINEAGE__TRANSPORT__APPEND", "true")
    configured.setenv("OPENLINEAGE_NAMESPACE", "team")
    before = dict(os.environ)
    result = run_notebook(
        request(write_notebook(tmp_path / "n.ipynb", *FAILING)), settings_in(tmp_path / "home", openlineage=True)
    )
    assert (State.FAILED, ()) == (result.state, result.warnings)
    assert before == dict(os.environ)
    events = [json.loads(line) for line in place.read_text("utf-8").splitlines()]
    assert [
        ("n", "START"),
        ("n.first", "START"),
        ("n.first", "COMPLETE"),
        ("n.second", "START"),
        ("n.second", "FAIL"),
        ("n", "FAIL"),
    ] == [(event["job"]["name"], event["eventType"]) for event in events]
    assert {"team"} == {event["job"]["namespace"] for event in events}


class _Taking(BaseHTTPRequestHandler):
    taken: list[str]
    answer: int

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.taken.append(body["eventType"])
        self.send_response(self.answer)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""


@pytest.mark.parametrize("answer", [200, 400])
def test_a_run_over_http(tmp_path: Path, configured: pytest.MonkeyPatch, answer: int) -> None:
    """Events reach a server; one that refuses them is a warning, and the run has succeeded."""
    taken: list[str] = []
    handler = type("Handler", (_Taking,), {"taken": taken, "answer": answer})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        configured.setenv("OPENLINEAGE_URL", f"http://127.0.0.1:{server.server_address[1]}")
        result = run_notebook(
            request(write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)), settings_in(tmp_path / "home", openlineage=True)
        )
        server.shutdown()
    assert (State.SUCCEEDED, True) == (result.state, result.ok)
    if answer == 200:
        assert (6, ()) == (len(taken), result.warnings)
    else:
        assert result.warnings[0].startswith("6 of 6 OpenLineage events could not be sent: HTTPError")


def test_warnings_are_shown(tmp_path: Path, configured: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """``run`` and ``batch`` tell of lost events, and exit with 0."""
    configured.setenv("OPENLINEAGE__TRANSPORT__TYPE", "file")
    configured.setenv("OPENLINEAGE__TRANSPORT__LOG_FILE_PATH", str(tmp_path / "nosuch" / "events"))
    configured.setenv("NB2PIPE_OPENLINEAGE", "yes")
    configured.setenv("NB2PIPE_HOME", str(tmp_path / "home"))
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    for words in (("run", path), ("batch", path, "--grid", "rows=1")):
        with pytest.raises(SystemExit) as ended:
            main(words)
        done = capsys.readouterr()
        assert (0, True) == (
            ended.value.code,
            "warning  6 of 6 OpenLineage events could not be sent" in done.out + done.err,
        )


@pytest.mark.parametrize(
    ("expected", "variables"),
    [
        ("nothing says where events go", {}),
        ("cannot be set up", {"OPENLINEAGE__TRANSPORT__TYPE": "nosuch"}),
        ("cannot be set up", {"OPENLINEAGE__TRANSPORT__TYPE": "kafka"}),
    ],
)
def test_a_wrong_configuration_is_refused(
    tmp_path: Path, configured: pytest.MonkeyPatch, expected: str, variables: dict[str, str]
) -> None:
    """The setting without a transport, or with one that cannot be made, refuses before anything runs."""
    configured.chdir(tmp_path)
    for name, value in variables.items():
        configured.setenv(name, value)
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    with pytest.raises(SettingsError, match=expected):
        run_notebook(request(path), settings_in(tmp_path / "home", openlineage=True))
