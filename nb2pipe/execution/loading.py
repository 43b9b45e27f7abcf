"""Loading modules without those that take long and are of no use to who loads them."""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any


@contextlib.contextmanager
def hidden(*names: str) -> Iterator[None]:
    """Let imports find none of these modules meanwhile, except those that are loaded already.

    Args:
        names: dotted names; whoever imports one has to be ready for an ImportError.
    """
    absent = [name for name in names if name not in sys.modules]
    none: dict[str, Any] = dict.fromkeys(absent)
    sys.modules.update(none)  # which means to Python that there is no such module
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


class _Postponed(ModuleType):
    """Stands for a module until something of it is used: the standard library's own loads it when it is imported."""

    def __getattr__(self, attribute: str) -> Any:
        """Something of the module itself, which from now on stands in this one's place."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), attribute)


def postpone(*names: str) -> None:
    """Let these modules be loaded when something of them is used first, not when they are imported.

    Args:
        names: of top modules; one that is not installed, or loaded already, is left alone.
    """
    for name in names:
        if name not in sys.modules and importlib.util.find_spec(name) is not None:
            sys.modules[name] = _Postponed(name)


@contextlib.contextmanager
def instead(modules: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
    """Let imports find modules of these contents meanwhile, except for those that are loaded already.

    Args:
        modules: name to what is in the module: all that is used of it while it is imported.
    """
    absent = [name for name in modules if name not in sys.modules]
    for name in absent:
        sys.modules[name] = ModuleType(name)
        vars(sys.modules[name]).update(modules[name])
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Keep Python from looking for garbage meanwhile: what is being loaded stays."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
