"""Objects of the notebook's own classes that say themselves how they are pickled.

Run All has the very object in every cell: what its class leaves out of a pickle, or makes anew from one, is there as it
was. So such an object is taken apart whole, and in its class's own way only where that is not possible.
"""

from __future__ import annotations

import abc
import typing
from collections.abc import Callable
from typing import Any

from nb2pipe.artifacts.context import MAIN, is_from_notebook, module_of

WAYS = ("__reduce__", "__reduce_ex__", "__getstate__", "__setstate__")
PLAIN_BASES = (object, abc.ABC, typing.Generic, typing.Protocol)


class Instances:
    """What became of the objects met so far.

    Args:
        can_pickle: tells whether a state can be pickled, in a pickle of its own.
    """

    def __init__(self, can_pickle: Callable[[Any], bool]) -> None:
        self._can_pickle = can_pickle
        self._kinds: dict[int, tuple[type, bool]] = {}
        self._whole: dict[int, tuple[Any, bool]] = {}

    def has_own_ways(self, kind: type) -> bool:
        """Whether a class of the notebook says how its objects are pickled, and these are plain ones besides."""
        if id(kind) not in self._kinds:
            own = [cls for cls in kind.__mro__ if module_of(cls) == MAIN and is_from_notebook(cls)]
            others = [cls for cls in kind.__mro__ if cls not in own]
            says = any(name in vars(cls) for cls in own for name in WAYS)
            self._kinds[id(kind)] = (kind, says and all(cls in PLAIN_BASES for cls in others))
        return self._kinds[id(kind)][1]

    def reduce(self, obj: Any) -> Any:
        """Take an object apart whole, or NotImplemented where that is not possible."""
        state = object.__getstate__(obj)
        if id(obj) not in self._whole:
            self._whole[id(obj)] = (obj, True)  # for objects that lead back to this one
            self._whole[id(obj)] = (obj, self._can_pickle(state))
        if not self._whole[id(obj)][1]:
            return NotImplemented
        return make_instance, (type(obj),), state, None, None, set_instance


def make_instance(kind: Any) -> Any:
    """An empty object of a class."""
    return object.__new__(kind)


def set_instance(obj: Any, state: Any) -> None:
    """Give an object its attributes, those in slots too."""
    attributes, slots = state if isinstance(state, tuple) else (state, None)
    if attributes:
        obj.__dict__.update(attributes)
    for name, value in (slots or {}).items():
        object.__setattr__(obj, name, value)
