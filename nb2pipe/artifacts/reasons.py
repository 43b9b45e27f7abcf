"""Why a value cannot cross to another process, and the way out, in words for its owner."""

from __future__ import annotations

import pickle
import types
from collections.abc import Iterator
from typing import Any

from nb2pipe.artifacts.context import Context

OPEN_AGAIN = "open it in every step that uses it, for example in a `setup` cell"
WAYS_OUT = (
    (("sqlite3.Connection", "sqlite3.Cursor"), "a database connection", OPEN_AGAIN),
    (
        *(
            (
                "sqlalchemy.engine",
                "sqlalchemy.orm.session",
                "psycopg",
                "pymysql",
                "mysql",
                "duckdb",
                "pymongo",
                "redis",
            ),
        ),
        *("a connection", OPEN_AGAIN),
    ),
    (
        *(("socket.", "ssl.", "http.client", "urllib3", "requests.", "httpx.", "aiohttp", "zmq."),),
        *("a network connection", OPEN_AGAIN),
    ),
    (
        *(("builtins.generator", "builtins.async_generator"), "a generator, which stands in the middle of its code"),
        "make a list of it (`list(...)`), or keep the cells that use it in one step",
    ),
    (
        *(("builtins.coroutine", "_asyncio.", "asyncio."), "something asynchronous that is under way"),
        "await it before the step ends",
    ),
    (
        ("_thread.", "threading.", "multiprocessing.", "concurrent.futures", "queue.", "_queue."),
        "a lock, queue, thread or pool of this process",
        "make it where it is used, or leave it out of the object's state (`__getstate__`)",
    ),
    (
        *(("_io.", "io.", "tempfile.", "gzip.", "bz2.", "lzma.", "zipfile.", "tarfile."), "an open file"),
        "open it in every step that uses it, or read what is needed into a variable",
    ),
    (("subprocess.",), "a running program", "wait for it and keep its output"),
    (
        *(("builtins.frame",), "a piece of running code"),
        "keep the text that `traceback.format_exc()` gives",
    ),
)
OTHERWISE = "keep the cells that use it in one step, or make it again in a `setup` cell"
DEPTH = 6
LIMIT = 20_000


def reason_of(value: Any, error: BaseException, context: Context) -> str:
    """One sentence: what about ``value`` cannot cross, where in it that stands, and what to do.

    Args:
        value: the value of a variable.
        error: what pickling it raised.
        context: the kernel.
    """
    for path, part in _parts(value):
        kinds = [f"{cls.__module__}.{cls.__qualname__}" for cls in type(part).__mro__[:-1]]
        for prefixes, what, way_out in WAYS_OUT:
            if any(kind.startswith(prefixes) for kind in kinds) and context.key_of(part) is None and not _crosses(part):
                where = f"its part `{path}` is {what}" if path else f"it is {what}"
                return f"{where} ({type_name(part)}) and cannot leave its process; {way_out}"
    text = str(error) or type(error).__name__
    return f"it ({type_name(value)}) cannot be pickled: {text}; {OTHERWISE}"


def type_name(value: Any) -> str:
    """Qualified type name, ``builtins`` left out."""
    cls = type(value)
    return cls.__qualname__ if cls.__module__ in ("builtins", "__main__") else f"{cls.__module__}.{cls.__qualname__}"


def _crosses(part: Any) -> bool:
    try:
        pickle.dumps(part)
    except Exception:  # foreign: anything may be raised, all of it means no
        return False
    return True


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    """The value and what it is made of, nearest first, each with the path to it."""
    todo: list[tuple[str, Any, int]] = [("", value, 0)]
    seen: set[int] = set()
    for path, part, depth in todo:
        if id(part) in seen or len(seen) > LIMIT:
            continue
        seen.add(id(part))
        yield path, part
        if depth < DEPTH:
            todo.extend((path + step, inner, depth + 1) for step, inner in _inner(part))


def _inner(part: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(part, dict):
        yield from ((f"[{key!r}]", item) for key, item in list(part.items())[:LIMIT])
    elif isinstance(part, (list, tuple, set, frozenset)):
        yield from ((f"[{index}]", item) for index, item in enumerate(list(part)[:LIMIT]))
    elif isinstance(part, types.FunctionType):
        cells = zip(part.__code__.co_freevars, part.__closure__ or (), strict=False)
        for name, cell in cells:
            try:
                yield f".{name}", cell.cell_contents
            except ValueError:
                continue
    elif isinstance(part, types.MethodType):
        yield ".__self__", part.__self__
    elif not isinstance(part, (type, types.ModuleType)):
        attributes = getattr(part, "__dict__", None)
        if isinstance(attributes, dict):
            yield from ((f".{key}", item) for key, item in list(attributes.items()))
