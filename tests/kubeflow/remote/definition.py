"""The definition of the API of Kubeflow Pipelines, and what of a request is not as it says.

The file is the server's own (Kubeflow Pipelines 2.17.0, Apache-2.0). ``NB2PIPE_KFP_API`` names it.
"""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema
import pytest

ROOT = Path(__file__).parents[3]
PLACE = Path(os.environ.get("NB2PIPE_KFP_API") or ROOT.parent / "shared" / "kfp" / "kfp_api_v2beta1.swagger.json")
METHODS = ("get", "post", "put", "patch", "delete")


@cache
def definition() -> Mapping[str, Any]:
    """The whole definition.

    Raises:
        pytest.skip.Exception: it is not there.
    """
    if not PLACE.is_file():
        pytest.skip(f"needs kfp_api: no definition of the API at {PLACE}")
    found = json.loads(PLACE.read_text("utf-8"))
    for each in found["definitions"].values():
        _strict(each)
    return dict(found)


def _strict(schema: dict[str, Any]) -> None:
    """Whole numbers of 64 bits may be texts or numbers, and nothing may be said that has no place."""
    if schema.get("type") == "object" and schema.get("properties"):
        schema["additionalProperties"] = False
    if schema.get("format") == "int64":
        schema["type"] = ["string", "integer"]
    if "$ref" in schema:
        schema.pop("type", None)
    for part in (*schema.get("properties", {}).values(), schema.get("items"), schema.get("additionalProperties")):
        if isinstance(part, dict):
            _strict(part)


def operation_of(method: str, url: str) -> tuple[str, Mapping[str, str], Mapping[str, Any]] | None:
    """The operation that a request asks for: its id, what stands in its path, and how it is defined."""
    path = urlsplit(url).path
    for template, methods in definition()["paths"].items():
        pattern = re.sub(r"\\{([\w.]+)\\}", lambda m: f"(?P<{m[1].replace('.', '_')}>[^/:]+)", re.escape(template))
        found = re.fullmatch(pattern, path)
        if found and method.lower() in methods:
            operation = methods[method.lower()]
            return operation["operationId"], found.groupdict(), operation
    return None


def faults(operation: Mapping[str, Any], url: str, body: bytes) -> Iterator[str]:
    """What is wrong with a request, as the definition has it.

    Args:
        operation: from the definition.
        url: path and query.
        body: as it came.
    """
    parameters = operation.get("parameters", [])
    known = {each["name"] for each in parameters if each["in"] == "query"}
    yield from (f"unknown in the query: {name}" for name, _ in parse_qsl(urlsplit(url).query) if name not in known)
    wanted = [each for each in parameters if each["in"] == "body"]
    if not wanted:
        if body not in (b"", b"{}"):
            yield f"a body where none belongs: {body[:80]!r}"
        return
    try:
        told = json.loads(body)
    except ValueError:
        yield "its body is no JSON"
        return
    schema = {**copy.deepcopy(dict(wanted[0]["schema"])), "definitions": definition()["definitions"]}
    validator = jsonschema.Draft4Validator(schema)
    yield from (
        f"{'/'.join(map(str, each.absolute_path))}: {each.message[:200]}" for each in validator.iter_errors(told)
    )
