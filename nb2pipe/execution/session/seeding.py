"""Whether a step set a global random generator, and whether it did so before it used the state that it had inherited.

States alone do not say it: a seed may lead to the very state that was there, and what was drawn before a seed has left
no trace behind it. So the functions of modules that set a generator, or hand out its state, tell when they are called.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Collection, Mapping
from typing import Any

from nb2pipe.execution.session.imports import ImportWatch

# For each generator the functions of its module that set it, and those that hand out its state.
TELLING: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "random": (("seed", "setstate"), ("getstate",)),
    "numpy.random": (("seed", "set_state"), ("get_state",)),
    "torch": (("manual_seed", "seed", "set_rng_state"), ("get_rng_state", "initial_seed")),
}


class SeedWatch:
    """Hears of the calls that the step's own cells make.

    Args:
        is_untouched: tells whether a generator has the state still from which the step's own cells began.
    """

    def __init__(self, is_untouched: Callable[[str], bool]) -> None:
        self.set_keys: set[str] = set()
        self._seen: set[str] = set()
        self._anew: set[str] = set()
        self._is_untouched = is_untouched
        self._counts = False
        self._originals: list[tuple[Any, str, Any, Any]] = []
        waiting = frozenset(TELLING) - set(sys.modules)
        self._watch = ImportWatch(waiting, lambda: None, lambda name, state: None, self._wrap_all)

    def begin(self) -> None:
        """Begin to hear, of modules that are loaded and of those that will be."""
        for key in TELLING.keys() & set(sys.modules):
            self._wrap_all(key)
        self._watch.start()

    def count(self) -> None:
        """What is called from here on counts."""
        self._counts = True

    @property
    def anew(self) -> Collection[str]:
        """Keys of the generators that were set before anyone used the state that they had."""
        return self._anew

    def stop(self) -> None:
        """Leave the modules as they were."""
        self._counts = False
        self._watch.stop()
        for module, name, original, ours in self._originals:
            if getattr(module, name, None) is ours:
                setattr(module, name, original)
        self._originals.clear()

    def _wrap_all(self, key: str) -> None:
        setting, showing = TELLING[key]
        for names, note in ((setting, self._note_set), (showing, self._note_shown)):
            for name in names:
                self._wrap(key, name, note)

    def _wrap(self, key: str, name: str, note: Callable[[str], None]) -> None:
        module = sys.modules[key]
        original: Any = getattr(module, name, None)
        if original is None:
            return

        @functools.wraps(original)
        def telling(*arguments: Any, **named: Any) -> Any:
            if self._counts:
                note(key)
            return original(*arguments, **named)

        telling.__module__, telling.__qualname__ = key, name  # by which it is found where a value with it is loaded
        self._originals.append((module, name, original, telling))
        setattr(module, name, telling)

    def _note_set(self, key: str) -> None:
        if key not in self.set_keys and key not in self._seen and self._is_untouched(key):
            self._anew.add(key)
        self.set_keys.add(key)

    def _note_shown(self, key: str) -> None:
        if key not in self.set_keys:
            self._seen.add(key)
