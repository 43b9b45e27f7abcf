"""How objects of plain Python are taken apart where pickle's own way would lose something."""

from __future__ import annotations

import copyreg
from typing import Any

from nb2pipe.artifacts import hooks
from nb2pipe.artifacts.context import is_from_notebook

WRITTEN_IN_PYTHON = 1 << 9  # Py_TPFLAGS_HEAPTYPE
OWN_WAYS = ("__reduce__", "__reduce_ex__", "__getstate__")


def needs_care(cls: type) -> bool:
    """Whether instances of a class are put together by :func:`nb2pipe.artifacts.hooks.set_state`.

    Those of the notebook's classes keep the very dictionary of their attributes, which ``vars(x)`` may have handed out;
    and a ``__getattr__`` that asks for attributes not yet there must not run before they are.
    """
    if any(getattr(cls, name, None) is not getattr(object, name, None) for name in OWN_WAYS):
        return False
    if not cls.__flags__ & WRITTEN_IN_PYTHON or hasattr(cls, "__setstate__") or issubclass(cls, type):
        return False
    return cls not in copyreg.dispatch_table and (is_from_notebook(cls) or hasattr(cls, "__getattr__"))


def reduce_instance(obj: Any) -> Any:
    """An instance whose state is set without a look at its attributes."""
    reduced = obj.__reduce_ex__(5)
    if not isinstance(reduced, tuple) or len(reduced) < 3:
        return reduced
    state = getattr(obj, "__dict__", None) if reduced[2] is None else reduced[2]  # an empty one may be shared, too
    if state is None:
        return reduced
    items = (*reduced[3:5], None, None)[:2]
    return (*reduced[:2], state, *items, hooks.set_state)
