"""Objects that a module has one of: another name for one is a name for that of the kernel which loads it.

``env = os.environ`` and ``from random import randint``, a method of the module's own generator, are such names. What is
in these objects is carried as the state of the kernel, see :mod:`nb2pipe.execution.session.providers`.
"""

from __future__ import annotations

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


def is_current_context(obj: Any) -> bool:
    """Whether this is the decimal context in use."""
    return obj is decimal.getcontext()


def current_context() -> Any:
    """The decimal context of this kernel."""
    return decimal.getcontext()
