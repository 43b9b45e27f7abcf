"""Asking the API of Kubeflow Pipelines, with host and credentials as the SDK finds them.

The SDK's own client makes the configuration: token files, service accounts, kubectl's and ``KF_PIPELINES_*``. Requests
go through its connection as plain JSON: the classes that it reads answers into refuse what a newer server adds.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from nb2pipe.errors import RemoteError
from nb2pipe.kubeflow.remote.codes import PACKAGES, remote_error
from nb2pipe.kubeflow.remote.said import Hints, brief, failed, status_error
from nb2pipe.settings.targets import Target

ENGINE = "Kubeflow Pipelines"
CONNECT_S = 10.0
TOKEN_PATH = "KF_PIPELINES_SA_TOKEN_PATH"  # noqa: S105 - the name of a variable
HINTS: Hints = {
    401: "Renew the token in the target's --token-file, or log in again as the SDK does (KF_PIPELINES_*).",
    403: "Ask for the rights of a pipeline editor in the namespace, or set the target's --namespace.",
    404: "Its record here stays; submit the notebook again if it is still wanted.",
    409: "Look at what is there, or choose another name.",
    429: "Wait, and try again.",
    500: "Try again; the log of the server (pod ml-pipeline) says more.",
    "timeout": "Try again, or give the target more time (--timeout-s).",
    "connection": "Check the target's host; a forwarded port ends with kubectl: "
    "kubectl port-forward -n kubeflow svc/ml-pipeline 8888",
    "other": "Correct the target's host, or upgrade the server to Kubeflow Pipelines 2.",
    "refused": "Correct what it names.",
}


class Connection:
    """Asks one server, with what the SDK finds to say who asks.

    Args:
        target: where; nothing is sent yet.

    Raises:
        RemoteError: the SDK is missing, no host is known, or the file with the token cannot be read.
    """

    def __init__(self, target: Target) -> None:
        self.where = f"{ENGINE} at {target.host or 'the place that the SDK finds'}"
        self._target = target
        self._client = _sdk_client(target, self.where)
        self._api = self._client.raw_api
        self.host = str(self._api.configuration.host)
        self.where = f"{ENGINE} at {self.host}"

    @property
    def namespace(self) -> str:
        """The namespace in force: the target's, else the one of the SDK's own settings."""
        return self._target.namespace or str(self._client.get_user_namespace() or "")

    def ask(
        self,
        method: str,
        path: str,
        action: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        what: str = "",
    ) -> Mapping[str, Any]:
        """The answer to a request, as JSON.

        Args:
            method: of HTTP.
            path: behind the host.
            action: what is wanted, for an error: ``start the run``.
            query: behind the path.
            body: as JSON.
            what: what is asked about, for an error: ``run 1a2b``; empty where nothing of the kind can be missing.

        Raises:
            RemoteError: it was not answered well.
        """
        text = self.text(method, path, action, query=query, body=body, what=what)
        try:
            found = json.loads(text or "{}")
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise self._other(f"its answer is no JSON: {brief(text)!r}")
        return found

    def text(
        self,
        method: str,
        path: str,
        action: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        what: str = "",
    ) -> str:
        """The same as text."""
        from kfp_server_api import ApiException
        from urllib3.exceptions import HTTPError

        timeout = (min(CONNECT_S, self._target.timeout_s), self._target.timeout_s)
        try:
            answer = self._api.call_api(
                path,
                method,
                query_params=list((query or {}).items()),
                header_params={"Accept": "application/json", "Content-Type": "application/json"},
                body=body,
                auth_settings=["Bearer"],
                _return_http_data_only=True,
                _preload_content=False,
                _request_timeout=timeout,
            )
            return bytes(answer.data).decode("utf-8", "replace")
        except ApiException as error:
            raise self._refusal(error, action, what) from error
        except HTTPError as error:
            raise failed(error, self.where, action, self._target.timeout_s, HINTS) from error
        except OSError as error:  # the token's file went
            raise _no_token(self.where, error) from error

    def _refusal(self, error: Any, action: str, what: str) -> RemoteError:
        if not error.status:  # of TLS
            return remote_error("N2P959", where=self.where, what=brief(error.reason), advice=HINTS["connection"])
        said = error.body.decode("utf-8", "replace") if isinstance(error.body, bytes) else str(error.body or "")
        status = int(error.status)
        if 300 <= status < 400:
            what = "it sends to a page for logging in"
            return remote_error("N2P951", where=self.where, what=what, advice=_LOG_IN)
        message = _message(said)
        if status == 401 and not self._api.configuration.api_key:
            return remote_error("N2P951", where=self.where, what=message or "none were sent", advice=_LOG_IN)
        if status == 404 and (not what or message in ("", "Not Found")):
            return self._other(f"it does not know {action!r} (404)")
        if status in (405, 501):
            return self._other(f"it cannot {action} ({status})")
        return status_error(status, self.where, action, what, message or str(error.reason), HINTS)

    def _other(self, what: str) -> RemoteError:
        return remote_error("N2P960", where=self.where, engine=ENGINE, what=what, advice=HINTS["other"])

    def close(self) -> None:
        """Let go of connections."""
        self._api.rest_client.pool_manager.clear()
        self._api.close()


_LOG_IN = "Give the target a --token-file, or set what the SDK reads (KF_PIPELINES_*; see its page on connecting)."


def _message(text: str) -> str:
    """What the server says, out of the JSON of its errors."""
    try:
        found = json.loads(text)
    except ValueError:
        return "" if text.lstrip().startswith("<") else brief(text)
    if isinstance(found, dict):
        return brief(str(found.get("message") or found.get("error") or found.get("error_message") or text))
    return brief(text)


def _sdk_client(target: Target, where: str) -> Any:
    """The SDK's client; it asks nothing when it is made."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from kfp.client import Client
            from kfp.client.set_volume_credentials import ServiceAccountTokenVolumeCredentials
    except ImportError as error:
        fault = "is not installed here" if error.name == "kfp" else f"cannot be imported: {error}"
        raise remote_error("N2P950", what=where, module="kfp", fault=fault, package=PACKAGES["kfp"]) from error

    class Quiet(Client):  # type: ignore[misc]
        """As the SDK's own, but it tries nothing twice and asks nothing of itself."""

        def _load_config(self, *args: Any, **kwargs: Any) -> Any:
            config = super()._load_config(*args, **kwargs)
            config.retries = False
            return config

        def get_kfp_healthz(self, sleep_duration: int = 0) -> Any:
            return SimpleNamespace(multi_user=False)

        @property
        def raw_api(self) -> Any:
            """Its connection."""
            return self._run_api.api_client

    return _quietly(lambda: Quiet(**_arguments(target, where, ServiceAccountTokenVolumeCredentials)), where)


def _arguments(target: Target, where: str, of_file: Callable[[str], Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"host": target.host or None, "ui_host": target.ui or None}
    if target.ca_file:
        found["ssl_ca_cert"] = target.ca_file
    token = target.token_file or os.environ.get(TOKEN_PATH, "")
    if token:
        try:
            if not Path(token).read_text("utf-8").strip():
                raise remote_error("N2P951", where=where, what=f"{token} is empty", advice=_LOG_IN)
        except (OSError, UnicodeDecodeError) as error:
            raise _no_token(where, error) from error
        found["credentials"] = of_file(token)
    return found


def _no_token(where: str, error: Exception) -> RemoteError:
    return remote_error("N2P951", where=where, what=f"its token cannot be read: {error}", advice=_LOG_IN)


def _quietly(make: Callable[[], Any], where: str) -> Any:
    """What the SDK makes, without what it prints, and refused where it found no server."""
    said = io.StringIO()
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(said):
            warnings.simplefilter("ignore")
            client = make()
    except RemoteError:
        raise
    except Exception as error:  # foreign code: of Google's and kubectl's libraries too
        raise remote_error("N2P951", where=where, what=brief(str(error)), advice=_LOG_IN) from error
    if "Failed to load kube config" in said.getvalue():
        what = "no host is named, there is no cluster around, and kubectl has no settings here"
        advice = "Name a target (nb2pipe target add NAME --kind kfp --host URL), or set KF_PIPELINES_ENDPOINT."
        raise remote_error("N2P951", where=ENGINE, what=what, advice=advice)
    return client
