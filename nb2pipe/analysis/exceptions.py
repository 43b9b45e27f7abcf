"""``with``, ``raise`` and ``try``: what runs when something goes wrong."""

from __future__ import annotations

import ast
from collections.abc import Callable
from contextlib import nullcontext

from nb2pipe.analysis.arguments import Arguments
from nb2pipe.analysis.calls import call_attribute
from nb2pipe.analysis.effects import Use
from nb2pipe.analysis.functions import call_back
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.targets import assign
from nb2pipe.analysis.values import NONE, Value

CATCHES_NAMES = frozenset({"NameError", "UnboundLocalError", "Exception", "BaseException", "StandardError"})


def run_with(m: Machine, node: ast.With | ast.AsyncWith) -> bool:
    """``with``: enters, runs the block, and puts back what the block's manager restores."""
    swallows = False
    ambient, where = dict(m.effects.ambient), m.where
    restored = set()
    for item in node.items:
        value = m.eval(item.context_expr)
        entered = _enter(m, value)
        if item.optional_vars is not None:
            assign(m, item.optional_vars, entered)
        swallows = swallows or value.detail == "swallows"
        restored.add(value.detail.removeprefix("restores:"))
    if swallows:
        with m.guard():
            m.branch(lambda: m.run(node.body), lambda: False)
        return False
    over = m.run(node.body)
    for key in restored & m.effects.ambient.keys():
        _take_back(m, key, ambient.get(key))
        if key == "cwd":
            m.where = where
    return over


def _take_back(m: Machine, key: str, before: Use | None) -> None:
    """State that the block changed is as it was before."""
    if before is None:
        del m.effects.ambient[key]
    else:
        m.effects.ambient[key] = before


def _enter(m: Machine, value: Value) -> Value:
    if any(item in m.heap.instances for item in value.own):
        result = call_attribute(m, value, "__enter__", Arguments())
        call_attribute(m, value, "__exit__", Arguments([NONE, NONE, NONE]))
        return result
    if value.detail == "manager":
        if value.const != m.cell:  # its function runs now, not where it was called
            call_back(m, value.own, m.heap.parts(value.own))
        return m.part(value)
    return value


def run_raise(m: Machine, node: ast.Raise) -> bool:
    """``raise``: what follows is not reached. An exception that was kept gets a longer traceback by it."""
    for item in (node.exc, node.cause):
        if item is not None:
            value = m.eval(item)
            if item is node.exc and not isinstance(item, ast.Call) and value.kind != "class":
                m.mutate(value.own)
    return True


def run_try(m: Machine, node: ast.Try) -> bool:
    """``try``: the block, or a part of it and then a handler, or neither."""
    catches = any(_catches_names(handler.type) for handler in node.handlers)
    ends: list[Callable[[], bool]] = []

    def body() -> bool:
        with m.guard() if catches else nullcontext():
            over = m.run(node.body)
        return m.run(node.orelse) if not over else True

    def partial_body(handler: ast.ExceptHandler) -> Callable[[], bool]:
        def run() -> bool:
            m.branch(lambda: m.run(node.body), lambda: False)
            return _handle(m, handler)

        return run

    if not node.handlers:
        over = m.run(node.body) or m.run(node.orelse)
        return m.run(node.finalbody) or over
    certain = m.certain
    ends = [body, *(partial_body(handler) for handler in node.handlers)]
    over = _alternatives(m, ends, first_certain=certain)
    return m.run(node.finalbody) or over


def _alternatives(m: Machine, bodies: list[Callable[[], bool]], *, first_certain: bool) -> bool:
    """Branches of which the first is begun for certain."""

    def first() -> bool:
        m.certain = first_certain
        over = bodies[0]()
        m.certain = False
        return over

    quiet = [_quietly(m, body) for body in bodies[1:]]
    return m.branch(first, *quiet)


def _quietly(m: Machine, body: Callable[[], bool]) -> Callable[[], bool]:
    def run() -> bool:
        with m.guard():
            return body()

    return run


def _catches_names(node: ast.expr | None) -> bool:
    if node is None:
        return True
    return any(isinstance(item, ast.Name) and item.id in CATCHES_NAMES for item in ast.walk(node))


def _handle(m: Machine, handler: ast.ExceptHandler) -> bool:
    if handler.type is not None:
        m.eval(handler.type)
    if handler.name:
        m.bind(handler.name, m.fresh("exception"), handler.lineno)
    over = m.run(handler.body)
    if handler.name and not over:
        _forget(m, handler.name)
    return over


def _forget(m: Machine, name: str) -> None:
    frame = m.frame.find(name)
    if frame is not None:
        m.names.put(frame, name, None)
    else:
        m.delete(name, m.line)
