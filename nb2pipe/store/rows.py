"""Values of the model as rows of a table, and back."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import RowMapping, Table

from nb2pipe.model.json import from_json, to_json

T = TypeVar("T")


def to_row(value: Any, table: Table, *, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """Column values for a dataclass of the model; fields without a column of their own go into ``more``.

    Args:
        value: the dataclass.
        table: the table it is kept in.
        leave_out: fields kept elsewhere.
    """
    row: dict[str, Any] = {}
    more: dict[str, Any] = {}
    for field in dataclasses.fields(value):
        if field.name in leave_out:
            continue
        item = getattr(value, field.name)
        if field.name in table.c:
            row[field.name] = item.value if isinstance(item, StrEnum) else item
        else:
            more[field.name] = to_json(item)
    return {**row, "more": more}


def plain(row: RowMapping | dict[str, Any]) -> dict[str, Any]:
    """A row as the JSON of the dataclass it was made from; columns of the store's own stay in it."""
    data = row["more"] | dict(row)
    return {key: item.isoformat() if isinstance(item, datetime) else item for key, item in data.items()}


def from_row(cls: type[T], row: RowMapping | dict[str, Any], **elsewhere: Any) -> T:
    """The dataclass that a row was made from.

    Args:
        cls: the dataclass.
        row: the row, column name to value.
        elsewhere: JSON of the fields kept elsewhere.
    """
    return from_json(cls, {**plain(row), **elsewhere})
