"""What the analysis knows of a value: its kind, and which objects it may be or hold.

Objects are numbers in a :class:`Heap`. Two values whose objects overlap may be one object, so a change of one is a
change of the other. Values of immutable kinds have no objects and alias nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from nb2pipe.analysis.names import Frame

Objects = frozenset[int]
NOTHING: Objects = frozenset()

UNKNOWN = "?"
WRITTEN = "written"
"""Detail of a text written out with ``*`` in it, which stands for itself there, not for what is not known."""
ANY = "any"
IMMUTABLE = frozenset({"scalar", "str", "none", "module", "api", "path", "accessor"})


class Value(NamedTuple):
    """One value as far as known.

    Args:
        kind: a word of the tables (``frame``, ``array``, ``estimator`` ...); ``any`` is anything but an iterator,
            ``?`` anything at all.
        own: objects it may be.
        detail: dotted path for modules and their members, class name for estimators.
        const: the literal's value where one is known (text with ``*`` for unknown parts), else None.
        items: elements, where it is a tuple or list written out.
    """

    kind: str
    own: Objects = NOTHING
    detail: str = ""
    const: Any = None
    items: tuple[Value, ...] | None = None


SCALAR = Value("scalar")
TEXT = Value("str")
NONE = Value("none")


def is_known(value: Value) -> bool:
    """Whether a value is a text that is known as a whole."""
    return isinstance(value.const, str) and ("*" not in value.const or value.detail == WRITTEN)


def is_text(value: Value) -> bool:
    """Whether a value is a text, or a path, that is known at least in part."""
    return value.kind in ("str", "path") and isinstance(value.const, str)


@dataclass(eq=False)
class Function:
    """A function or lambda of the notebook, closed over the frame it was defined in."""

    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    frame: Frame
    defaults: dict[str, Value]
    cell: int
    owner: Class | None = None
    decorators: tuple[str, ...] = ()


@dataclass(eq=False)
class Class:
    """A class of the notebook: what its body bound, its bases, and which names its body annotates."""

    name: str
    attributes: dict[str, Value]
    bases: tuple[Value, ...]
    annotated: tuple[str, ...] = ()


@dataclass
class Heap:
    """All objects met, what they hold, and what is known of them.

    Args:
        holds: object to objects stored in it.
        held: the inverse of ``holds``.
        flat: objects whose whole inside is in ``holds`` (displays), so that a part of one is never itself.
        opaque: objects that may be what they hold, so that a change of one is a change of all it holds.
        functions: objects that are functions of the notebook.
        classes: objects that are classes of the notebook.
        instances: objects to the class of the notebook they are made from.
        bound: methods taken from an object without a call, with that object.
        changers: bound methods of lists and their like that change the object they are taken from.
        texts: texts that dicts hold under keys that are texts.
        weak: objects that refer to others weakly, to the cell that made them.
        fields: attributes set on instances and classes of the notebook.
        homes: objects that modules beside the notebook hold, to the module and its variable.
        class_homes: the same for classes.
        data: frames, series and arrays: an estimator that holds one does not change it.
        rngs: random generators of the notebook's own.
        storing: handlers of logging that write to a buffer in memory.
        keeping: handlers that loggers have and that keep what they are told.
        log_files: handlers of logging that write on in a file, to its path; ``logs`` those that loggers have.
        draws: estimators that draw random numbers when they are fitted, with the key they draw from.
    """

    holds: dict[int, set[int]] = field(default_factory=dict)
    held: dict[int, set[int]] = field(default_factory=dict)
    flat: set[int] = field(default_factory=set)
    opaque: set[int] = field(default_factory=set)
    functions: dict[int, Function] = field(default_factory=dict)
    classes: dict[int, Class] = field(default_factory=dict)
    instances: dict[int, Class] = field(default_factory=dict)
    data: set[int] = field(default_factory=set)
    storing: set[int] = field(default_factory=set)
    keeping: set[int] = field(default_factory=set)
    log_files: dict[int, str] = field(default_factory=dict)
    logs: dict[int, str] = field(default_factory=dict)
    draws: dict[int, str] = field(default_factory=dict)
    rngs: set[int] = field(default_factory=set)
    bound: dict[int, tuple[Value, Function]] = field(default_factory=dict)
    changers: set[int] = field(default_factory=set)
    weak: dict[int, int] = field(default_factory=dict)
    texts: dict[tuple[int, str], Value] = field(default_factory=dict)
    fields: dict[tuple[int, str], Value] = field(default_factory=dict)
    homes: dict[int, tuple[str, str]] = field(default_factory=dict)
    class_homes: dict[Class, tuple[str, str]] = field(default_factory=dict)
    count: int = 0

    def may_run(self) -> bool:
        """Whether there is anything that code out of sight could call."""
        return bool(self.functions or self.instances or self.changers)

    def runs(self, item: int) -> bool:
        """Whether code out of sight that has an object may call it, or its methods."""
        return item in self.functions or item in self.instances or item in self.changers

    def text(self, owners: Objects, key: Any) -> Value | None:
        """The text that a dict holds under a key, None where it is not known for certain."""
        found = {self.texts.get((owner, key)) for owner in owners} if isinstance(key, str) else set()
        return found.pop() if len(found) == 1 else None

    def listed(self, owners: Objects) -> tuple[Value, ...]:
        """The texts that a list written out holds in turn; none where they are not known for certain."""
        found = self.texts_of(owners) if len(owners) == 1 else {}
        return tuple(found.values()) if all(key.isdigit() for _, key in found) else ()

    def texts_of(self, owners: Objects) -> dict[tuple[int, str], Value]:
        """All texts that dicts hold."""
        return {place: value for place, value in self.texts.items() if place[0] in owners}

    def new(self, *, flat: bool = False) -> Objects:
        """A fresh object that nothing else refers to."""
        self.count += 1
        if flat:
            self.flat.add(self.count)
        return frozenset((self.count,))

    def unknown(self, objects: Objects) -> Objects:
        """An object of which nothing is known but that it may be, or hold, any of ``objects``."""
        made = self.new()
        self.opaque.update(made)
        self.store(made, objects)
        return made

    def store(self, owners: Objects, objects: Objects) -> None:
        """Notes that each of ``owners`` now may hold ``objects``."""
        for owner in owners:
            new = objects - self.holds.get(owner, set()) - {owner}
            if new:
                self.holds.setdefault(owner, set()).update(new)
                for item in new:
                    self.held.setdefault(item, set()).add(owner)

    def reach(self, objects: Iterable[int]) -> Objects:
        """The objects and everything they hold, directly or not."""
        return _closure(objects, self.holds)

    def holders(self, objects: Iterable[int]) -> Objects:
        """The objects and everything that holds them, directly or not."""
        return _closure(objects, self.held)

    def parts(self, objects: Objects) -> Objects:
        """What an element or attribute of one of ``objects`` may be."""
        found: set[int] = set()
        for item in objects:
            if item not in self.flat:
                found.add(item)
            found.update(self.holds.get(item, ()))
        return frozenset(found)


def _closure(start: Iterable[int], graph: dict[int, set[int]]) -> Objects:
    start = frozenset(start)
    todo = [item for item in start if item in graph]
    if not todo:
        return start
    found = set(start)
    while todo:
        for item in graph.get(todo.pop(), ()):
            if item not in found:
                found.add(item)
                todo.append(item)
    return frozenset(found)


def join(first: Value, second: Value) -> Value:
    """What is known when either value may be the one."""
    if first == second:
        return first
    items = None
    if first.items is not None and second.items is not None and len(first.items) == len(second.items):
        items = tuple(join(a, b) for a, b in zip(first.items, second.items, strict=True))
    return Value(
        first.kind if first.kind == second.kind else _either(first.kind, second.kind),
        first.own | second.own,
        first.detail if first.detail == second.detail else "",
        first.const if first.const == second.const else None,
        items,
    )


def _either(first: str, second: str) -> str:
    if UNKNOWN in (first, second) or "iterator" in (first, second):
        return UNKNOWN
    return ANY
