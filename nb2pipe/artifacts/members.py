"""Objects that a module has one of: another name for one is a name for that of the kernel which loads it.

``env = os.environ`` and ``from random import randint``, a method of the module's own generator, are such names. What is
in these objects is carried as the state of the kernel, see :mod:`nb2pipe.execution.session.providers`.
"""

from __future__ import annotations

import copyreg
import decimal
import importlib
import sys
from typing import Any

MEMBERS = {
    ("os", "_Environ"): ("os", "environ"),
    ("random", "Random"): ("random", "_inst"),
    ("numpy.random.mtrand", "RandomState"): ("numpy.random.mtrand", "_rand"),
    ("matplotlib", "RcParams"): ("matplotlib", "rcParams"),
    ("pandas._config.config", "DictWrapper"): ("pandas", "options"),
    ("dataclasses", "_MISSING_TYPE"): ("dataclasses", "MISSING"),
    ("dataclasses", "_HAS_DEFAULT_FACTORY_CLASS"): ("dataclasses", "_HAS_DEFAULT_FACTORY"),
}


def member_of(obj: Any, module: str) -> tuple[str, str] | None:
    """The module and the name under which it has this very object, None for all others.

    Args:
        obj: the object.
        module: the module that its type is from.
    """
    place = MEMBERS.get((module, type(obj).__name__))
    if place is None or getattr(sys.modules.get(place[0]), place[1], None) is not obj:
        return None
    return place


def load_member(module: str, name: str) -> Any:
    """The object that a module of this kernel has under a name."""
    return getattr(importlib.import_module(module), name)


class _Suppressed:
    """Stands in a pickle for the text that ``argparse`` knows by what it is, not by what it says."""

    def __reduce__(self) -> Any:
        return load_member, ("argparse", "SUPPRESS")


def reduce_of_argparse(obj: Any) -> Any:
    """A parser of arguments, or a part of one."""
    suppress, state = sys.modules["argparse"].SUPPRESS, getattr(obj, "__dict__", {})
    if not any(value is suppress for value in state.values()):
        return NotImplemented
    marked = {name: _Suppressed() if value is suppress else value for name, value in state.items()}
    return copyreg.__newobj__, (type(obj),), marked  # type: ignore[attr-defined]


def is_current_context(obj: Any) -> bool:
    """Whether this is the decimal context in use."""
    return obj is decimal.getcontext()


def current_context() -> Any:
    """The decimal context of this kernel."""
    return decimal.getcontext()
