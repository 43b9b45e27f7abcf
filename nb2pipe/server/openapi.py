"""The description of the service (OpenAPI 3.1), made from the table of routes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nb2pipe import __version__
from nb2pipe.server.answers import PROBLEM, SCHEMAS
from nb2pipe.server.asking import JSON_TYPE, Route
from nb2pipe.server.schemas import TEXT, Schema

_REFUSALS = {
    "400": "Not what is taken here: the body is not JSON, or a word is wrong, missing or unknown.",
    "403": "Not logged in, without the right to this, or a path that is not served.",
    "404": "Nothing of that name.",
    "409": "It stands against what is there.",
    "413": "Too big.",
    "415": "The body is not said to be JSON.",
    "422": "Refused: the message, and diagnostics that name cells, say why.",
    "500": "A fault of the service, or a process that could not be started.",
    "503": "Too much to do, or the store is out of reach.",
}


def document(routes: Sequence[Route], root: str) -> dict[str, Any]:
    """The description.

    Args:
        routes: all operations.
        root: path of the service's address.
    """
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "nb2pipe",
            "version": __version__,
            "description": "Pipelines of notebooks: checked, run, scheduled and traced. Names of notebooks are relative"
            " to the folder that Jupyter serves; times are UTC. RUN is a run's id, the beginning of one, or latest.",
        },
        "servers": [{"url": root}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`token` and Jupyter's token; a browser's login cookie does too.",
                }
            },
            "schemas": dict(sorted(SCHEMAS.found.items())),
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": [*(_part(name) for name in route.parts), *(_word(*item) for item in route.query.items())],
        "responses": _responses(route),
    }
    if route.body is not None:
        found["requestBody"] = {"required": True, "content": {JSON_TYPE: {"schema": route.body}}}
    return found


def _part(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {**TEXT, "minLength": 1, "maxLength": 500}}


def _word(name: str, schema: Schema) -> dict[str, Any]:
    own = {key: value for key, value in schema.items() if key != "description"}
    said = {"description": schema["description"]} if "description" in schema else {}
    return {"name": name, "in": "query", "required": False, "schema": own, **said}


def _responses(route: Route) -> dict[str, Any]:
    good = {"description": "Done.", "content": {route.type: {"schema": route.answer}}}
    refused = {
        status: {"description": text, "content": {JSON_TYPE: {"schema": PROBLEM}}}
        for status, text in _REFUSALS.items()
        if route.body is not None or status not in ("413", "415")
    }
    return {str(route.status): good, **refused}
