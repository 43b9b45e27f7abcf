"""Puts the service into a Jupyter server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jupyter_server.utils import url_path_join

from nb2pipe.app.watch import Change
from nb2pipe.errors import SettingsError
from nb2pipe.server import images
from nb2pipe.server.asking import Route
from nb2pipe.server.contents import contents_of
from nb2pipe.server.endpoint import Endpoint, Nothing
from nb2pipe.server.hub import Hub
from nb2pipe.server.routes import ROUTES
from nb2pipe.server.service import HEARTBEAT_S, Pool, Service
from nb2pipe.server.stream import Stream
from nb2pipe.server.watching import WatchThread
from nb2pipe.settings import Settings, load_settings

ROOT = "nb2pipe/api"
HEARTBEAT = "nb2pipe_heartbeat_s"


def load(server: Any) -> Service:
    """Add the service to a server.

    Args:
        server: the ``ServerApp``.
    """
    service = make_service(server)
    server.web_app.add_handlers(".*$", handlers(service))
    server.log.info("nb2pipe serves %s", service.root)
    return service


def make_service(server: Any) -> Service:
    """The service of a server; it does nothing until it is asked."""

    def settings() -> Settings:
        root = contents_of(server.contents_manager).root
        return load_settings(cwd=root)

    def shown(change: Change) -> Change:
        """A run or an image build with its notebook's path as clients name it."""
        if change.kind == "image":
            return replace(change, data=images.shown(change.data, contents_of(server.contents_manager)))
        if change.kind != "run":
            return change
        path = contents_of(server.contents_manager).relative(change.data["notebook_path"])
        return replace(change, data={**change.data, "notebook": path})

    hub = Hub()
    hub.start = WatchThread(hub, settings, shown, server.log).start
    root = "/" + url_path_join(server.web_app.settings["base_url"], ROOT).strip("/")
    contents = lambda: contents_of(server.contents_manager)  # noqa: E731 - asked anew each time
    return Service(settings, contents, Pool(), hub, root, heartbeat_of(server.web_app.settings))


def heartbeat_of(given: Mapping[str, Any]) -> float:
    """Seconds of silence on a stream after which a sign of life is sent.

    Args:
        given: Jupyter's settings for Tornado, with ``nb2pipe_heartbeat_s`` where whoever runs the server wants another.

    Raises:
        SettingsError: it is no number of seconds above 0.
    """
    value = given.get(HEARTBEAT, HEARTBEAT_S)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < float("inf"):
        hint = f"Write seconds above 0: c.ServerApp.tornado_settings = {{{HEARTBEAT!r}: {HEARTBEAT_S:g}}}."
        raise SettingsError(f"{HEARTBEAT} cannot be {value!r}.", hint=hint)
    return float(value)


def handlers(service: Service) -> list[Any]:
    """Address, handler and arguments of each address of the table, and one for all others below the root."""
    by_path: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        by_path.setdefault(route.path, {})[route.method] = route
    root = re.escape(service.root)
    found: list[Any] = []
    for path, routes in by_path.items():
        handler = Stream if any(route.type == "text/event-stream" for route in routes.values()) else Endpoint
        pattern = re.sub(r"\\{\w+\\}", "([^/]+)", re.escape(path))
        found.append((f"{root}{pattern}", handler, {"service": service, "routes": routes}))
    return [*found, (f"{root}(?:/.*)?", Nothing, {"service": service, "routes": {}})]
