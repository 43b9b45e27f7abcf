"""Calls of Google's REST interfaces with the credentials that this machine has (Application Default Credentials)."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from typing import Any

from nb2pipe.errors import RemoteError
from nb2pipe.kubeflow.remote.codes import PACKAGES, not_possible, remote_error
from nb2pipe.kubeflow.remote.said import brief
from nb2pipe.kubeflow.remote.vertex.faults import (
    LOG_IN,
    LOG_IN_AGAIN,
    SCOPE,
    Asked,
    fault,
    said_in,
    unanswered,
    unexpected,
)
from nb2pipe.kubeflow.remote.vertex.places import Service, address

CONNECT_S = 10.0
_SILENT = logging.NullHandler()


class Session:
    """Sends requests, each with the token of the machine's credentials, which are looked for at the first one.

    It keeps no credentials: google-auth finds them where Google's own tools do, and renews tokens that expire.

    Args:
        location: of Vertex AI.
        timeout_s: seconds that an answer may take.
        env: environment, for private addresses of services.
    """

    def __init__(self, location: str, timeout_s: float, env: Mapping[str, str]) -> None:
        self._location = location
        self._timeout_s = timeout_s
        self._env = env
        self._session: Any = None
        self.account = ""
        """Whose credentials they are, where they tell: known after the first request."""

    def json(
        self,
        method: str,
        path: str,
        asked: Asked,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        location: str = "",
    ) -> dict[str, Any]:
        """What a service answers.

        Args:
            method: of HTTP.
            path: after the service's address.
            asked: the same, for messages.
            body: what is sent with it.
            query: parameters of the address.
            location: of Vertex AI, where it is another than usual.

        Raises:
            RemoteError: it refuses, fails or does not answer.
        """
        answer = self._send(method, path, asked, body, query, location)
        try:
            found = answer.json() if answer.content else {}
        except ValueError:
            raise unexpected(asked, "its answer is no JSON") from None
        if not isinstance(found, dict):
            raise unexpected(asked, "its answer is no JSON")
        return found

    def content(self, path: str, asked: Asked, *, query: Mapping[str, str] | None = None) -> bytes:
        """The bytes at an address.

        Raises:
            RemoteError: as above.
        """
        found: bytes = self._send("GET", path, asked, None, query, "").content
        return found

    def close(self) -> None:
        """Let go of connections."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _send(
        self,
        method: str,
        path: str,
        asked: Asked,
        body: Mapping[str, Any] | None,
        query: Mapping[str, str] | None,
        location: str,
    ) -> Any:
        session = self._opened(asked)
        url = self._address(asked, location) + path
        try:
            answer = session.request(
                method,
                url,
                params=query,
                json=body,
                timeout=(min(CONNECT_S, self._timeout_s), self._timeout_s),
                max_allowed_time=self._timeout_s,
                allow_redirects=False,
            )
        except Exception as error:  # google-auth's and requests' own, from their depths
            raise self._broken(asked, error) from error
        if not 200 <= answer.status_code < 300:
            raise fault(asked, said_in(answer.status_code, answer.content))
        return answer

    def _address(self, asked: Asked, location: str) -> str:
        service: Service = asked.service  # type: ignore[assignment]
        try:
            return address(service, location or self._location, self._env)
        except ValueError as error:
            advice = "Give that variable an address that begins with https://, or remove it."
            raise not_possible("N2P964", engine=asked.where, what="the address", why=error, advice=advice) from None

    def _opened(self, asked: Asked) -> Any:
        if self._session is None:
            credentials = _credentials(asked)
            from google.auth.transport.requests import AuthorizedSession

            self.account = str(getattr(credentials, "service_account_email", "") or "")
            self._session = AuthorizedSession(credentials, refresh_timeout=self._timeout_s)
        return self._session

    def _broken(self, asked: Asked, error: Exception) -> RemoteError:
        from google.auth import exceptions

        if isinstance(error, exceptions.RefreshError):
            return _not_renewed(asked, error)
        inner: BaseException = error
        while inner.args and isinstance(inner.args[0], BaseException):  # each wraps what is nearer to the cause
            inner = inner.args[0]
        return unanswered(asked, inner, self._timeout_s)


def check_installed() -> None:
    """Refuse where the package for credentials is missing.

    Raises:
        RemoteError: N2P950.
    """
    try:
        import google.auth.transport.requests  # noqa: F401 - what is asked is whether it can be
    except ImportError as error:
        words = {"what": "Vertex AI", "module": "google-auth", "package": PACKAGES["vertex"]}
        raise remote_error("N2P950", **words, fault=f"cannot be imported ({error})") from None


def _credentials(asked: Asked) -> Any:
    import google.auth

    logging.getLogger("google.auth").addHandler(_SILENT)  # what matters comes as an error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a login without a project for quotas: an answer says so if it matters
            credentials, _ = google.auth.default(scopes=[SCOPE])
    except Exception as error:  # google-auth's own, and others from its depths for files that are no key files
        raise remote_error("N2P951", where=asked.where, what=_text(error), advice=LOG_IN) from error
    return credentials


def _not_renewed(asked: Asked, error: Exception) -> RemoteError:
    """No token for the credentials: they are refused, or the service that gives tokens fails."""
    said = _text(error)
    if getattr(error, "retryable", False):
        words = {"where": "Google's service for tokens", "action": "give one", "status": "no token"}
        return remote_error("N2P957", **words, what=said, advice="Try again later.")
    return remote_error("N2P952", where=asked.where, what=said, advice=LOG_IN_AGAIN)


def _text(error: BaseException) -> str:
    """What an error of others says first: a copy of the whole answer follows."""
    return brief(error.args[0] if error.args and isinstance(error.args[0], str) else error)
