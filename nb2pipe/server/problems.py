"""Errors as answers: an HTTP status, and JSON that says what happened and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tornado.web import HTTPError

from nb2pipe.errors import (
    ArtifactError,
    ConflictError,
    Diagnostic,
    ExecutionError,
    Nb2pipeError,
    NotFoundError,
    RefusedError,
    RemoteError,
    StoreError,
)
from nb2pipe.report.data import diagnostic_data
from nb2pipe.server.codes import ServiceError
from nb2pipe.server.words import in_words_of_the_service as said

KINDS: tuple[tuple[type[Nb2pipeError], int, str], ...] = (
    (NotFoundError, 404, "N2P854"),
    (ArtifactError, 404, "N2P854"),
    (ConflictError, 409, "N2P858"),
    (StoreError, 503, "N2P859"),
    (RemoteError, 502, "N2P957"),
    (ExecutionError, 500, "N2P862"),
    (RefusedError, 422, "N2P861"),
)
"""Error to status, and the code of those that bring none themselves; the first that fits counts."""
STANDING_AGAINST = frozenset({"N2P923", "N2P924", "N2P925"})
"""Codes of what stands against what is there: an approval that nobody waits for, or that somebody has given."""
_IN_FRONT = re.compile(r"(N2P\d{3}): (.*)", re.DOTALL)  # some messages have their code in front
STATUSES = {400: "N2P851", 401: "N2P857", 403: "N2P857", 404: "N2P854", 405: "N2P851", 413: "N2P852", 415: "N2P851"}


def problem_of(error: BaseException) -> tuple[int, dict[str, Any]]:
    """Status and JSON for an error; nothing of a fault of ours but its kind."""
    if isinstance(error, ServiceError):
        return error.status, problem(error.code, error.message, error.hint)
    if isinstance(error, Nb2pipeError):
        return _of_ours(error)
    if isinstance(error, HTTPError):
        return error.status_code, _of_status(error)
    fault = ServiceError("N2P856", 500, what=type(error).__name__)
    return 500, problem(fault.code, fault.message, fault.hint)


def problem(code: str, message: str, hint: str, diagnostics: Sequence[Diagnostic] = ()) -> dict[str, Any]:
    """The JSON, in words of the service; where diagnostics name a cell, the first error's is the problem's."""
    errors = [each for each in diagnostics if each.severity == "error"]
    first = errors[0] if errors else Diagnostic("", "error", "")
    return {
        "code": first.code or code,
        "message": said(message),
        "hint": said(hint or first.hint),
        "cell_index": first.cell_index,
        "cell_id": first.cell_id,
        "line": first.line,
        "step": first.step,
        "diagnostics": [
            diagnostic_data(replace(each, message=said(each.message), hint=said(each.hint))) for each in diagnostics
        ],
    }


def _of_ours(error: Nb2pipeError) -> tuple[int, dict[str, Any]]:
    status, code = next(((each[1], each[2]) for each in KINDS if isinstance(error, each[0])), (500, "N2P856"))
    diagnostics = error.diagnostics if isinstance(error, RefusedError) else ()
    in_front = _IN_FRONT.fullmatch(error.message)
    if in_front:
        found = problem(in_front[1], in_front[2], error.hint, diagnostics)
    else:
        found = problem(code, error.message, error.hint, diagnostics)
    return 409 if found["code"] in STANDING_AGAINST else status, found


def _of_status(error: HTTPError) -> dict[str, Any]:
    """Errors of Jupyter and Tornado; those of the server's own say no more than what they are called."""
    code = STATUSES.get(error.status_code, "N2P851" if error.status_code < 500 else "N2P856")
    if code == "N2P857":
        refused = ServiceError(code, error.status_code, what=_said(error) or "You are not logged in to Jupyter.")
        return problem(code, refused.message, refused.hint)
    return problem(code, _said(error) or error.reason or f"HTTP status {error.status_code}.", "")


def _said(error: HTTPError) -> str:
    text = error.log_message or ""
    try:
        return str(text % error.args if error.args else text)
    except (TypeError, ValueError):
        return str(text)
