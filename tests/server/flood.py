"""The service on a server where changes never end, for tests of those who do not read them."""

from __future__ import annotations

from typing import Any

from tornado.ioloop import PeriodicCallback

from nb2pipe.app.watch import Change
from nb2pipe.server.extension import load

EVERY_MS = 20
BYTES = 20_000


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "tests.server.flood"}]


def _load_jupyter_server_extension(server: Any) -> None:
    service = load(server)
    changes = [Change("step", "any", {"text": "x" * BYTES})] * 20
    PeriodicCallback(lambda: service.hub.publish(changes), EVERY_MS).start()
