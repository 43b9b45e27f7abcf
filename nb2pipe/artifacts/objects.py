"""How objects of plain Python are taken apart where pickle's own way would lose something."""

from __future__ import annotations

import collections
import copyreg
import gc
import typing
from collections.abc import Mapping
from typing import Any

from nb2pipe.artifacts import hooks
from nb2pipe.artifacts.context import is_from_notebook

PLAIN_REDUCE: Any = BaseException.__reduce__
DICT_VIEWS: Mapping[type, str] = {
    type(getattr(kind(), method)()): method
    for kind in (dict, collections.OrderedDict)
    for method in ("keys", "values", "items")
}
WRITTEN_IN_PYTHON = 1 << 9  # Py_TPFLAGS_HEAPTYPE
OWN_WAYS = ("__reduce__", "__reduce_ex__", "__getstate__")
Reduced = tuple[Any, ...]


def reduce_exception(error: BaseException) -> Reduced:
    """An exception with its attributes and what it was raised from."""
    state = (dict(vars(error)), error.__cause__, error.__context__, error.__suppress_context__)
    return hooks.make_exception, (type(error), error.args), state, None, None, hooks.set_exception


def reduce_dict_view(view: Any) -> Reduced:
    """Keys, values or items of a dictionary, with that dictionary."""
    (mapping,) = gc.get_referents(view.mapping)
    return hooks.make_dict_view, (mapping, DICT_VIEWS[type(view)])


def reduce_new_type(made: typing.NewType) -> Any:
    """A ``NewType`` of the notebook by value; one of a module by name."""
    if made.__module__ != "__main__":
        return NotImplemented
    return hooks.make_new_type, (made.__name__, made.__supertype__)


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
    if not isinstance(reduced, tuple) or len(reduced) < 3 or reduced[2] is None:
        return reduced
    items = (*reduced[3:5], None, None)[:2]
    return (*reduced[:3], *items, hooks.set_state)
