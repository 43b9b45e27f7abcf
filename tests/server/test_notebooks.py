"""Notebooks looked at through the service, saved or not; and what it makes of bad requests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nb2pipe.server.asking import NOTEBOOK_BYTES, SMALL_BYTES
from tests.app.samples import TWO_STEPS, write_notebook
from tests.notebook.building import code, document, markdown
from tests.server.calling import Api, Server


def test_check_saved_and_unsaved(folder: Path, api: Api) -> None:
    """The pipeline is that of the file, or that of the text where the request brings one, and the answer says which."""
    write_notebook(folder / "n.ipynb", *TWO_STEPS)
    path = f"{folder.name}/n.ipynb"
    saved = api.ok("POST", "/notebooks/check", {"path": path})
    names = [step["name"] for step in saved["pipeline"]["steps"]]
    assert (["make", "add"], False, False) == (names, saved["is_unsaved"], saved["is_refused"])
    text = json.dumps(document(code("x = 1", "step:only")))
    for where in (path, f"{folder.name}/new.ipynb"):
        unsaved = api.ok("POST", "/notebooks/check", {"path": where, "text": text})
        assert (["only"], True) == ([step["name"] for step in unsaved["pipeline"]["steps"]], unsaved["is_unsaved"])
    assert not (folder / "new.ipynb").exists()


def test_findings_name_cells(folder: Path, api: Api) -> None:
    """What is wrong is a finding with its cell; a text that is no notebook is one too, and no fault of the service."""
    text = json.dumps(document(code("x = 1", "step:a"), code("print(nosuch)", "step:b")))
    found = api.ok("POST", "/notebooks/check", {"path": f"{folder.name}/n.ipynb", "text": text})
    [error] = [each for each in found["diagnostics"] if each["severity"] == "error"]
    assert ("N2P202", 1, "b", True) == (error["code"], error["cell_index"], error["step"], found["is_refused"])
    broken = api.ok("POST", "/notebooks/check", {"path": f"{folder.name}/n.ipynb", "text": "{"})
    assert (None, True) == (broken["pipeline"], broken["is_refused"])


def test_why_and_tags(folder: Path, api: Api) -> None:
    """Why an edge is there is said in words, an unknown step is named; headings become tags, and nothing is written."""
    path = write_notebook(folder / "n.ipynb", *TWO_STEPS)
    body = {"path": f"{folder.name}/n.ipynb", "source": "make", "target": "add"}
    assert "xs" in api.ok("POST", "/notebooks/why", body)["reasons"][0]
    assert "nosuch" in api.refused(404, "POST", "/notebooks/why", {**body, "target": "nosuch"})["message"]
    write_notebook(folder / "n.ipynb", markdown("# Load"), code("x = 1"), markdown("# Use"), code("print(x)"))
    before = Path(path).read_text("utf-8")
    found = api.ok("POST", "/notebooks/tags", {"path": f"{folder.name}/n.ipynb"})
    assert [["step:load"], ["step:use"]] == [each["tags"] for each in found["tags"]]
    assert before == Path(path).read_text("utf-8")


@pytest.mark.parametrize(
    ("status", "raw", "content_type"),
    [
        (400, b"{", "application/json"),
        (400, b'{"path": NaN}', "application/json"),
        (400, b"\xff\xfe", "application/json"),
        (400, b"[" * 100_000, "application/json"),
        (415, b'{"path": "n.ipynb"}', "text/plain"),
        (400, b"[]", "application/json"),
        (400, b"null", "application/json"),
        (400, b"{}", "application/json"),
        (400, b'{"path": 1}', "application/json"),
        (400, b'{"path": "n.ipynb", "tekst": ""}', "application/json"),
        (400, b'{"path": "n.ipynb", "text": "\\ud800"}', "application/json"),
    ],
)
def test_bad_bodies(api: Api, status: int, raw: bytes, content_type: str) -> None:
    """What is no JSON, or not the JSON that is taken, is refused with what is wrong."""
    answer = api("POST", "/notebooks/check", raw=raw, Content_Type=content_type)
    assert (status, "N2P851") == (answer.status, answer.json["code"]), answer.data


WRONG = ("limit=0", "limit=many", "limit=1&limit=2", "state=nosuch", "since=2026", "since=2026-11-28T07:00", "nosuch=1")


@pytest.mark.parametrize("query", WRONG)
def test_bad_queries(api: Api, query: str) -> None:
    """A word of a query that is wrong, given twice or unknown is named, not ignored; Jupyter's own words are."""
    status = 422 if query.startswith("since") else 400  # a time has the right form, and means nothing without its zone
    assert "N2P851" == api.refused(status, "GET", f"/runs?{query}")["code"]
    known = "1795852800000&no_track_activity=1&state=failed&state=cancelled&tag=no-such&limit=1"
    assert api.ok("GET", f"/runs?{known}")["next"] is None


def test_big_bodies(server: Server, api: Api) -> None:
    """A body of 50 MB gets its clear answer and is not kept; the server goes on. Small requests have a small limit."""
    body = b'{"path": "n.ipynb", "text": "' + b"x" * (50 * 10**6) + b'"}'
    answer = api("POST", "/notebooks/check", raw=body)
    assert (413, "N2P852") == (answer.status, answer.json["code"])
    assert str(NOTEBOOK_BYTES) in answer.json["message"]
    assert 413 == api("POST", "/due-times", raw=b" " * (SMALL_BYTES + 1)).status
    assert 403 == Api(server.port, {})("POST", "/due-times", raw=b" " * SMALL_BYTES).status
    assert 200 == api("GET", "/settings").status


def test_settings(server: Server, api: Api) -> None:
    """The settings in force are shown with where they come from, and those of a step as a JSON schema."""
    rows = {row["key"]: row for row in api.ok("GET", "/settings")}
    assert str(server.home) == rows["home"]["value"]
    assert "NB2PIPE_HOME" in rows["home"]["origin"]
    assert "retries" in api.ok("GET", "/step-settings")["properties"]
