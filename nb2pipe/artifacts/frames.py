"""pandas frames: how they are taken apart, and which of their memory is their own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

BLOCKS = "pandas.core.internals.blocks"
INNER = ("_ndarray", "_data", "_mask", "_codes", "_sp_values")


def is_copy_on_write() -> bool:
    """Whether pandas copies on write, so that frames never share memory for their user."""
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return False
    if int(pandas.__version__.partition(".")[0]) >= 3:
        return True
    return bool(pandas.get_option("mode.copy_on_write") is True)


def is_of_pandas(value: Any, module: str) -> bool:
    """Whether pandas made ``value``: a frame, series or index, of a class of the user's too, or something inside them.

    Args:
        value: anything.
        module: the module that its class says it is from; pandas 3 says ``pandas`` for what is public.
    """
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return False
    return module.startswith("pandas.") or isinstance(value, (pandas.DataFrame, pandas.Series, pandas.Index))


def private_arrays(value: Any) -> Iterator[tuple[Any, bool]]:
    """The arrays inside a pandas manager or index whose memory is its own as far as its user can tell.

    Yields:
        Each, and whether no other frame has it too, so that pandas writes to it without copying it.
    """
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return
    if isinstance(value, pandas.Index):
        yield from ((array, False) for array in _inner(vars(value).get("_data")))  # RangeIndex has none
        return
    blocks = getattr(value, "blocks", None)
    if blocks is None or not type(value).__module__.startswith("pandas.") or not is_copy_on_write():
        return
    for block in blocks:
        shared = getattr(getattr(block, "refs", None), "has_reference", lambda: True)()
        yield from ((array, not shared) for array in _inner(getattr(block, "values", None)))


def reduce_frame(value: Any) -> Any:
    """Take a pandas frame or series apart as pandas does, with the attributes that its user gave it.

    Pandas puts a list that all of a class have in common into the state of each, where it would look like something
    that they share; and it leaves out attributes that are no columns.
    """
    pandas = sys.modules.get("pandas")
    if type(value).__module__ == BLOCKS and _is_array(getattr(value, "values", None)):
        return value.__reduce__()  # for a protocol that is asked for, it copies what has gaps between its elements
    if pandas is None or not isinstance(value, (pandas.DataFrame, pandas.Series)):
        return NotImplemented
    reduced = value.__reduce_ex__(5)
    if not (isinstance(reduced, tuple) and len(reduced) > 2 and isinstance(reduced[2], dict)):
        return reduced
    state = {key: item for key, item in reduced[2].items() if key != "_metadata" or item != type(value)._metadata}
    return (*reduced[:2], {**given_attributes(value), **state}, *reduced[3:])


def given_attributes(frame: Any) -> dict[str, Any]:
    """Attributes that a frame's user set; pandas keeps its own behind underscores, and accessors under their names."""
    accessors = type(frame)._accessors
    return {key: item for key, item in vars(frame).items() if not key.startswith("_") and key not in accessors}


def _inner(values: Any) -> list[Any]:
    """An array of NumPy's; or one of pandas' own and what it keeps its values in."""
    if values is None or _is_array(values):
        return [] if values is None else [values]
    return [values, *(inner for name in INNER for inner in [getattr(values, name, None)] if _is_array(inner))]


def _is_array(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(value) is numpy.ndarray and value.nbytes > 0
