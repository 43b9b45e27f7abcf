"""Schedules made, changed and fired through the service, and the scheduler that it starts."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.app.schedules.keeping import add_schedule
from nb2pipe.app.schedules.words import ScheduleWords
from nb2pipe.scheduling.triggers import When
from tests.app.samples import TWO_STEPS, settings_in, write_notebook
from tests.server.calling import Api, Server
from tests.server.test_runs import is_end


@pytest.fixture
def named(folder: Path, api: Api) -> Iterator[dict[str, Any]]:
    """A schedule of a test's own."""
    write_notebook(folder / "n.ipynb", *TWO_STEPS)
    body = {"path": f"{folder.name}/n.ipynb", "name": folder.name, "cron": "0 7 * * mon-fri", "zone": "Asia/Tokyo"}
    yield api.ok("POST", "/schedules", {**body, "parameters": {"rows": 2}, "policy": {"retries": 1, "timeout_s": 60}})
    api("DELETE", f"/schedules/{folder.name}")


def test_made_and_shown(named: dict[str, Any], folder: Path, api: Api) -> None:
    """A schedule is of who made it; it is shown with its next five times, in the list and alone."""
    assert ("ann", f"{folder.name}/n.ipynb", "active") == (
        named["schedule"]["user"],
        named["notebook"],
        named["standing"],
    )
    shown = api.ok("GET", f"/schedules/{named['name']}")
    assert (5, []) == (len(shown["next_times"]), shown["firings"])
    assert all(time.endswith("T22:00:00+00:00") for time in shown["next_times"])
    listed = api.ok("GET", "/schedules?limit=500")
    assert [None] == [each["last_state"] for each in listed["schedules"] if each["id"] == named["id"]]
    assert (0, listed["total"]) == (len(api.ok("GET", "/schedules?offset=1000")["schedules"]), listed["total"])


def test_changed(named: dict[str, Any], api: Api) -> None:
    """What is given changes, null takes a limit away, all else stays; pausing, resuming and removing do as they say."""
    at = f"/schedules/{named['id']}"
    changed = api.ok("PATCH", at, {"policy": {"timeout_s": None, "overlap": "queue"}, "parameters": {"name": "y"}})
    policy = changed["schedule"]["policy"]
    assert (None, "queue", 1) == (policy["timeout_s"], policy["overlap"], policy["retries"])
    assert {"rows": 2, "name": "y"} == changed["schedule"]["parameters"]
    limited = api.ok("PATCH", at, {"policy": {"ends_at": "2999-01-01T00:00"}})["schedule"]["policy"]
    assert "2998-12-31T15:00:00+00:00" == limited["ends_at"]
    assert api.ok("PATCH", at, {"policy": {"ends_at": None}})["schedule"]["policy"]["ends_at"] is None
    assert ("paused", None) == tuple(api.ok("POST", f"{at}/pause")[name] for name in ("standing", "next_due_at"))
    assert "active" == api.ok("POST", f"{at}/resume")["standing"]
    assert named["name"] == api.ok("DELETE", at)["name"]
    assert "N2P854" == api.refused(404, "GET", at)["code"]


def test_set_off_by_others(named: dict[str, Any], folder: Path, api: Api) -> None:
    """A schedule may come after another, or be called: its token is in the answer that makes it, and in no other."""
    body = {"path": f"{folder.name}/n.ipynb", "name": "later", "after": [named["name"]], "on_call": True}
    made = api.ok("POST", "/schedules", {**body, "policy": {"runs_per_day": 3}})
    try:
        assert ([named["name"]], True) == (made["after"], bool(made["token"]))
        assert "token" not in api.ok("GET", "/schedules/later")
        assert made["token"] != api.ok("PATCH", "/schedules/later", {"new_token": True})["token"]
        assert "later" in api.refused(422, "DELETE", f"/schedules/{named['id']}")["message"]
    finally:
        api.ok("DELETE", f"/schedules/{named['id']}?force=true")
        api.ok("DELETE", "/schedules/later")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"cron": "0 25 * * *"}, 422, "N2P801"),
        ({"cron": "0 0 30 2 *"}, 422, "N2P802"),
        ({"cron": "@daily", "zone": "Asia/Tokio"}, 422, "N2P803"),
        ({"cron": "@daily", "every_s": 60}, 422, "N2P861"),
        ({}, 422, "N2P861"),
        ({"cron": "@daily", "policy": {"retries": -1}}, 422, "N2P804"),
        ({"cron": "@daily", "policy": {"nosuch": 1}}, 400, "N2P851"),
        ({"cron": "@daily", "parameters": {"nosuch": 1}}, 422, "N2P150"),
        ({"cron": "@daily", "name": "TAKEN"}, 409, "N2P858"),
    ],
)
def test_refused(named: dict[str, Any], folder: Path, api: Api, body: dict[str, Any], status: int, code: str) -> None:
    """A schedule that could not run, or of a name that is taken, is refused with the code of what is wrong."""
    count = api.ok("GET", "/schedules")["total"]
    own = {name: named["name"] if value == "TAKEN" else value for name, value in body.items()}
    assert code == api.refused(status, "POST", "/schedules", {"path": f"{folder.name}/n.ipynb", **own})["code"]
    assert count == api.ok("GET", "/schedules")["total"]


def test_due_times(api: Api) -> None:
    """When a cron text is due is told before there is a schedule; what is wrong with it as well."""
    found = api.ok("POST", "/due-times", {"cron": "30 6 * * *", "zone": "UTC", "count": 3})
    assert ("30 6 * * *", 3) == (found["trigger"]["text"], len(found["times"]))
    assert all("T06:30:00" in time for time in found["times"])
    assert [] == api.ok("POST", "/due-times", {"cron": "@daily", "zone": "UTC", "ends_at": "2020-01-01"})["times"]
    assert "N2P801" == api.refused(422, "POST", "/due-times", {"cron": "nonsense"})["code"]


def test_not_of_notebooks_elsewhere(server: Server, api: Api, tmp_path: Path) -> None:
    """A schedule of a notebook that is not served is shown, paused and removed, but neither run nor read from here."""
    path = write_notebook(tmp_path / "elsewhere.ipynb", *TWO_STEPS)
    words = ScheduleWords(path, name="elsewhere", when=When(cron="@daily", zone="UTC"))
    add_schedule(words, settings_in(server.home))
    assert api.ok("GET", "/schedules/elsewhere")["notebook"] is None
    assert "paused" == api.ok("POST", "/schedules/elsewhere/pause")["standing"]
    for method, end, body in (("POST", "/trigger", None), ("POST", "/resume", None), ("PATCH", "", {"name": "x"})):
        assert "N2P853" == api.refused(403, method, f"/schedules/elsewhere{end}", body)["code"]
    api.ok("DELETE", "/schedules/elsewhere")


def test_the_scheduler_is_started_once_and_runs(named: dict[str, Any], api: Api) -> None:
    """The scheduler is started as a process of its own, once; a run that is triggered is of who asked for it."""
    assert api.ok("GET", "/scheduler")["scheduler"] is None
    first = api.ok("POST", "/scheduler/start")
    try:
        again = api.ok("POST", "/scheduler/start")
        assert (True, False) == (first["was_started"], again["was_started"])
        assert first["scheduler"] == again["scheduler"] == api.ok("GET", "/scheduler")["scheduler"]
        assert os.getsid(first["scheduler"]["pid"]) == first["scheduler"]["pid"]
        with api.events() as events:
            next(iter(events))
            own = api.ok("POST", f"/schedules/{named['id']}/trigger")["run_id"]
            seen = events.until(lambda event: is_end(own, event))
        assert ("succeeded", "ann") == (seen[-1].data["state"], seen[-1].data["user"])
        assert "schedules" in {event.kind for event in seen} or api.ok("GET", f"/schedules/{named['id']}")["firings"]
    finally:
        os.kill(first["scheduler"]["pid"], signal.SIGTERM)
