"""A Jupyter server for all tests of a session that leave it as it was, but for runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.calling import Api, Server, run_server

PEOPLE = (
    "--ServerApp.identity_provider_class=tests.server.people.People",
    "--ServerApp.authorizer_class=tests.server.people.Rules",
)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server."""
    yield from run_server(tmp_path_factory.mktemp("jupyter"), *PEOPLE)


@pytest.fixture
def api(server: Server) -> Api:
    """Ann, who may do all."""
    return server.api()


@pytest.fixture
def folder(server: Server, request: pytest.FixtureRequest) -> Path:
    """A folder below the server's root for one test; its name is that of the test."""
    found = server.root / "".join(sign if sign.isalnum() else "-" for sign in request.node.name)[:60]
    found.mkdir(exist_ok=True)
    return found
