"""The abstract machine: it runs cells without running them, and notes what each may do.

It knows names, objects and effects. How expressions, statements and calls act on them stands in the modules
``expressions``, ``statements``, ``calls`` and ``functions``, which are handed in as tables.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from nb2pipe.analysis.effects import Read
from nb2pipe.analysis.homes import Homes
from nb2pipe.analysis.names import BOUND, BUILTINS, GONE, HISTORY, MAYBE, Binding
from nb2pipe.analysis.values import ANY, NOTHING, UNKNOWN, Objects, Value

LEVELLESS = frozenset({"iterator", "view", UNKNOWN})
Eval = Callable[["Machine", Any], Value]
Run = Callable[["Machine", Any], bool]


@dataclass(eq=False)
class Machine(Homes):
    """State of the analysis while it goes through the cells in notebook order.

    Args:
        expressions: how each kind of expression node is evaluated.
        statements: how each kind of statement is run; True when what follows cannot be reached.
        other_expression: how nodes newer than this analysis are evaluated.
        other_statement: likewise for statements.
    """

    expressions: Mapping[type, Eval]
    statements: Mapping[type, Run]
    other_expression: Eval
    other_statement: Run
    depth: int = 0
    loops: int = 0
    guarded: bool = False
    budget: int = 0
    stack: list[Any] = field(default_factory=list)
    mutated: Objects = NOTHING
    called: dict[Any, list[Any]] = field(default_factory=dict)
    returned: list[list[Value]] = field(default_factory=list)
    bearers: dict[int, set[str]] = field(default_factory=dict)
    lazy_annotations: bool = False
    keeps_figures: bool = False

    # -- running ---------------------------------------------------------------------------------------------------

    def eval(self, node: ast.expr) -> Value:
        """What is known of an expression's value; its effects are noted."""
        return self.expressions.get(node.__class__, self.other_expression)(self, node)

    def run(self, body: Sequence[ast.stmt]) -> bool:
        """Runs statements in order; True when the end is not reached."""
        for node in body:
            if self.depth == 0:
                self.line = node.lineno
            if self.statements.get(node.__class__, self.other_statement)(self, node):
                return True
        return False

    def at(self, node: ast.AST) -> int:
        """The line in the cell as written: the node's own, or of the statement that called the function it is in."""
        return self.line if self.depth else getattr(node, "lineno", self.line)

    @contextmanager
    def maybe(self) -> Iterator[None]:
        """A stretch that need not run."""
        before, self.certain = self.certain, False
        try:
            yield
        finally:
            self.certain = before

    def guard(self) -> AbstractContextManager[None]:
        """A stretch in which a missing name is caught."""
        return self._guard()

    @contextmanager
    def _guard(self) -> Iterator[None]:
        before, self.guarded = self.guarded, True
        try:
            yield
        finally:
            self.guarded = before

    def branch(self, *bodies: Callable[[], bool]) -> bool:
        """Runs alternatives from one state and joins their ends; True when none reaches its end."""
        ends = []
        with self.maybe():
            for body in bodies:
                self.names.begin()
                over = body()
                ends.append((self.names.undo(), not over))
        self.names.merge(ends)
        return not any(reached for _, reached in ends)

    # -- names -----------------------------------------------------------------------------------------------------

    def lookup(self, name: str, line: int) -> Value:
        """The value of a name; a look-up among the notebook's own names is noted."""
        frame = self.frame.find(name)
        if frame is not None:
            local = frame.names.get(name)
            if frame.kind == "file":
                return self.member(frame, name)
            return local.value if local is not None else Value(ANY)
        binding = self.names.module.names.get(name)
        if binding is None:
            return self._missing(name, line)
        sources = binding.sources
        if binding.epoch < len(self.wilds):
            sources = sources | {cell for cell in self.wilds[binding.epoch :] if cell in self.wild_binders}
        if len(sources) != 1 or self.cell not in sources:
            self._note_read(name, line, sources, binding.value)
        if binding.status == GONE:
            return self._gone(name, binding, line)
        if binding.status == MAYBE and self.certain and not self.guarded:
            self.names.put(self.names.module, name, binding._replace(status=BOUND))
        if self.heap.homes:
            self.use_homes(name, sources, binding.value)
        return binding.value

    def _gone(self, name: str, binding: Binding, line: int) -> Value:
        if name in BUILTINS:
            return Value("api", NOTHING, "builtins." + name)
        if binding.epoch == len(self.wilds):
            self._undefined(name, line)
            return binding.value
        return Value(ANY, self.hidden or self.heap.new())

    def _note_read(self, name: str, line: int, sources: frozenset[int], value: Value) -> None:
        certain = self.certain and not self.guarded
        before = self.effects.reads.get(name)
        if before is None:
            self.effects.reads[name] = Read(line, certain, sources, value)
        elif not sources <= before.sources or (certain and not before.certain):
            self.effects.reads[name] = Read(before.line, certain or before.certain, sources | before.sources, value)

    def _missing(self, name: str, line: int) -> Value:
        if self.wilds:
            self._note_read(name, line, frozenset(self.wilds), Value(ANY))
        if name in BUILTINS:
            return Value("api", NOTHING, "builtins." + name)
        if name in HISTORY or (name[:1] == "_" and name.lstrip("_i").isdigit()):
            self.effects.history.setdefault(name, line)
            return Value(ANY, self.heap.new())
        if not self.wilds and not name.startswith("__"):
            self._undefined(name, line)
        return Value(ANY, self.hidden or self.heap.new())

    def _undefined(self, name: str, line: int) -> None:
        if not self.guarded:
            before = self.effects.undefined.get(name)
            if before is None or (self.certain and not before[1]):
                self.effects.undefined[name] = (line, self.certain)

    def bind(self, name: str, value: Value, line: int, *, stable: bool = False) -> None:
        """Binds a name where the current scope puts it."""
        frame = self.frame
        if value.items is not None and value.kind == "list":
            value = value._replace(items=None)  # the list may be changed by and by
        while frame.kind == "comprehension" and name not in frame.local and frame.parent is not None:
            frame = frame.parent
        if frame.kind == "module" or name in frame.outer:
            top = frame.top()
            if top.kind == "module":
                self.bind_global(name, value, line, stable=stable)
                return
            frame = top
        if frame.kind == "function" and name not in frame.local:
            found = frame.find(name)
            frame = found if found is not None else frame
            self.mutate(frame.cell)
        self.names.put(frame, name, Binding(value, NOTHING, stable=stable))

    def bind_global(self, name: str, value: Value, line: int, *, stable: bool = False) -> None:
        """Binds one of the notebook's own names."""
        self._let_go(name, value, line)
        binding = Binding(value, frozenset((self.cell,)), BOUND, len(self.wilds), stable)
        self.names.put(self.names.module, name, binding)
        self.effects.binds.setdefault(name, line)
        for item in value.own:
            self.bearers.setdefault(item, set()).add(name)

    def _let_go(self, name: str, value: Value, line: int) -> None:
        """Notes that an object which weak references refer to may go, because a name is bound to another."""
        before = self.names.module.names.get(name) if self.heap.weak else None
        if before is not None:
            gone = frozenset(item for item in before.value.own - value.own if not self._is_kept(item, name))
            cells = frozenset(cell for item, cell in self.heap.weak.items() if gone & self.heap.holds.get(item, set()))
            if cells:
                self.effects.let_go.setdefault(name, (line, cells))

    def _is_kept(self, item: int, but: str) -> bool:
        """Whether another name holds an object, not only weakly."""
        todo, seen = [item], {item}
        while todo:
            each = todo.pop()
            for name in self.bearers.get(each, set()) - {but}:
                binding = self.names.module.names.get(name)
                if binding is not None and each in binding.value.own:
                    return True
            new = self.heap.held.get(each, set()) - seen - self.heap.weak.keys()
            seen |= new
            todo.extend(new)
        return False

    def delete(self, name: str, line: int) -> None:
        """Deletes a name."""
        frame = self.frame.find(name)
        if frame is not None:
            self.names.put(frame, name, None)
            return
        binding = self.names.module.names.get(name)
        self._let_go(name, Value(ANY), line)
        self.lookup(name, line)
        if binding is not None:
            if self.cell not in binding.sources or len(binding.sources) > 1:
                self.effects.eager.setdefault(name, line)
            gone = Binding(Value(ANY), frozenset((self.cell,)), GONE, len(self.wilds))
            self.names.put(self.names.module, name, gone)
            self.effects.deletes.setdefault(name, line)

    # -- objects ---------------------------------------------------------------------------------------------------

    def mutate(self, objects: Objects, *, deep: bool = False, sure: bool = True) -> None:
        """Notes that objects may have changed, and with them every name that may reach one of them.

        Args:
            objects: that may have changed.
            deep: whether what they hold may have changed, too.
            sure: whether these very objects change, rather than that code out of sight might change them.
        """
        if not objects:
            return
        if self.heap.homes and sure and not deep:
            self.change_homes(objects)
        if deep or not self.heap.opaque.isdisjoint(objects):
            objects = self.heap.reach(objects)
        for place in self.heap.texts_of(objects) if self.heap.texts else ():
            del self.heap.texts[place]
        objects = objects - self.mutated
        if not objects:
            return
        touched = self.heap.holders(objects) - self.mutated
        self.mutated |= touched
        if not self.hidden.isdisjoint(touched):
            self.hide()
        module = self.names.module
        for name in sorted({name for item in touched for name in self.bearers.get(item, ())}):
            binding = module.names.get(name)
            if binding is not None and not touched.isdisjoint(binding.value.own):
                self._changed(name, binding)
            elif binding is not None:  # bound anew since: for whoever changes what it was, it must be so already
                self.effects.behind.setdefault(name, binding.sources - {self.cell})

    def _changed(self, name: str, binding: Binding) -> None:
        if self.cell in binding.sources and len(binding.sources) == 1:
            if name not in self.effects.binds:
                self.effects.changes.setdefault(name, self.line)
            return
        own = frozenset((self.cell,))
        if name not in self.effects.reads:
            self.effects.behind.setdefault(name, binding.sources - own)
        sources = own if name in self.effects.reads else own | binding.sources
        self.effects.changes.setdefault(name, self.line)
        self.names.put(self.names.module, name, binding._replace(sources=sources, stable=False))

    def fresh(self, kind: str, *, flat: bool = False, detail: str = "") -> Value:
        """A new value that shares nothing with others."""
        return Value(kind, self.heap.new(flat=flat), detail)

    def inside(self, value: Value) -> Objects:
        """What an element of a value may be: one level down, or any level where the levels are not known."""
        if value.kind in LEVELLESS:
            return self.heap.reach(value.own)
        return self.heap.parts(value.own)

    def part(self, value: Value, kind: str = ANY) -> Value:
        """An element or attribute of a value."""
        if not value.own:
            return Value(ANY if kind == "?" else kind)
        return Value(kind, self.inside(value))
