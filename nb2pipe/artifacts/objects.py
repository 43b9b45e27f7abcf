"""How objects of plain Python are taken apart where pickle's own way would lose something."""

from __future__ import annotations

import abc
import copyreg
import typing
from typing import Any

from nb2pipe.artifacts import hooks
from nb2pipe.artifacts.context import is_from_notebook

WRITTEN_IN_PYTHON = 1 << 9  # Py_TPFLAGS_HEAPTYPE
PLAIN_BASES = (abc.ABC, typing.Generic, typing.Protocol)
CONTAINERS = (list, dict)
VALUES: tuple[Any, ...] = (str, bytes, int, float, complex, tuple)
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


def _made_by_base(obj: Any) -> tuple[Any, ...] | None:
    """How an instance is made past a ``__new__`` of the notebook, which has run already; None where there is none.

    It might want other arguments than pickle has for it, and it might count.
    """
    kind = type(obj)
    own = [cls for cls in kind.__mro__ if is_from_notebook(cls)]
    if not any("__new__" in vars(cls) for cls in own):
        return None
    others = [cls for cls in kind.__mro__ if cls not in own and cls not in PLAIN_BASES]
    base: Any = others[0] if others else object
    if base not in (object, *CONTAINERS, *VALUES):
        return None
    contents = base.__getnewargs__(obj) if base in VALUES else ()
    items = list.__iter__(obj) if base is list else None
    pairs = iter(dict.items(obj)) if base is dict else None
    return hooks.make_past_new, (base, kind, *contents), obj.__getstate__(), items, pairs


def reduce_instance(obj: Any) -> Any:
    """An instance whose state is set without a look at its attributes."""
    made = _made_by_base(obj)
    reduced = obj.__reduce_ex__(5) if made is None else made
    if not isinstance(reduced, tuple) or len(reduced) < 3:
        return reduced
    state = getattr(obj, "__dict__", None) if reduced[2] is None else reduced[2]  # an empty one may be shared, too
    if state is None:
        return reduced
    items = (*reduced[3:5], None, None)[:2]
    return (*reduced[:2], state, *items, hooks.set_state)
