"""Images built and looked into through the service, by a real server and a program that answers as an engine does."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.samples import write_notebook
from tests.notebook.building import code
from tests.server.calling import Api, Event, Server, run_server
from tests.server.conftest import PEOPLE
from tests.server.engine import write_engine

BASE = "example.org/base:1"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the engine."""
    return write_engine(tmp_path_factory.mktemp("engine")).parent


@pytest.fixture(scope="module")
def builder(engine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that has this engine and no other."""
    env = {"PATH": f"{engine / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    yield from run_server(tmp_path_factory.mktemp("jupyter"), *PEOPLE, env=env)


@pytest.fixture
def notebook(builder: Server) -> str:
    """A notebook that imports what is installed, by the name that clients give it."""
    write_notebook(builder.root / "n.ipynb", code("import yaml", "step:load"))
    return "n.ipynb"


def ended(event: Event) -> bool:
    """Whether a build has ended."""
    return event.kind == "image" and event.data["state"] not in ("queued", "running")


def built(api: Api, notebook: str, **body: Any) -> tuple[dict[str, Any], list[Event]]:
    """A build to its end, and what was told of it."""
    with api.events() as events:
        assert "hello" == next(iter(events)).kind
        started = api.ok("POST", "/images/builds", {"path": notebook, "base": BASE, **body})
        assert ("queued", "ann", notebook) == (started["state"], started["user"], started["notebook"])
        seen = events.until(lambda event: ended(event) and event.data["id"] == started["id"])
    return api.ok("GET", f"/images/builds/{started['id']}"), seen


def test_build_and_check(builder: Server, notebook: str) -> None:
    """A build tells its log and its end by events; its image can be looked into, and is not built twice."""
    api = builder.api()
    problem = api.refused(422, "POST", "/images/check", {"path": notebook})
    assert "names no image" in problem["message"]
    assert "Build one (POST /images/builds), or name one with `image`." == problem["hint"]
    build, seen = built(api, notebook, tag="example.org/own:2")
    assert ("succeeded", True, "example.org/own:2") == (
        build["state"],
        build["result"]["built"],
        build["result"]["tag"],
    )
    log = "".join(event.data["text"] for event in seen if event.kind == "image-log")
    whole = api.ok("GET", f"/images/builds/{build['id']}/log")
    assert ("STEP 1/2: FROM base" in log, log, True) == (True, whole["text"], whole["is_whole"])
    told = [event.data["state"] for event in seen if event.kind == "image"]
    assert ("succeeded", notebook) == (told[-1], seen[-1].data["notebook"])
    assert [("example.org/own:2", ["load"], True)] == [
        (each["image"], each["steps"], each["ok"]) for each in api.ok("POST", "/images/check", {"path": notebook})
    ]
    again, _ = built(api, notebook)
    assert not again["result"]["built"]
    assert [again["id"], build["id"]] == [each["id"] for each in api.ok("GET", "/images/builds")][:2]


def test_a_build_that_fails(builder: Server, engine: Path) -> None:
    """What pip said is the message, and the hint says what to do without naming an option of a command line."""
    write_notebook(builder.root / "f.ipynb", code("import numpy"))
    (engine / "fail").touch()
    build, _ = built(builder.api(), "f.ipynb")
    (engine / "fail").unlink()
    assert ("failed", None) == (build["state"], build["result"])
    assert "No matching distribution found for nosuch==1" in build["message"]
    assert build["hint"] and "--" not in build["hint"]


@pytest.mark.parametrize("how", ["cancelled", "killed"])
def test_a_build_that_is_stopped(builder: Server, engine: Path, how: str) -> None:
    """While it goes on the service answers; it stops when it is told to, and a dead process is no build at work."""
    api = builder.api()
    write_notebook(builder.root / f"{how}.ipynb", code(f"import numpy  # {how}"))
    os.mkfifo(engine / "hold")
    with api.events() as events:
        started = api.ok("POST", "/images/builds", {"path": f"{how}.ipynb", "base": BASE})
        at = f"/images/builds/{started['id']}"
        events.until(lambda event: event.kind == "image-log" and "STEP" in event.data["text"])
        assert "running" == api.ok("GET", at)["state"]
        if how == "cancelled":
            assert api.ok("POST", f"{at}/cancel")["was_going"]
        else:
            os.killpg(started["pid"], signal.SIGKILL)
        events.until(lambda event: ended(event) and event.data["id"] == started["id"])
    (engine / "hold").unlink()
    build = api.ok("GET", at)
    expected = {
        "cancelled": ("cancelled", "cancelled by ann"),
        "killed": ("interrupted", f"Its process {build['pid']} on {build['host']} ended without finishing it."),
    }
    assert expected[how] == (build["state"], build["message"])
    assert not api.ok("POST", f"{at}/cancel")["was_going"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"path": "../n.ipynb"}, 403, "leads upward"),
        ({"path": "nosuch.ipynb"}, 404, "nosuch"),
        ({"path": "n.ipynb", "tag": "--rm"}, 400, "tag"),
        ({"path": "n.ipynb", "base": "a b"}, 400, "base"),
        ({"path": "n.ipynb", "engine": "other"}, 400, "engine"),
        ({"path": "missing.ipynb"}, 422, "no image can be built"),
    ],
)
def test_refused(builder: Server, notebook: str, body: dict[str, Any], status: int, said: str) -> None:
    """What cannot be built is refused at once, before a process is started."""
    write_notebook(builder.root / "missing.ipynb", code("import nosuch_module"))
    before = builder.api().ok("GET", "/images/builds")
    assert said in builder.api().refused(status, "POST", "/images/builds", body)["message"]
    assert before == builder.api().ok("GET", "/images/builds")


def test_not_there(api: Api) -> None:
    """A build that there is none of is not found, whatever is asked of it, nor is a name that leads elsewhere."""
    for name in ("nosuch", "20260101-000000-0000000", "..%2F..%2Fruns"):
        for method, path in (("GET", ""), ("GET", "/log"), ("POST", "/cancel")):
            api.refused(404, method, f"/images/builds/{name}{path}")
