"""OpenLineage events on their way: each sent once, and none that fails a run."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.app.lineage.events import MOST_FAILURES, Events
from nb2pipe.app.run import run_notebook
from nb2pipe.cli.main import main
from nb2pipe.errors import SettingsError
from nb2pipe.model import State
from tests.app.samples import FAILING, TWO_STEPS, request, settings_in, write_notebook
from tests.lineage.test_events import JOB, RUN, STEP, as_json


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
