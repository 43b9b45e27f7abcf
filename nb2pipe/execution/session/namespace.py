"""The notebook's namespace: carried names come in when code asks for them, and what was asked for is remembered."""

from __future__ import annotations

import builtins
import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

MODULES_OWN = frozenset({"__builtin__", "__builtins__", "__annotations__"})
OWN = frozenset({"In", "Out", "exit", "quit", "get_ipython", "open"})


def is_user_name(name: str, hidden: dict[str, Any], value: Any) -> bool:
    """Whether a name of the namespace is the notebook's own, not IPython's.

    Args:
        name: the name.
        hidden: what IPython itself put into the namespace, such as ``_``, which a notebook may bind itself.
        value: what it is bound to.
    """
    if name in MODULES_OWN:
        return False
    if name in hidden and hidden[name] is value:
        return False
    if name in ("_i", "_ii", "_iii", "_ih", "_oh", "_dh", "_sh"):
        return False
    return not (name[:1] == "_" and (name[1:].isdigit() or (name[1:2] == "i" and name[2:].isdigit())))


class LazyBuiltins(dict[str, Any]):
    """The builtins as the notebook sees them: what is not among them is asked of ``find``.

    Python looks a name up here when neither the frame nor the namespace has it, so ``find`` hears of exactly the names
    that code asks for and does not have. Names in ``without`` are left out, so that a carried name that hides a
    builtin is found.
    """

    def __init__(self, find: Callable[[str], Any], without: frozenset[str]) -> None:
        super().__init__({name: value for name, value in vars(builtins).items() if name not in without})
        self._find = find

    def __missing__(self, name: str) -> Any:
        return self._find(name)

    def __getattr__(self, name: str) -> Any:
        return getattr(builtins, name)


class Names:
    """Names that stand ready, and what became of them.

    Args:
        user_ns: the live namespace.
        load: gives the value of a name that stands ready.
        ready: names that stand ready.
        refused: names that exist in Run All here but are not available, to the reason.
    """

    def __init__(
        self, user_ns: dict[str, Any], load: Callable[[str], Any], ready: set[str], refused: dict[str, str]
    ) -> None:
        self.user_ns = user_ns
        self.ready = ready
        self.taken: dict[str, None] = {}
        self.reads: dict[str, None] = {}
        self.missed: dict[str, None] = {}
        self._load = load
        self._refused = refused
        self._lock = threading.RLock()
        self._before: Any = None
        self._quiet = 0

    def install(self) -> None:
        """Stand behind the namespace."""
        self._before = self.user_ns.get("__builtins__")
        without = frozenset(self.ready | set(self._refused))
        self.user_ns["__builtins__"] = LazyBuiltins(self._find, without)

    def remove(self) -> None:
        """Leave the namespace as it was."""
        if isinstance(self.user_ns.get("__builtins__"), LazyBuiltins):
            self.user_ns["__builtins__"] = self._before
        self.ready.clear()

    def has_more(self) -> bool:
        """Whether a name that stands ready was not taken yet."""
        return any(name not in self.taken for name in self.ready)

    @contextlib.contextmanager
    def quietly(self) -> Iterator[None]:
        """Look-ups inside are ours and do not count."""
        self._quiet += 1
        try:
            yield
        finally:
            self._quiet -= 1

    def take(self, name: str, *, counts: bool = True) -> None:
        """Put a name that stands ready into the namespace, unless it was there already."""
        with self._lock:
            if name in self.ready and name not in self.taken:
                if counts and not self._quiet:
                    self.reads[name] = None
                self.taken[name] = None
                try:
                    value = self._load(name)
                except BaseException:
                    del self.taken[name]
                    raise
                self.user_ns.setdefault(name, value)

    def want(self, name: str) -> None:
        """Put a name in for code that looks without asking; one that is not available here is noted as missed."""
        if name in self.ready:
            self.take(name)
        elif name in self._refused and name not in self.user_ns:
            self._miss(name)

    def _find(self, name: str) -> Any:
        if name in self.ready:
            with self._lock:  # another thread may be loading it
                self.take(name)
                if name in self.user_ns:
                    return self.user_ns[name]
        if name in self._refused and name not in self.user_ns:
            self._miss(name)
            raise NameError(f"name {name!r} is not available here: {self._refused[name]}", name=name)
        if hasattr(builtins, name):
            return getattr(builtins, name)
        self._miss(name)
        raise KeyError(name)

    def _miss(self, name: str) -> None:
        if not self._quiet:
            self.missed[name] = None
