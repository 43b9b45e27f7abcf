"""Who may do what: every operation asks Jupyter who it is and whether it may."""

from __future__ import annotations

import re

import pytest

from nb2pipe.server.asking import Route
from nb2pipe.server.routes import ROUTES
from tests.server.calling import Api, Server

EVERY = pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")


def address(route: Route) -> str:
    """An address of the route."""
    return re.sub(r"{\w+}", "x", route.path)


@EVERY
def test_strangers_are_refused(server: Server, route: Route) -> None:
    """Nobody without a token gets anything, whatever the operation; a wrong token is none."""
    for headers in ({}, {"Authorization": "token forged"}, {"Cookie": "who=nobody"}):
        problem = Api(server.port, headers).refused(403, route.method.upper(), address(route))
        assert "N2P857" == problem["code"]


@EVERY
def test_the_authorizer_is_asked(server: Server, route: Route) -> None:
    """Who has no right to nb2pipe is refused everywhere, who may only look wherever something is done or run."""
    assert "N2P857" == server.api("carl").refused(403, route.method.upper(), address(route), None)["code"]
    if route.action != "read":
        problem = server.api("bob").refused(403, route.method.upper(), address(route))
        assert route.action in problem["message"]
    for _, resource in route.also:
        somebody = {"contents": "dora", "nb2pipe.approvals": "emil"}[resource]
        assert resource in server.api(somebody).refused(403, route.method.upper(), address(route))["message"]


def test_other_addresses_and_methods(server: Server, api: Api) -> None:
    """What the service does not have is said as JSON, to those who may ask; HEAD and PUT are no way around."""
    assert "N2P854" == api.refused(404, "GET", "/nosuch/thing")["code"]
    assert "N2P857" == Api(server.port, {}).refused(403, "GET", "/nosuch/thing")["code"]
    answer = api("PUT", "/runs")
    assert (405, "GET, POST") == (answer.status, answer.headers["Allow"])
    for method in ("HEAD", "PUT"):
        assert 403 == Api(server.port, {})(method, "/runs").status


def test_cookies_need_the_xsrf_token(server: Server) -> None:
    """Who comes by a browser's cookie needs Jupyter's token against forged requests, and may come with it."""
    browser = Api(server.port, {"Cookie": "who=ann"})
    body = {"cron": "0 7 * * *", "zone": "UTC"}
    assert 200 == browser("GET", "/runs", Referer=f"http://127.0.0.1:{server.port}/lab").status
    assert "N2P857" == browser.refused(403, "POST", "/due-times", body)["code"]
    known = {"Cookie": "who=ann; _xsrf=abc"}
    assert 200 == Api(server.port, known)("POST", "/due-times", body, X_XSRFToken="abc").status
    foreign = Api(server.port, known)("POST", "/due-times", body, X_XSRFToken="abc", Origin="http://evil.example.org")
    assert 404 == foreign.status


def test_other_sites_are_refused(server: Server, api: Api) -> None:
    """A request with a host name that is not this machine's is refused, as Jupyter does."""
    assert 403 == api("GET", "/runs", Host="evil.example.org").status
