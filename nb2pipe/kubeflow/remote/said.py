"""What went wrong with a request, as one of our errors: for every engine alike."""

from __future__ import annotations

from collections.abc import Mapping

from nb2pipe.errors import RemoteError
from nb2pipe.kubeflow.remote.codes import remote_error

MOST = 300
OF_STATUS = {401: "N2P952", 403: "N2P953", 404: "N2P954", 409: "N2P955", 429: "N2P956"}
Hints = Mapping[int | str, str]
"""What to do, by status, or by ``timeout``, ``connection``, ``other`` and ``refused``."""


def brief(text: object) -> str:
    """A text on one line, and not too long."""
    line = " ".join(str(text).split())
    return line if len(line) <= MOST else f"{line[: MOST - 3]}..."


def status_error(status: int, where: str, action: str, what: str, said: str, hints: Hints) -> RemoteError:
    """The error of a status of HTTP.

    Args:
        status: which.
        where: the service, for people.
        action: what was wanted: ``start the run``.
        what: what was asked about: ``run 1a2b``.
        said: what the service says.
        hints: what to do.
    """
    if status == 404:
        return remote_error("N2P954", where=where, what=what or action, advice=hints[404])
    if status in OF_STATUS:
        return remote_error(OF_STATUS[status], where=where, action=action, what=brief(said), advice=hints[status])
    if status in (408, 504):
        return remote_error("N2P957", where=where, action=action, status=status, what=brief(said), advice=hints[500])
    kind = "N2P957" if status >= 500 else "N2P961"
    advice = hints[500] if status >= 500 else hints["refused"]
    return remote_error(kind, where=where, action=action, status=status, what=brief(said), advice=advice)


def failed(error: BaseException, where: str, action: str, seconds: float, hints: Hints) -> RemoteError:
    """The error of a request that got no answer.

    Args:
        error: of ``urllib3`` or ``requests``; looked at by name, so that neither is imported for it.
        where: the service, for people.
        action: what was wanted.
        seconds: that it had.
        hints: what to do.
    """
    cause: BaseException = error
    while (deeper := getattr(cause, "reason", None)) is not None and isinstance(deeper, BaseException):
        cause = deeper
    names = {kind.__name__ for kind in type(cause).__mro__} | {kind.__name__ for kind in type(error).__mro__}
    if names & {"ReadTimeoutError", "ReadTimeout"}:
        return remote_error("N2P958", where=where, action=action, seconds=seconds, advice=hints["timeout"])
    return remote_error("N2P959", where=where, what=brief(cause), advice=hints["connection"])
