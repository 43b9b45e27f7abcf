"""What a client asks: the route that it takes, and its words checked against the route's own description."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from nb2pipe.server.codes import ServiceError
from nb2pipe.server.schemas import Schema, record

if TYPE_CHECKING:
    from nb2pipe.server.service import Service

JSON_TYPE = "application/json"
SMALL_BYTES = 2**20
NOTEBOOK_BYTES = 32 * 2**20
IGNORED = frozenset({"token", "_xsrf", "no_track_activity"})
"""Words of a query that are Jupyter's."""
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_UNCACHED = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class Asked:
    """What a client asks, checked.

    Args:
        user: Jupyter's name of who asks.
        words: parts of the path by name.
        query: by name, typed; what is not given is not in it, or has the default of the description.
        body: the members of the JSON body.
    """

    user: str
    words: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """An answer that is no JSON of ours.

    Args:
        data: its bytes.
        type: media type.
        policy: Content-Security-Policy, empty for the default, which allows nothing.
    """

    data: bytes
    type: str = JSON_TYPE
    policy: str = ""


Use = Callable[["Service", Asked], Any]


@dataclass(frozen=True)
class Route:
    """One operation of the service.

    Args:
        method: of HTTP, in lower case.
        path: below the service's root, parts to be filled in braces: ``/runs/{run}``.
        name: of the operation, unique.
        summary: one sentence.
        use: what does it, on a thread of the pool; gives JSON-ready data or :class:`Raw`.
        answer: schema of the data.
        query: schemas of the query's words by name; an array may be given several times.
        body: schema of the JSON body; None where none is taken.
        action: what of Jupyter's rights it takes on ``nb2pipe``: ``read``, ``write`` or ``execute``.
        also: further rights that it takes: action and resource, such as to read Jupyter's contents to name a file.
        most_bytes: of the body.
        status: of a good answer.
        type: media type of the answer.
    """

    method: str
    path: str
    name: str
    summary: str
    use: Use
    answer: Schema
    query: Mapping[str, Schema] = field(default_factory=dict)
    body: Schema | None = None
    action: str = "read"
    also: tuple[tuple[str, str], ...] = ()
    most_bytes: int = SMALL_BYTES
    status: int = 200
    type: str = JSON_TYPE

    @property
    def rights(self) -> tuple[tuple[str, str], ...]:
        """Action and resource, for Jupyter's authorizer."""
        return ((self.action, "nb2pipe"), *self.also)

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the parts of the path to be filled in."""
        return tuple(re.findall(r"{(\w+)}", self.path))


def read_query(route: Route, given: Mapping[str, list[str]]) -> dict[str, Any]:
    """The words of a query with their types and defaults.

    Raises:
        ServiceError: N2P851, one is unknown or wrong.
    """
    found: dict[str, Any] = {name: schema["default"] for name, schema in route.query.items() if "default" in schema}
    for name, texts in given.items():
        if name in IGNORED or _UNCACHED.fullmatch(name):  # JupyterLab's way around caches is a number
            continue
        schema = route.query.get(name)
        if schema is None:
            known = ", ".join(route.query) or "none"
            raise ServiceError("N2P851", 400, what=f"There is no {name!r} in the query.", advice=f"Known: {known}.")
        if schema.get("type") != "array" and len(texts) > 1:
            raise ServiceError("N2P851", 400, what=f"{name!r} was given {len(texts)} times.", advice="Give it once.")
        values = [_typed(text, schema.get("items", schema)) for text in texts]
        found[name] = values if schema.get("type") == "array" else values[0]
    _check(record(route.query, optional=tuple(route.query)), found, "the query")
    return found


def read_body(route: Route, data: bytes, content_type: str) -> dict[str, Any]:
    """The members of a JSON body.

    Raises:
        ServiceError: N2P851, it is not JSON, or not what the route takes.
    """
    if route.body is None:
        if data.strip() not in (b"", b"{}", b"null"):
            raise ServiceError("N2P851", 400, what="This request takes no body.", advice="Send none.")
        return {}
    if content_type.partition(";")[0].strip().lower() != JSON_TYPE:
        raise ServiceError("N2P851", 415, what=f"The body is {content_type!r}.", advice=f"Send {JSON_TYPE}.")
    try:
        found = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        what = f"The body is not JSON: {str(error)[:200]}."
        raise ServiceError("N2P851", 400, what=what, advice="Send a JSON object in UTF-8.") from error
    _check(route.body, found, "the body")
    return dict(found)


def read_words(route: Route, given: tuple[str, ...]) -> dict[str, str]:
    """The parts of a path by name.

    Raises:
        ServiceError: N2P854, one cannot be the name of anything.
    """
    for text in given:
        if "\0" in text or len(text) > 500:
            raise ServiceError("N2P854", 404, what=f"Nothing is called {text[:80]!r}.", advice="Correct the address.")
    return dict(zip(route.parts, given, strict=True))


def moment(text: str | None) -> datetime | None:
    """A time of a query.

    Raises:
        ServiceError: N2P851, it is none, or names no zone.
    """
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 1 < found.year < 9999:
        what, advice = f"{text[:80]!r} is not a time with its zone.", "Write it as 2026-12-01T07:00:00Z."
        raise ServiceError("N2P851", 422, what=what, advice=advice)
    return found


def to_text(data: Any) -> str:
    """JSON in ASCII; numbers that JSON does not know go as their names."""
    try:
        return json.dumps(data, allow_nan=False)
    except ValueError:
        return json.dumps(_without_odd_numbers(data), allow_nan=False)


def _without_odd_numbers(data: Any) -> Any:
    if isinstance(data, float) and not math.isfinite(data):
        return "NaN" if math.isnan(data) else "Infinity" if data > 0 else "-Infinity"
    if isinstance(data, Mapping):
        return {key: _without_odd_numbers(item) for key, item in data.items()}
    return [_without_odd_numbers(item) for item in data] if isinstance(data, (list, tuple)) else data


def _typed(text: str, schema: Schema) -> Any:
    kind = schema.get("type")
    if kind == "integer" and _WHOLE.fullmatch(text):
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema))


def _check(schema: Schema, data: Any, what: str) -> None:
    error = next(iter(_validator(json.dumps(schema)).iter_errors(data)), None)
    if error is not None:
        place = "/".join(str(part) for part in error.absolute_path)
        where = f"{place[:80]!r} of {what}" if place else what.capitalize()
        said = error.message if len(error.message) <= 300 else f"{error.message[:300]} ..."
        raise ServiceError(
            "N2P851", 400, what=f"{where} is wrong: {said}", advice="openapi.json beside this address has its form."
        )
    if not _is_text(data):
        raise ServiceError("N2P851", 400, what=f"In {what} is half a character.", advice="Send whole characters.")


def _is_text(data: Any) -> bool:
    """Whether all texts are made of whole characters: half of a surrogate pair is none."""
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")
