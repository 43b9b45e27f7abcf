"""Notices through the service: who is told of runs and schedules, what was told, and another try."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.samples import write_notebook
from tests.notebook.building import code
from tests.notices.receivers import Answer, Web
from tests.server.calling import DEADLINE_S, Api, Server, run_server
from tests.server.test_runs import is_end


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    """Where notices go to."""
    with Web() as opened:
        yield opened


@pytest.fixture(scope="module")
def server(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose user has a channel."""
    folder = tmp_path_factory.mktemp("jupyter")
    settings = folder / "config" / "nb2pipe" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'[notices.team]\nkind = "webhook"\nurl = "{web.url()}"\n')
    env = {"XDG_CONFIG_HOME": str(folder / "config"), "no_proxy": "*"}
    yield from run_server(folder, "--IdentityProvider.token=token-ann", env=env)


def test_channels(api: Api, web: Web) -> None:
    """They are listed by kind alone, and a test goes out at once."""
    assert [{"name": "team", "kind": "webhook"}] == api.ok("GET", "/channels")
    sent = api.ok("POST", "/channels/team/test")
    assert "sent" == sent["delivery"] and sent["id"] == web.next().data["id"]
    assert "N2P901" == api.refused(422, "POST", "/channels/tean/test")["code"]


def test_a_run_that_fails_is_told_of(api: Api, server: Server, folder: Path, web: Web) -> None:
    """The run's own process tells of it; what did not go out is listed, and sent when that is asked for."""
    write_notebook(folder / "n.ipynb", code("1 / 0", "step:a"))
    body = {"path": f"{folder.name}/n.ipynb", "notify": ["team"]}
    assert "N2P901" == api.refused(422, "POST", "/runs", {**body, "notify": ["tean"]})["code"]
    web.answers.append(Answer(500))
    with api.events() as events:
        run = api.ok("POST", "/runs", body)
        events.until(lambda event: is_end(run["id"], event))
    assert run["id"] == web.next().data["run_id"]
    notice = tried(api, run["id"])
    assert "ZeroDivisionError" == notice["notice"]["error"]["name"]
    [again] = api.ok("POST", f"/notices/{notice['id']}/retry")
    assert again["is_sent"] and notice["id"] == web.next().data["id"]
    assert notice["id"] in [each["id"] for each in listed(api, "sent")]
    assert 422 == api("POST", f"/notices/{notice['id']}/retry").status


def tried(api: Api, run_id: str) -> Any:
    """The notice of a run, once its first try is known to have failed."""
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        for each in listed(api, "pending"):
            if each["notice"]["run_id"] == run_id and each["attempts"] == 1 and each["reason"]:
                return each
    raise AssertionError(listed(api, "pending"))


def listed(api: Api, state: str) -> list[dict[str, Any]]:
    """Notices in a state."""
    found: list[dict[str, Any]] = api.ok("GET", f"/notices?state={state}")
    return found


def test_a_schedule_tells(api: Api, folder: Path) -> None:
    """Who is told is part of a schedule: given, changed, taken away, left to the settings."""
    write_notebook(folder / "n.ipynb", code("x = 1", "step:a"))
    body = {"path": f"{folder.name}/n.ipynb", "name": "told", "cron": "@daily", "notify": ["team:failure"]}
    made = api.ok("POST", "/schedules", {**body, "policy": {"late_after_s": 5}})["schedule"]
    assert (["failure"], 5.0) == (made["notify"][0]["events"], made["policy"]["late_after_s"])
    for notify, kept in ((["team"], 4), ([], 0), (["default"], None)):
        changed = api.ok("PATCH", "/schedules/told", {"notify": notify})["schedule"]["notify"]
        assert kept == (changed if changed is None else sum(len(each["events"]) for each in changed))
    assert "N2P902" == api.refused(422, "PATCH", "/schedules/told", {"notify": ["team:often"]})["code"]


@pytest.mark.parametrize(
    "place", ["../*.csv", "/etc/passwd", "file:///etc/passwd", "a/../../x", "simplecache::file:///etc"]
)
def test_data_elsewhere_is_not_watched(api: Api, folder: Path, place: str) -> None:
    """What a client has watched is below the folder that Jupyter serves, or on another machine."""
    write_notebook(folder / "n.ipynb", code("x = 1", "step:a"))
    body = {"path": f"{folder.name}/n.ipynb", "name": "watched", "on_change": [place]}
    assert "N2P853" == api.refused(403, "POST", "/schedules", body)["code"]


def test_data_is_watched(api: Api, server: Server, folder: Path) -> None:
    """Files and patterns are those below the folder that Jupyter serves."""
    write_notebook(folder / "n.ipynb", code("x = 1", "step:a"))
    (folder / "a.csv").write_text("1")
    places = [f"{folder.name}/a.csv", f"{folder.name}/*.csv", "*.parquet"]
    body = {"path": f"{folder.name}/n.ipynb", "name": "watches", "on_change": places, "settle_s": 2, "poll_s": 5}
    made = api.ok("POST", "/schedules", body)["schedule"]["on_change"]
    assert [str(server.root / place) for place in places] == made["places"]
    assert (2.0, 5.0, str(server.root)) == (made["settle_s"], made["poll_s"], made["within"])


def test_links_are_not_followed_out(api: Api, server: Server, folder: Path, tmp_path: Path) -> None:
    """A link out of the folder that Jupyter serves is refused by its name, and passed over by a pattern."""
    write_notebook(folder / "n.ipynb", code("x = 1", "step:a"))
    (tmp_path / "secret.csv").write_text("1")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "out").symlink_to(tmp_path)
    body = {"path": f"{folder.name}/n.ipynb", "name": "links"}
    for place in ("link.csv", "out", "out/*.csv"):
        given = {**body, "on_change": [f"{folder.name}/{place}"]}
        assert "N2P853" == api.refused(403, "POST", "/schedules", given)["code"]
    places = [f"{folder.name}/*.csv", f"{folder.name}/*/*.csv", f"{folder.name}/**"]
    watches = api.ok("POST", "/schedules", {**body, "on_change": places})["watches"]
    assert [(True, True), (True, True), (True, False)] == [(each["is_seen"], each["is_empty"]) for each in watches]
