"""Lists, tuples, sets and dicts written out, and comprehensions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from nb2pipe.analysis.arguments import union
from nb2pipe.analysis.calls import touch
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.members import iterate
from nb2pipe.analysis.names import Frame
from nb2pipe.analysis.targets import assign
from nb2pipe.analysis.texts import MOST_TEXTS, texts_in
from nb2pipe.analysis.values import NOTHING, Value, is_text

HOLDING = frozenset({"dict", "list"})


def display_of(kind: str) -> Callable[[Machine, Any], Value]:
    """How a list, tuple or set written out is evaluated."""

    def handler(m: Machine, node: ast.List | ast.Tuple | ast.Set) -> Value:
        items = [m.eval(item) for item in node.elts]
        for item in items:
            m.use_whole(item)
        held = NOTHING
        for item, element in zip(items, node.elts, strict=True):
            held = held | (m.inside(item) if isinstance(element, ast.Starred) else item.own)
        starred = any(isinstance(item, ast.Starred) for item in node.elts)
        written = None if starred or kind == "set" else tuple(items)
        if kind == "tuple" and not held:
            return Value(kind, items=written)
        own = m.heap.new(flat=True)
        m.heap.store(own, held)
        if kind == "list" and written and len(written) <= MOST_TEXTS and all(map(is_text, written)):
            m.heap.texts.update({(number, str(at)): item for number in own for at, item in enumerate(written)})
        return Value(kind, own, items=written)

    return handler


def dict_of(m: Machine, node: ast.Dict) -> Value:
    """A dict written out."""
    held = NOTHING
    texts: dict[str, Value] = {}
    for key, item in zip(node.keys, node.values, strict=True):
        name = m.eval(key) if key is not None else None
        if name is not None:
            touch(m, name)
        value = m.eval(item)
        m.use_whole(value)
        if name is None or not isinstance(name.const, str):
            texts.clear()
        elif isinstance(value.const, str) or value.kind in HOLDING:
            texts[name.const] = value._replace(items=None)
        held = held | (m.heap.parts(value.own) if key is None else value.own)
    own = m.heap.new(flat=True)
    m.heap.store(own, held)
    m.heap.texts.update({(number, name): value for number in own for name, value in texts.items()})
    return Value("dict", own)


def comprehension_of(kind: str) -> Callable[[Machine, Any], Value]:
    """How a comprehension that makes this kind of value is evaluated."""

    def handler(m: Machine, node: Any) -> Value:
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        before = m.frame
        iterable = m.eval(node.generators[0].iter)
        written = texts_in(m, iterable)
        elements, first = iter(written), iterate(m, iterable)
        frame = Frame("comprehension", before, {}, _comprehension_names(node))
        m.frame = frame
        held = NOTHING

        def body() -> bool:
            nonlocal held
            for number, generator in enumerate(node.generators):
                element = next(elements, first) if number == 0 else iterate(m, m.eval(generator.iter))
                assign(m, generator.target, element)
                for test in generator.ifs:
                    touch(m, m.eval(test))
            held = held | union([m.eval(item) for item in results])
            return False

        for _ in range(1 + len(written) if m.loops < 2 else 1):
            m.branch(body, lambda: False)
        m.frame = before
        own = m.heap.new(flat=True)
        m.heap.store(own, held)
        return Value(kind, own, "generator" if kind == "iterator" else "")

    return handler


def _comprehension_names(node: Any) -> frozenset[str]:
    names = set()
    for generator in node.generators:
        for item in ast.walk(generator.target):
            if isinstance(item, ast.Name):
                names.add(item.id)
    return frozenset(names)
