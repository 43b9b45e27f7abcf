"""Classes of the notebook made again in another kernel, without what defining them once did besides.

A class statement runs ``__init_subclass__`` of its bases and its metaclass. Where those are the notebook's own, they
have run already, and what they left crosses with the classes: running them again would do it twice.
"""

from __future__ import annotations

import contextlib
import sys
import types
from collections.abc import Iterable, Iterator
from typing import Any

from cloudpickle import cloudpickle

from nb2pipe.artifacts.context import is_from_notebook
from nb2pipe.artifacts.hooks import NAMES

HOOK = "__init_subclass__"


def make_class(
    metaclass: type, name: str, bases: tuple[Any, ...], namespace: dict[str, Any], class_id: str, extra: Any
) -> type:
    """An empty class, to be filled by its state; the one that is here already if there is one of this id.

    The arguments are those of cloudpickle's own function for it.
    """
    known: type | None = cloudpickle._DYNAMIC_CLASS_TRACKER_BY_ID.get(class_id)
    if known is not None:
        return known
    resolved = types.resolve_bases(bases)
    with _without_hooks(resolved):
        if is_from_notebook(metaclass):
            outer = next(each for each in metaclass.__mro__ if not is_from_notebook(each))
            made: type = outer.__new__(metaclass, name, resolved, {**namespace, "__orig_bases__": bases})
        else:
            made = types.new_class(name, bases, {"metaclass": metaclass}, lambda body: body.update(namespace))
    found: type = cloudpickle._lookup_class_or_track(class_id, made)
    return found


def set_class(cls: type, state: tuple[dict[str, Any], dict[str, Any]]) -> type:
    """Fill a class, as cloudpickle's own function does, with the texts for names that Python has one of each."""
    filled: type = cloudpickle._class_setstate(cls, state)
    for name in NAMES:
        type.__setattr__(filled, name, sys.intern(str(getattr(filled, name))))
    return filled


@contextlib.contextmanager
def _without_hooks(bases: Iterable[Any]) -> Iterator[None]:
    """Inside, the notebook's own classes among the bases have no ``__init_subclass__``."""
    found = {}
    for cls in dict.fromkeys(each for base in bases if isinstance(base, type) for each in base.__mro__):
        if HOOK in vars(cls) and is_from_notebook(cls):
            found[cls] = vars(cls)[HOOK]
            type.__delattr__(cls, HOOK)
    try:
        yield
    finally:
        for cls, hook in found.items():
            type.__setattr__(cls, HOOK, hook)
