"""Functions and objects of the notebook that are handed to other processes, or pickled, by code that is not ours.

Such code looks into the namespace without asking for names: ``cloudpickle`` (with it joblib, dask and Spark) picks the
globals that a function uses, ``pickle`` gets classes as attributes of ``__main__``.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

from nb2pipe.execution.session.imports import ImportWatch
from nb2pipe.execution.session.namespace import Names

CLOUDPICKLES = frozenset({"cloudpickle.cloudpickle", "joblib.externals.cloudpickle.cloudpickle"})
METHOD = "_dynamic_function_reduce"


class Handing:
    """Puts names that stand ready into the namespace when foreign code is about to look for them there.

    Args:
        names: the namespace.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._originals: list[tuple[Any, Callable[..., Any]]] = []
        self._module: types.ModuleType | None = None
        self._watch = ImportWatch(CLOUDPICKLES - set(sys.modules), lambda: None, lambda name, state: None, self._wrap)

    def start(self) -> None:
        """Begin, for what is imported now and what will be."""
        for name in CLOUDPICKLES & set(sys.modules):
            self._wrap(name)
        self._watch.start()
        module = sys.modules.get("__main__")
        if type(module) is types.ModuleType and vars(module) is self._names.user_ns:
            self._module = module
            module.__class__ = _lazy_module(self._names)

    def stop(self) -> None:
        """Leave all as it was."""
        self._watch.stop()
        for pickler, original in self._originals:
            setattr(pickler, METHOD, original)
        self._originals.clear()
        if self._module is not None:
            self._module.__class__ = types.ModuleType

    def _wrap(self, name: str) -> None:
        module: Any = sys.modules[name]
        original = getattr(module.Pickler, METHOD, None)
        if original is None:
            return

        def reduce(pickler: Any, function: Any) -> Any:
            if function.__globals__ is self._names.user_ns:
                for each in module._extract_code_globals(function.__code__):
                    self._names.want(each)
            return original(pickler, function)

        setattr(module.Pickler, METHOD, reduce)
        self._originals.append((module.Pickler, original))


def _lazy_module(names: Names) -> type[types.ModuleType]:
    """The class of a ``__main__`` that has the names that stand ready as attributes."""

    class Main(types.ModuleType):
        def __getattr__(self, name: str) -> Any:
            names.want(name)
            if name in names.user_ns:
                return names.user_ns[name]
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")

    return Main
