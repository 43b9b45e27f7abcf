"""Column types that give back exactly what was put in, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Float, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

from nb2pipe.errors import StoreError
from nb2pipe.model.json import to_json

_ESCAPED = "\ufdd0"  # a code point that Unicode keeps out of texts for such use


class Words(TypeDecorator[str]):
    """Any Python text: what a database refuses (NUL, lone surrogates of odd file names) is stored escaped."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text, or its JSON behind a mark where the database would refuse it."""
        if value is None or not ("\0" in value or value.startswith(_ESCAPED) or _has_surrogates(value)):
            return value
        return _ESCAPED + json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as it was."""
        if value is not None and value.startswith(_ESCAPED):
            unescaped: str = json.loads(value[1:])
            return unescaped
        return value


class Json(TypeDecorator[Any]):
    """Values of the model as JSON text; text keeps key order, NaN and NUL where JSON columns would not."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The value's JSON; None stays NULL."""
        return None if value is None else json.dumps(to_json(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Plain JSON data."""
        if value is None:
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise StoreError(
                f"The store is damaged: it holds {value[:40]!r} where JSON should be.",
                hint="Put a backup in its place.",
            ) from error


class Utc(TypeDecorator[datetime]):
    """Aware times, kept in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time in UTC; a naive one is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time with its zone, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SecondsBetween(GenericFunction[float]):
    """Seconds from one column of times to another; NULL where either is."""

    type = Float()
    inherit_cache = True
    _register = False


@compiles(SecondsBetween, "sqlite")
def _on_sqlite(element: SecondsBetween, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"((julianday({end}) - julianday({start})) * 86400.0)"


@compiles(SecondsBetween, "postgresql")
def _on_postgresql(element: SecondsBetween, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM {end} - {start}) AS DOUBLE PRECISION)"


def _has_surrogates(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
