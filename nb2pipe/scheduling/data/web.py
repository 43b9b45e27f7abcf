"""URLs of the web, by Python's own client."""

from __future__ import annotations

import base64
import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Mapping
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any

from nb2pipe.scheduling.data.place import Item, Unseen, digest_of
from nb2pipe.urls import mask_url

TIMEOUT_S = 20.0
"""Seconds of silence after which a server is taken not to answer."""
_GONE = (404, 410)
_NO_HEAD = (403, 405, 501)
_FRESH_S = 2.0
_FAULTS = (OSError, http.client.HTTPException, ValueError)  # ValueError: no URL at all


class WebPlace:
    """What is at one ``http`` or ``https`` URL.

    Args:
        url: may hold a user and a password.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    def listing(self, known: Iterable[str]) -> Mapping[str, Item]:
        """The URL, with what the server says of it; its content where it says too little."""
        shown = mask_url(self._url)
        try:
            headers = self._headers()
        except urllib.error.HTTPError as error:
            with error:
                if error.code in _GONE:
                    return {}
                raise Unseen(f"{shown} answers {error.code} {error.reason}") from error
        except _FAULTS as error:
            raise Unseen(_why(error, shown)) from error
        if headers is None or not (headers["ETag"] or headers["Last-Modified"]):
            return {shown: Item(f"content {self.digest(shown)}")}
        mark = " ".join(headers[name] or "-" for name in ("ETag", "Last-Modified", "Content-Length"))
        return {shown: Item(mark, not headers["ETag"] and _is_fresh(headers))}

    def digest(self, name: str) -> str:
        """Hex SHA-256 of what the URL gives."""
        try:
            with self._open("GET") as response:
                return digest_of(response)
        except _FAULTS as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()
            raise Unseen(_why(error, name)) from error

    def _headers(self) -> Message | None:
        """What the server says of the URL; None where it wants to be asked for the whole only."""
        try:
            with self._open("HEAD") as response:
                headers: Message = response.headers
                return headers
        except urllib.error.HTTPError as error:
            if error.code not in _NO_HEAD:
                raise
            error.close()
            return None

    def _open(self, method: str) -> Any:
        parts = urllib.parse.urlsplit(self._url)
        headers = {"User-Agent": "nb2pipe", "Cache-Control": "no-cache"}
        bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        request = urllib.request.Request(bare, headers=headers, method=method)  # noqa: S310 - http and https alone
        if parts.username is not None:
            secret = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
            # Not for whom the server may send us on to.
            request.add_unredirected_header("Authorization", f"Basic {base64.b64encode(secret.encode()).decode()}")
        return urllib.request.urlopen(request, timeout=TIMEOUT_S)  # noqa: S310 - as above


def _is_fresh(headers: Message) -> bool:
    """Whether the time of change, whole seconds, may be that of more than one change."""
    try:
        age = parsedate_to_datetime(headers["Date"]) - parsedate_to_datetime(headers["Last-Modified"])
    except (TypeError, ValueError):
        return True
    return age.total_seconds() < _FRESH_S


def _why(error: Exception, shown: str) -> str:
    reason = getattr(error, "reason", None) or error
    return f"{shown}: {getattr(reason, 'strerror', None) or reason}"
