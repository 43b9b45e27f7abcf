"""Knowing when a module has just been imported, and what an import changed besides."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from nb2pipe.execution.session.modules import is_of_user


class ImportWatch:
    """A finder before all others that lets them find, and tells when what they found has been executed.

    What a module of the user's own does as it is imported for the first time is what the cell does, and is not told. If
    a step before this one has imported it, it is executed in silence: the cell of that step showed what it says.

    Args:
        watched: modules to tell of even when another module imports them.
        before: called before an import that no other import caused; its result is handed to ``after``.
        after: called after it, with the module's name.
        imported: called with the name of a watched module, right after it was executed.
        known: files of modules of the user's own that steps before this one have imported.
        quietly: a stretch in which nothing is heard.
    """

    def __init__(
        self,
        watched: frozenset[str],
        before: Callable[[], Any],
        after: Callable[[str, Any], None],
        imported: Callable[[str], None],
        known: frozenset[str] = frozenset(),
        quietly: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._watched = watched
        self._before = before
        self._after = after
        self._imported = imported
        self._known = known
        self._quietly = quietly
        self._depth = 0
        self._finding = False

    def start(self) -> None:
        """Begin to watch."""
        sys.meta_path.insert(0, self)

    def stop(self) -> None:
        """Stop watching."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """What the other finders find, with a loader that tells."""
        if self._finding or (self._depth and name not in self._watched):
            return None
        self._finding = True
        try:
            spec = self._search(name, path, target)
        finally:
            self._finding = False
        if spec is not None and is_of_user(spec.origin) and spec.origin not in self._known:
            return spec
        if spec is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = _TellingLoader(spec.loader, self, name)  # type: ignore[assignment]
        return spec

    def _search(self, name: str, path: Sequence[str] | None, target: ModuleType | None) -> ModuleSpec | None:
        for finder in list(sys.meta_path):
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    return spec
        return None

    def is_known(self, path: Any) -> bool:
        """Whether a step before this one has imported this file."""
        return path in self._known

    def run(self, name: str, execute: Callable[[], None], *, is_known: bool = False) -> None:
        """Execute a module and tell; in silence if a step before this one has imported it."""
        state = self._before() if self._depth == 0 else None
        self._depth += 1
        try:
            with self._quietly() if is_known else nullcontext():
                execute()
        finally:
            self._depth -= 1
            if self._depth == 0:
                self._after(name, state)
        if name in self._watched:
            self._imported(name)


class _TellingLoader:
    """A loader that steps aside as soon as it is used."""

    def __init__(self, loader: Any, watch: ImportWatch, name: str) -> None:
        self._loader = loader
        self._watch = watch
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """As the loader behind does."""
        module: ModuleType | None = self._loader.create_module(spec) if hasattr(self._loader, "create_module") else None
        return module

    def exec_module(self, module: ModuleType) -> None:
        """As the loader behind does, told of."""
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        is_known = self._watch.is_known(getattr(module.__spec__, "origin", None))
        self._watch.run(self._name, lambda: self._loader.exec_module(module), is_known=is_known)
