"""The HTTP side of the stand-in for Google Cloud: requests, answers, and errors as Google's services write them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from tests.kubeflow.remote.vertex_shapes import faults_of


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What is answered: a message of ``vertex_shapes``, or the bytes of an object."""

    status: int
    body: Any = field(default_factory=dict)
    message: str = ""


def error(status: int, code: str, message: str, *details: Mapping[str, Any]) -> Answer:
    """An error as Google's services write it."""
    return Answer(status, {"error": {"code": status, "message": message, "status": code, "details": list(details)}})


def info(reason: str, **metadata: str) -> dict[str, Any]:
    """``google.rpc.ErrorInfo``."""
    kind = "type.googleapis.com/google.rpc.ErrorInfo"
    return {"@type": kind, "reason": reason, "domain": "googleapis.com", "metadata": metadata}


HANG = Answer(0)
"""No answer at all."""


def invalid(faults: list[str]) -> Answer:
    """A request that does not fit its message."""
    violations = [{"field": "pipeline_job", "description": each} for each in faults]
    details = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations}
    return error(400, "INVALID_ARGUMENT", "Request contains an invalid argument.", details)


def not_found(message: str) -> Answer:
    """Something that is not there."""
    return error(404, "NOT_FOUND", message)


def gone(kind: str, name: str) -> Answer:
    """A run or schedule that is not there."""
    return not_found(f'The {kind} "{name}" doesn\'t exist.')


def deleted(name: str) -> Answer:
    """A deletion, which is an operation there."""
    response = {"@type": "type.googleapis.com/google.protobuf.Empty"}
    return Answer(200, {"name": f"{name}/operations/1", "done": True, "response": response}, "Operation")


def storage_error(status: int, message: str, reason: str) -> Answer:
    """An error as Cloud Storage writes it."""
    errors = [{"message": message, "domain": "global", "reason": reason}]
    return Answer(status, {"error": {"code": status, "message": message, "errors": errors}})


class Answering(Protocol):
    """What answers requests."""

    def answer(self, asked: Asked) -> Answer:
        """What it answers to one."""


def handler(google: Answering) -> type[BaseHTTPRequestHandler]:
    """What serves it by HTTP."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            parts = urlsplit(self.path)
            sent = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            is_form = "form" in self.headers.get("Content-Type", "")
            body = dict(parse_qsl(sent.decode())) if is_form else json.loads(sent or b"null")
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = google.answer(Asked(self.command, parts.path, dict(parse_qsl(parts.query)), body, headers))
            if answer is HANG:
                self.close_connection = True
                return
            faults = faults_of(answer.message, answer.body, is_request=False) if answer.message else []
            if faults:
                answer = error(599, "STAND_IN", f"the stand-in's own answer is wrong: {faults}")
            content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = _do

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: tests look at what was asked."""

    return Handler
