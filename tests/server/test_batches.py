"""Batches started, looked at and stopped through the service, by a real server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.app.samples import TWO_STEPS, write_notebook
from tests.notebook.building import code
from tests.server.calling import Api, Event, Server

DIVIDE = (code("n = 1", "parameters"), code("print(6 // n)", "step:divide"))
ENDLESS = (
    code("n = 1", "parameters"),
    code("import time\nprint('begun', flush=True)\nwhile True:\n    time.sleep(0.05)", "step:endless"),
)
FINAL = ("succeeded", "failed", "cancelled", "interrupted", "skipped")


def batch(api: Api, path: Path, **body: Any) -> dict[str, Any]:
    """A batch to the end of all its runs."""
    with api.events() as events:
        assert "hello" == next(iter(events)).kind
        started: dict[str, Any] = api.ok("POST", "/batches", {"path": f"{path.parent.name}/{path.name}", **body})
        open_runs = {run["id"] for run in started["runs"]}

        def is_last(event: Event) -> bool:
            if event.kind == "run" and event.data["state"] in FINAL:
                open_runs.discard(event.data["id"])
            return not open_runs

        events.until(is_last)
    found: dict[str, Any] = api.ok("GET", f"/batches/{started['id']}")
    return found


def test_a_grid(folder: Path, api: Api) -> None:
    """A grid with sets: all combinations run, as whoever asked, and the table has parameters, metrics and notebooks."""
    write_notebook(folder / "n.ipynb", *TWO_STEPS)
    found = batch(
        api,
        folder / "n.ipynb",
        grid={"rows": [2, 4]},
        sets=[{"name": "a"}, {"name": "b"}],
        runs_at_a_time=2,
        output_dir=f"{folder.name}/out",
        tags=["grid"],
    )
    assert ("succeeded", 4, 4, "ann") == (found["state"], found["total"], found["succeeded"], found["user"])
    assert ({"rows", "name"}, f"{folder.name}/n.ipynb") == (set(found["varied"]), found["notebook"])
    expected = [(1, "a", 2, 1), (2, "a", 4, 6), (3, "b", 2, 1), (4, "b", 4, 6)]
    assert expected == [
        (run["batch_number"], run["parameters"]["name"], run["parameters"]["rows"], run["metrics"]["total"])
        for run in found["runs"]
    ]
    assert ["n-1.ipynb", "n-2.ipynb", "n-3.ipynb", "n-4.ipynb"] == sorted(p.name for p in (folder / "out").iterdir())
    assert found["id"] in [each["id"] for each in api.ok("GET", "/batches")]
    assert {found["id"]} == {run["batch_id"] for run in api.ok("GET", "/runs?tag=grid")["runs"]}


def test_fail_fast(folder: Path, api: Api) -> None:
    """After a failure no further run is started, and what was not says so; the batch has failed."""
    write_notebook(folder / "n.ipynb", *DIVIDE)
    found = batch(api, folder / "n.ipynb", sets=[{"n": 0}, {"n": 1}, {"n": 2}], fail_fast=True, runs_at_a_time=1)
    assert "failed" == found["state"]
    assert ["failed", "skipped", "skipped"] == [run["state"] for run in found["runs"]]
    assert "an earlier run of its batch did not succeed" in found["runs"][1]["message"]


def test_cancel(folder: Path, api: Api) -> None:
    """Cancelling stops the run that goes on and those that wait; before, these are queued and say so."""
    write_notebook(folder / "n.ipynb", *ENDLESS)
    with api.events() as events:
        started = api.ok(
            "POST", "/batches", {"path": f"{folder.name}/n.ipynb", "grid": {"n": [1, 2, 3]}, "runs_at_a_time": 1}
        )
        first = started["runs"][0]["id"]
        assert ["queued"] * 3 == [run["state"] for run in started["runs"]]
        events.until(lambda event: (event.kind, event.data.get("state")) == ("step", "running"))
        going = api.ok("GET", f"/batches/{started['id']}")
        assert ("running", ["running", "queued", "queued"]) == (going["state"], [r["state"] for r in going["runs"]])
        assert api.ok("POST", f"/batches/{started['id']}/cancel")["was_going"]
        events.until(lambda event: event.kind == "run" and event.data["id"] == first and event.data["state"] in FINAL)
    found = api.ok("GET", f"/batches/{started['id']}")
    assert ("cancelled", ["cancelled"] * 3) == (found["state"], [run["state"] for run in found["runs"]])
    assert "cancelled by ann before it began" == found["runs"][2]["message"]
    assert not api.ok("POST", f"/batches/{started['id']}/cancel")["was_going"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 422, "no parameter sets"),
        ({"sets": []}, 422, "no parameter sets"),
        ({"grid": {"n": []}}, 400, "grid"),
        ({"grid": {"n": [1, "x"]}}, 422, 'grid n="x"'),
        ({"sets": [{"n": 1}, {"nosuch": 1}]}, 422, "set 2"),
        ({"sets": [{}] * 1001}, 400, "sets"),
        ({"grid": {"n": [1] * 100, "m": [1] * 100}}, 422, "10000 runs"),
        ({"sets": [{}], "output_dir": "../out"}, 403, "leads upward"),
        ({"sets": [{}], "output_dir": "nosuch/deep/out"}, 404, "nosuch"),
        ({"sets": [{}], "runs_at_a_time": 0}, 400, "runs_at_a_time"),
    ],
)
def test_refused(folder: Path, api: Api, body: dict[str, Any], status: int, said: str) -> None:
    """What cannot run is refused as a whole with what is wrong, in the words of this service; nothing is started."""
    write_notebook(folder / "n.ipynb", *DIVIDE)
    problem = api.refused(status, "POST", "/batches", {"path": f"{folder.name}/n.ipynb", **body})
    assert said in problem["message"]
    assert "--" not in problem["message"] + problem["hint"]
    assert [] == api.ok("GET", f"/runs?notebook={folder.name}/n.ipynb")["runs"]


def test_not_there(server: Server, api: Api) -> None:
    """A batch that there is none of is not found, whatever is asked of it."""
    for method, path in (("GET", "/batches/nosuch"), ("POST", "/batches/nosuch/cancel")):
        assert "nosuch" in api.refused(404, method, path)["message"]
