"""What a person is shown of a saved value, made while it is in memory: no bundle is ever loaded to look at it."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from nb2pipe.artifacts.preview import qualified_type

MOST_ROWS = 20
MOST_COLUMNS = 20
CELL_CHARACTERS = 200
MOST_CHARACTERS = 4000
MOST_ITEMS = 50
DEEPEST = 4
_SCALARS = (bool, int, float, complex, str, bytes, type(None))
_LISTS = (list, tuple, set, frozenset)


@dataclass(frozen=True)
class Summary:
    """The head of a value.

    Args:
        kind: ``table`` for frames, series and arrays of up to two dimensions, else ``text`` or ``json``.
        text: of ``text`` and ``json``; at most 4000 characters.
        columns: names of the first 20 columns.
        dtypes: their types, as many.
        index: labels of the first 20 rows.
        rows: their cells as text, at most 200 characters each.
        rows_total: rows that the value has.
        columns_total: columns that it has.
        is_cut: whether the value has more than is shown.
    """

    kind: Literal["table", "text", "json"]
    text: str = ""
    columns: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ()
    index: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    rows_total: int = 0
    columns_total: int = 0
    is_cut: bool = False


def summary(value: Any) -> Summary | None:
    """The head of a value; None for one of a type that is not known here, since its own code is not called.

    Args:
        value: anything that a notebook bound.
    """
    try:
        return _frame(value) or _array(value) or _text(value) or _json(value)
    except Exception:  # foreign code; a value without a summary is shown by type and size
        return None


def _frame(value: Any) -> Summary | None:
    pandas = sys.modules.get("pandas")
    if pandas is None or type(value) not in (pandas.DataFrame, pandas.Series):
        return None
    with _left_as_it_is(value.axes):
        return _head(value, is_series=type(value) is pandas.Series)


@contextmanager
def _left_as_it_is(indexes: Sequence[Any]) -> Iterator[None]:
    """Take away again what pandas keeps in an index once it is looked at: the user's value is what it was."""
    kept = [(each._cache, set(each._cache)) for each in indexes if isinstance(getattr(each, "_cache", None), dict)]
    try:
        yield
    finally:
        for cache, before in kept:
            for key in set(cache) - before:
                del cache[key]


def _head(value: Any, *, is_series: bool) -> Summary:
    head = value.iloc[:MOST_ROWS] if is_series else value.iloc[:MOST_ROWS, :MOST_COLUMNS]
    parts = [head] if is_series else [head.iloc[:, number] for number in range(head.shape[1])]
    return _table(
        columns=[value.name] if is_series else list(head.columns),
        dtypes=[part.dtype for part in parts],
        index=list(head.index),
        rows=list(zip(*(list(part) for part in parts), strict=True)),
        shape=(len(value), 1 if is_series else value.shape[1]),
    )


def _array(value: Any) -> Summary | None:
    numpy = sys.modules.get("numpy")
    if numpy is None or type(value) is not numpy.ndarray or value.ndim not in (1, 2) or value.dtype.names:
        return None
    grid = value.reshape(len(value), -1) if value.ndim == 1 else value
    head = grid[:MOST_ROWS, :MOST_COLUMNS].tolist()
    width = min(grid.shape[1], MOST_COLUMNS)
    shape = (int(grid.shape[0]), int(grid.shape[1]))
    return _table(range(width), [value.dtype] * width, range(len(head)), head, shape)


def _table(
    columns: Sequence[Any], dtypes: Sequence[Any], index: Sequence[Any], rows: Sequence[Any], shape: tuple[int, int]
) -> Summary:
    return Summary(
        "table",
        columns=tuple(_cell(each) for each in columns),
        dtypes=tuple(_cut(str(each)) for each in dtypes),
        index=tuple(_cell(each) for each in index),
        rows=tuple(tuple(_cell(cell) for cell in row) for row in rows),
        rows_total=shape[0],
        columns_total=shape[1],
        is_cut=shape[0] > MOST_ROWS or shape[1] > MOST_COLUMNS,
    )


def _text(value: Any) -> Summary | None:
    if type(value) is not str:
        return None
    return Summary("text", text=value[:MOST_CHARACTERS], is_cut=len(value) > MOST_CHARACTERS)


def _json(value: Any) -> Summary | None:
    if type(value) not in (*_SCALARS, *_LISTS, dict):
        return None
    cut = [False]
    text = json.dumps(_plain(value, DEEPEST, cut), indent=1, ensure_ascii=False)
    return Summary("json", text=text[:MOST_CHARACTERS], is_cut=cut[0] or len(text) > MOST_CHARACTERS)


def _plain(value: Any, depth: int, cut: list[bool]) -> Any:
    """A value as JSON has it, at most so deep and so long; what JSON cannot say is named by its type."""
    kind = type(value)
    if kind in (bool, int, type(None)) or (kind is float and math.isfinite(value)):
        return value
    if kind not in (*_LISTS, dict):
        return _cell(value)
    cut[0] |= depth == 0 or len(value) > MOST_ITEMS
    if depth == 0:
        return f"{kind.__name__} of {len(value)}"
    pairs = zip(range(MOST_ITEMS), value.items() if kind is dict else value, strict=False)
    if kind is dict:
        return {_cell(key): _plain(item, depth - 1, cut) for _, (key, item) in pairs}
    return [_plain(item, depth - 1, cut) for _, item in pairs]


def _cell(value: Any) -> str:
    """One value in few characters, without calling code of the notebook."""
    kind = type(value)
    top = str(kind.__module__).partition(".")[0]
    if kind is str:
        return _cut(value)
    if kind in (bytes,):
        return _cut(repr(value[:CELL_CHARACTERS]))
    if kind in _SCALARS or top in ("numpy", "pandas", "datetime", "decimal", "uuid", "fractions"):
        return _cut(str(value))
    if kind is tuple and len(value) <= MOST_COLUMNS:  # a label of several levels
        return _cut("(" + ", ".join(_cell(each) for each in value) + ")")
    return _cut(qualified_type(value))


def _cut(text: str) -> str:
    return text if len(text) <= CELL_CHARACTERS else text[: CELL_CHARACTERS - 1] + "…"
