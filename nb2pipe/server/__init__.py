"""The service behind the lab: a Jupyter Server extension that offers what ``nb2pipe.app`` can do by HTTP.

Importing this loads neither Jupyter Server nor Tornado.
"""

from __future__ import annotations

from typing import Any

__all__: list[str] = []


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """What Jupyter Server asks an extension's module."""
    return [{"module": "nb2pipe.server"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Called by Jupyter Server when it starts."""
    from nb2pipe.server.extension import load

    load(server)
