"""URLs that a step asks for, by the audit events of Python's own HTTP client, which most libraries stand on."""

from __future__ import annotations

from typing import Any, Literal

from nb2pipe.urls import mask_url

READING = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
SENDING = frozenset({"PUT", "PATCH", "DELETE"})
MOST_HEAD_BYTES = 65_536
LONGEST = 2000
HTTPS_PORT = 443
HTTP_PORT = 80


def request_url(connection: Any, data: Any) -> tuple[Literal["read", "written"], str] | None:
    """What an ``http.client.send`` event asks for.

    Args:
        connection: the ``HTTPConnection`` that is about to send.
        data: what it sends; only the beginning of a request says anything.

    Returns:
        The use and the URL, secrets masked; None where this is no beginning of a request.
    """
    if not isinstance(data, (bytes, bytearray)):
        return None
    line = bytes(data[:MOST_HEAD_BYTES]).partition(b"\r\n")[0].decode("latin-1")
    words = line.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/") or words[0] not in READING | SENDING:
        return None
    target = words[1]
    url = target if "://" in target else f"{_origin(connection)}{target}"
    return ("read" if words[0] in READING else "written"), mask_url(url[:LONGEST])


def _origin(connection: Any) -> str:
    is_secure = getattr(connection, "default_port", HTTP_PORT) == HTTPS_PORT
    tunnel = getattr(connection, "_tunnel_host", None)
    host = str(tunnel or getattr(connection, "host", ""))
    port = getattr(connection, "_tunnel_port" if tunnel else "port", None)
    shown = f"[{host}]" if ":" in host else host
    if port not in (None, HTTPS_PORT if is_secure else HTTP_PORT):
        shown = f"{shown}:{port}"
    return f"{'https' if is_secure else 'http'}://{shown}"
