"""Data that is watched by URL: a real web server, and file systems of fsspec."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from nb2pipe.errors import SettingsError
from nb2pipe.scheduling.data.seen import place_of
from nb2pipe.store import Store
from tests.scheduling.watching import Watching
from tests.scheduling.web import Web, web_server


@pytest.fixture
def watching(store: Store) -> Watching:
    """A watcher on a stage."""
    return Watching(store)


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server."""
    with web_server() as server:
        yield server


def test_a_web_page(watching: Watching, web: Web) -> None:
    """A URL counts by what its server says and by content; an error of the server's is a fault, and nothing changed."""
    schedule = watching.add(web.url)
    watching.rest()
    asked = len(web.asked)
    watching.rest()
    assert {"HEAD"} == set(web.asked[asked:])
    web.headers["ETag"] = '"2"'
    watching.rest()
    assert [] == watching.reasons(schedule)
    web.content, web.headers["ETag"] = b"2", '"3"'
    watching.rest()
    assert [f"changed: {web.url}"] == watching.reasons(schedule)
    for status, fault in ((500, "answers 500"), (404, "nothing is there any more")):
        web.status = status
        watching.rest()
        assert fault in watching.states(schedule)[web.url].fault
    web.status = 200
    watching.rest()
    assert ("", 1) == (watching.states(schedule)[web.url].fault, len(watching.reasons(schedule)))


def test_a_web_page_of_a_server_that_says_nothing(watching: Watching, web: Web) -> None:
    """Where a server says neither version nor time, or does not know HEAD, the content alone counts."""
    web.headers.clear()
    web.refuses_head = True
    schedule = watching.add(web.url)
    watching.rest()
    web.content = b"2"
    watching.rest()
    assert [f"changed: {web.url}"] == watching.reasons(schedule)


def test_nobody_answers(watching: Watching, web: Web) -> None:
    """A server that is not there is a fault that names the URL, its password hidden."""
    with web_server() as gone:
        url = gone.url.replace("//", "//me:secret@")
    schedule = watching.add(url)
    watching.rest()
    (state,) = watching.states(schedule).values()
    assert "Connection refused" in state.fault and "secret" not in state.fault + state.place


def test_passwords(watching: Watching, web: Web) -> None:
    """User and password of a URL go to its own server, and not to where that one sends us on; nobody else sees them."""
    with web_server() as other:
        other.url = web.url
        place = f"http://me:secret@127.0.0.1:{other.port}/elsewhere"
        schedule = watching.add(place)
        watching.rest()
        web.content, web.headers["ETag"] = b"2", '"2"'
        watching.rest()
    assert ({""}, {"Basic bWU6c2VjcmV0"}) == (web.secrets, other.secrets)
    (reason,) = watching.reasons(schedule)
    assert "secret" not in reason and reason.startswith("changed: http://me:***@")


@pytest.mark.parametrize("scheme", ["memory", "file"])
def test_fsspec(watching: Watching, tmp_path: Path, scheme: str) -> None:
    """What fsspec can read is watched as files are: a folder, a pattern, one that is yet to come."""
    base = f"{scheme}://{tmp_path}/data"
    for name in ("a.csv", "b.txt", "sub/c.csv"):
        with fsspec.open(f"{base}/{name}", "w", auto_mkdir=True) as file:
            file.write("1")
    schedules = [
        watching.add(place, name=name)
        for name, place in {"folder": base, "pattern": f"{base}/*.csv", "later": f"{base}/z"}.items()
    ]
    watching.rest()
    for name in ("b.txt", "z"):
        with fsspec.open(f"{base}/{name}", "w") as file:
            file.write("22")
    watching.rest()
    folder = f"{tmp_path}/data"
    expected = [[f"changed: {folder}/b.txt; new: {folder}/z"], [], [f"new: {folder}/z"]]
    assert expected == [watching.reasons(schedule) for schedule in schedules]


def test_what_cannot_be_watched_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without fsspec, or what it needs for a kind of URL, the error says what to install; others what is wrong."""
    with pytest.raises(SettingsError, match="Protocol not known: moon"):
        place_of("moon://sea/x")
    with pytest.raises(SettingsError, match="s3fs"):
        place_of("s3://bucket/x")
    monkeypatch.setitem(__import__("sys").modules, "fsspec.core", None)
    with pytest.raises(SettingsError, match=r"fsspec is not installed(.|\n)*nb2pipe\[data\]"):
        place_of("memory://x")
