"""Values that live in one process: they cannot be carried to another step."""

from __future__ import annotations

from nb2pipe.analysis.values import Value

_KINDS = {
    "connection": "a database connection",
    "cursor": "a database cursor",
    "engine": "a database engine",
    "lock": "a lock, queue or event",
    "thread": "a thread",
    "pool": "a pool of workers",
    "socket": "a socket",
    "spark": "a Spark session",
    "file": "an open file",
    "archive": "an open archive",
    "writer": "a writer on an open file",
    "contextvar": "a context variable",
    "finalizer": "a finalizer",
    "task": "a task that is under way",
    "display": "a display that later cells update",
}
FINALIZED = "__del__"
_ITERATORS = {
    "generator": "a generator",
    "reader": "a reader on an open file",
    "DictReader": "a reader on an open file",
    "iglob": "a generator",
    "finditer": "an iterator over matches",
}
_POSITIONED = frozenset({"lock", "file", "writer", "iterator"})


_DETAILS = {
    "memmap": "an array mapped from a file",
    "frompyfunc": "a universal function made of a function",
    "frame.itertuples": "an iterator over rows",
    "frame.iterrows": "a generator",
    "frame.items": "an iterator over columns",
    "series.items": "an iterator over values",
}


def live_words(value: Value) -> str | None:
    """What a value is, in words, if it cannot cross to another process for certain; else None."""
    if value.kind == "iterator":
        return _ITERATORS.get(value.detail)
    if value.const == FINALIZED:
        return "an object whose class has a `__del__`, which would run in each step that has it,"
    return _DETAILS.get(value.detail) or _KINDS.get(value.kind)


def keeps_place(value: Value) -> bool:
    """Whether using a live value changes something that lives in its own process only (a position, a database)."""
    return value.kind in _POSITIONED or value.const == ":memory:"
