"""Posting JSON to a URL."""

from __future__ import annotations

import contextlib
import http.client
import json
import math
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import IO, Any
from urllib.parse import urlsplit

from nb2pipe import __version__
from nb2pipe.notices.line import Line
from nb2pipe.notices.outcome import Outcome

_SHOWN_BYTES = 300
_WORTH_TRYING = (408, 425, 429)
_LONGEST_S = 86400.0


def post(url: str, data: Mapping[str, Any], headers: Mapping[str, str], timeout_s: float) -> Outcome:
    """Post JSON to a URL; it is sent if the answer's status is 200 to 299.

    A redirection is not followed: what is told would go to a place that the user did not name.

    Args:
        url: ``http://`` or ``https://``; proxies are taken from the environment.
        data: the JSON.
        headers: more headers.
        timeout_s: seconds until the whole answer must be there.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        return Outcome(reason="its URL begins with neither https:// nor http://")
    ours = {"Content-Type": "application/json; charset=utf-8", "User-Agent": f"nb2pipe/{__version__}"}
    with Line(timeout_s) as line:
        try:
            asked = urllib.request.Request(  # noqa: S310 the scheme was looked at above
                url, json.dumps(data).encode(), {**headers, **ours}, method="POST"
            )
            with _opener(line).open(asked, timeout=timeout_s) as answer:
                answer.read(_SHOWN_BYTES)
                return Outcome(is_sent=True)
        except urllib.error.HTTPError as error:
            with error:
                return _refused(error)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Outcome(reason=f"it took longer than {timeout_s:g} s" if line.is_cut else _words(error))


def retry_after_s(text: str | None, now: datetime) -> float | None:
    """Seconds that a ``Retry-After`` header asks for, a day at most; None if it asks for nothing understood.

    Args:
        text: seconds or a date, as RFC 9110 has it.
        now: aware.
    """
    seconds: float | None = None
    with contextlib.suppress(TypeError, ValueError):
        seconds = float(text or "")
    if seconds is None:
        with contextlib.suppress(TypeError, ValueError):
            moment = parsedate_to_datetime(text or "")
            seconds = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    if seconds is None or not math.isfinite(seconds):
        return None
    return min(max(seconds, 0.0), _LONGEST_S)


def _refused(error: urllib.error.HTTPError) -> Outcome:
    said = ""
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        said = error.read(_SHOWN_BYTES).decode("utf-8", "replace").strip()
    reason = f"it answered {error.code} {error.reason}" + (f": {said}" if said else "")
    if 300 <= error.code < 400:
        return Outcome(reason=f"{reason}; a redirection is not followed, name the new place", is_final=True)
    again = error.code >= 500 or error.code in _WORTH_TRYING
    after_s = retry_after_s(error.headers.get("Retry-After"), datetime.now(UTC)) if again else None
    return Outcome(reason=reason, is_final=not again, retry_after_s=after_s)


def _words(error: Exception) -> str:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return "it did not answer in time"
    if isinstance(cause, http.client.RemoteDisconnected):
        return "it closed the connection without an answer"
    return str(getattr(cause, "strerror", "") or cause) or type(cause).__name__


class _Http(http.client.HTTPConnection):
    line: Line

    def connect(self) -> None:
        super().connect()
        self.line.add(self.sock)


class _Https(http.client.HTTPSConnection, _Http):
    """The order of these two lets the socket be minded before it is encrypted."""


class _HttpHandler(urllib.request.HTTPHandler):
    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def http_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(_minded(_Http, self._line), req)


class _HttpsHandler(urllib.request.HTTPSHandler):
    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def https_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(_minded(_Https, self._line), req)


def _minded(kind: type[_Http], line: Line) -> Callable[..., _Http]:
    def make(host: str, **options: Any) -> _Http:
        connection = kind(host, **options)
        connection.line = line
        return connection

    return make


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        return None


def _opener(line: Line) -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_HttpHandler(line), _HttpsHandler(line), _NoRedirection())
