"""The description of the service is true: Schemathesis holds a real server against it."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator
from schemathesis.specs.openapi.checks import missing_required_header

from nb2pipe.server.answers import PROBLEM, SCHEMAS
from nb2pipe.server.openapi import document
from nb2pipe.server.routes import ROUTES
from tests.app.samples import TWO_STEPS, write_notebook
from tests.server.calling import API, Api, Server
from tests.server.test_batches import batch
from tests.server.test_runs import run

ENDLESS = ("/events", "/scheduler/start")
"""A stream has no end, and a process that is started again and again shows nothing; both have tests of their own."""


SOUND = ["2xx", 403, 404, 409, 422]
"""What a request of the right form may meet: what it names may not be there, or be refused for what it means."""
CONFIG = schemathesis.Config.from_dict({"checks": {"positive_data_acceptance": {"expected-statuses": SOUND}}})
schema = schemathesis.openapi.from_dict(document(ROUTES, API), config=CONFIG).exclude(path=list(ENDLESS))


@pytest.fixture(scope="session")
def filled(server: Server) -> Server:
    """The server, with something to find there."""
    folder = server.root / "described"
    folder.mkdir()
    write_notebook(folder / "n.ipynb", *TWO_STEPS)
    run(server.api(), folder / "n.ipynb")
    batch(server.api(), folder / "n.ipynb", sets=[{"rows": 1}, {"rows": 2}])
    server.api().ok("POST", "/images/builds", {"path": "described/n.ipynb", "base": "localhost/nosuch:1"})
    server.api().ok("POST", "/schedules", {"path": "described/n.ipynb", "name": "x", "cron": "@yearly", "zone": "UTC"})
    return server


def test_what_is_there_is_as_described(filled: Server) -> None:
    """Answers with content, which random requests seldom get, have the form that is described."""
    api = filled.api()
    [batch], [build] = api.ok("GET", "/batches?limit=1"), api.ok("GET", "/images/builds?limit=1")
    steps = {each["step"]: each for each in api.ok("GET", "/runs/latest")["steps"]}
    words = {
        "artifact": steps["make"]["artifacts"][0]["name"],
        "run": "latest",
        "step": "make",
        "schedule": "x",
        "batch": batch["id"],
        "build": build["id"],
        "target": "none",
    }
    for route in ROUTES:
        if route.method == "get" and route.path not in ENDLESS and route.type == "application/json":
            query = {"/lineage": "?name=latest", "/diff": "?first=latest"}.get(route.path, "")
            answer = api.ok("GET", route.path.format(**words) + query)
            document = {**route.answer, "components": {"schemas": SCHEMAS.found}}
            assert [] == [error.message for error in Draft202012Validator(document).iter_errors(answer)], route.path
    problem = {**PROBLEM, "components": {"schemas": SCHEMAS.found}}
    assert Draft202012Validator(problem).is_valid(api.refused(404, "GET", "/runs/nosuch"))


@schema.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_the_service_does_what_it_says(case: schemathesis.Case[Any], filled: Server) -> None:
    """No request, sound or not, meets an answer that the description does not have; none a fault of the service."""
    case.call_and_validate(
        base_url=f"http://127.0.0.1:{filled.port}{API}",
        headers=filled.api().headers,
        excluded_checks=[missing_required_header],  # it wants 401 of strangers, where Jupyter says 403
    )


def test_names_are_unique(api: Api) -> None:
    """Each operation has one name, and the server describes itself by the table."""
    assert len(ROUTES) == len({route.name for route in ROUTES})
    assert document(ROUTES, API) == api.ok("GET", "/openapi.json")
