"""Whether a global random generator was set, or only drawn from.

A generator that nobody sets starts from what the system calls random, so that no two runs draw the same anyway: then it
does not matter which step draws first. That it was only drawn from shows in its state: the state at the end can be
reached from the one at the beginning by drawing.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from nb2pipe.execution.session.imports import ImportWatch

GENERATORS = ("random", "numpy.random")
WORDS = 624  # words of a Mersenne Twister's state; they are made anew together
MOST_BLOCKS = 16384  # ten million draws: what takes longer to follow counts as set


def twister_words(state: Any) -> tuple[tuple[int, ...], int]:
    """The words and the position of a captured state, of Python's or of NumPy's generator."""
    if isinstance(state[1], bytes):
        words = memoryview(state[1]).cast("I")
        return tuple(words), int(state[2])
    return tuple(state[1][:WORDS]), int(state[1][WORDS])


def only_drawn(before: Any, after: Any) -> bool:
    """Whether ``after`` can be reached from ``before`` by drawing, in ten million draws at most.

    Args:
        before: captured state of the generator.
        after: captured state of the same kind.
    """
    if before == after:
        return True
    if not (_is_twister(before) and _is_twister(after)):
        return False
    words, position = twister_words(before)
    target, end = twister_words(after)
    if words == target:
        return end >= position
    generator = random.Random()  # noqa: S311  a calculator here: nothing is drawn for anyone
    generator.setstate((3, (*words, WORDS), None))
    for _ in range(MOST_BLOCKS):
        generator.getrandbits(32 * WORDS)
        if generator.getstate()[1][:WORDS] == target:
            return True
    return False


def _is_twister(state: Any) -> bool:
    return isinstance(state, tuple) and len(state) >= 3 and state[0] in (3, "MT19937")


class RandomWatch:
    """The states of global generators since the kernel began.

    Args:
        captures: key to a function that takes the state; each is called only when the key's module is loaded.
    """

    def __init__(self, captures: Mapping[str, Any]) -> None:
        self._captures = dict(captures)
        self._first: dict[str, Any] = {}
        self.set_keys: set[str] = set()
        waiting = frozenset(key for key in captures if key not in sys.modules)
        self._watch = ImportWatch(waiting, lambda: None, lambda name, state: None, self._note)

    def begin(self) -> None:
        """Note the states as they are, and those of modules to come as soon as they are loaded."""
        for key in self._captures:
            if key in sys.modules:
                self._note(key)
        self._watch.start()

    def _note(self, key: str) -> None:
        self._first.setdefault(key, self._captures[key]())

    def setup_done(self) -> None:
        """See what setup cells did, before carried states are laid over."""
        for key, state in self._first.items():
            if not only_drawn(state, self._captures[key]()):
                self.set_keys.add(key)

    def end(self, starts: Mapping[str, Any], now: Mapping[str, Any], changed: Sequence[str]) -> tuple[str, ...]:
        """Keys of generators that were set, by setup cells or by the step's own.

        Args:
            starts: key to the state from which the step's own cells began.
            now: key to the state at the end.
            changed: keys whose state changed.
        """
        self._watch.stop()
        for key in changed:
            if (key in self._captures and not only_drawn(starts[key], now[key])) or key == "torch":
                self.set_keys.add(key)
        return tuple(sorted(self.set_keys))
