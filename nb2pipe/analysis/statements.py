"""What statements mean."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import reduce
from typing import Any

from nb2pipe.analysis.arithmetic import combine
from nb2pipe.analysis.calls import invoke, touch
from nb2pipe.analysis.definitions import annotate, define_class, define_function
from nb2pipe.analysis.exceptions import run_raise, run_try, run_with
from nb2pipe.analysis.imports import import_from, import_modules
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.members import element_of, iterate, store_attribute, store_element
from nb2pipe.analysis.patterns import match
from nb2pipe.analysis.targets import assign
from nb2pipe.analysis.texts import texts_in
from nb2pipe.analysis.values import ANY, IMMUTABLE, NONE, Value, join


def _expression(m: Machine, node: ast.Expr) -> bool:
    value = m.eval(node.value)
    m.use_whole(value)
    if m.depth == 0:
        touch(m, value)
    return value.detail == "exit" and m.certain


def _assign(m: Machine, node: ast.Assign) -> bool:
    impure = m.impure
    value = m.eval(node.value)
    m.use_whole(value)
    stable = m.is_setup and m.impure == impure and m.certain and _is_stable(m, node.value)
    for target in node.targets:
        assign(m, target, value, stable=stable)
    return False


def _is_stable(m: Machine, node: ast.expr) -> bool:
    for item in ast.walk(node):
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load) and m.frame.find(item.id) is None:
            binding = m.names.module.names.get(item.id)
            if binding is not None and not binding.stable:
                return False
    return True


def _annotated(m: Machine, node: ast.AnnAssign) -> bool:
    if node.value is not None:
        impure = m.impure
        value = m.eval(node.value)
        stable = m.is_setup and m.impure == impure and m.certain and _is_stable(m, node.value)
        assign(m, node.target, value, stable=stable)
    if m.depth == 0:
        annotate(m, node.annotation)
        if m.frame is m.names.module and isinstance(node.target, ast.Name):
            m.effects.annotates = m.effects.annotates or m.at(node)
    return False


def _augmented(m: Machine, node: ast.AugAssign) -> bool:
    target = node.target
    if isinstance(target, ast.Name):
        old = m.lookup(target.id, m.at(target))
        new = _in_place(m, old, m.eval(node.value), node.op)
        m.bind(target.id, new, m.at(target))
    elif isinstance(target, ast.Attribute):
        base = m.eval(target.value)
        old = call_free_attribute(m, base, target.attr)
        store_attribute(m, base, target.attr, _in_place(m, old, m.eval(node.value), node.op))
    else:
        base, index = m.eval(target.value), m.eval(target.slice)
        old = element_of(m, base, index, fresh=False)
        store_element(m, base, index, _in_place(m, old, m.eval(node.value), node.op))
    return False


def call_free_attribute(m: Machine, base: Value, name: str) -> Value:
    """The attribute of a value that is about to be set anew."""
    if base.kind in ("module", "api"):
        return Value(ANY)
    found = []
    for item in base.own:
        made = m.heap.instances.get(item) or m.heap.classes.get(item)
        kept = made.attributes.get(name) if made is not None else None
        known = m.heap.fields.get((item, name), kept)
        found += [known] if known is not None and known.kind not in ("function", "method") else []
    if found and len(found) == len(base.own):
        return reduce(join, found)
    return m.part(base)


def _in_place(m: Machine, old: Value, other: Value, op: ast.operator) -> Value:
    if old.kind in IMMUTABLE or not old.own:
        return combine(m, old, other, op)
    touch(m, old)
    m.mutate(old.own)
    if old.kind in ("list", "set", "dict", ANY, "tuple"):
        m.heap.store(old.own, m.heap.parts(other.own))
    return old._replace(items=None, const=None)


def _return(m: Machine, node: ast.Return) -> bool:
    value = m.eval(node.value) if node.value is not None else NONE
    if m.returned:
        m.returned[-1].append(value)
        return True
    return False


def _delete(m: Machine, node: ast.Delete) -> bool:
    for target in node.targets:
        _delete_one(m, target)
    return False


def _delete_one(m: Machine, target: ast.expr) -> None:
    if isinstance(target, ast.Name):
        m.delete(target.id, m.at(target))
    elif isinstance(target, (ast.Tuple, ast.List)):
        for item in target.elts:
            _delete_one(m, item)
    elif isinstance(target, ast.Subscript):
        base = m.eval(target.value)
        store_element(m, base, m.eval(target.slice), NONE)
    elif isinstance(target, ast.Attribute):
        store_attribute(m, m.eval(target.value), target.attr, NONE)


def _for(m: Machine, node: ast.For | ast.AsyncFor) -> bool:
    iterable = m.eval(node.iter)
    written = texts_in(m, iterable)
    elements = iter(written)
    element = iterate(m, iterable)

    def body() -> bool:
        assign(m, node.target, next(elements, element))
        m.run(node.body)
        return False

    _loop(m, body, sure=_has_elements(iterable), rounds=len(written) + 1)
    m.run(node.orelse)
    return False


def _has_elements(value: Value) -> bool:
    return bool(value.items) or (value.kind == "str" and isinstance(value.const, str) and bool(value.const.strip("*")))


def _loop(m: Machine, body: Callable[[], bool], *, sure: bool = False, rounds: int = 0) -> None:
    """Runs a loop's body twice, so that what one round leaves is seen by the next; more often for texts written out."""
    rounds = max(rounds if rounds > 1 and m.loops < 2 else 0, 2 if m.loops < 2 and m.depth < 3 else 1)
    m.loops += 1
    for _ in range(rounds):
        if sure:
            with m.maybe():
                body()
        else:
            m.branch(body, lambda: False)
    m.loops -= 1


def _while(m: Machine, node: ast.While) -> bool:
    touch(m, m.eval(node.test))
    endless = isinstance(node.test, ast.Constant) and bool(node.test.value)

    def body() -> bool:
        m.run(node.body)
        m.eval(node.test)
        return False

    _loop(m, body, sure=endless)
    m.run(node.orelse)
    return False


def _if(m: Machine, node: ast.If) -> bool:
    test = node.test
    if isinstance(test, ast.Constant):
        return m.run(node.body if test.value else node.orelse)
    if _is_main(test):
        return m.run(node.orelse if m.is_in_file() else node.body)
    touch(m, m.eval(test))
    return m.branch(lambda: m.run(node.body), lambda: m.run(node.orelse))


def _is_main(test: ast.expr) -> bool:
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, test.comparators[0])
    return any(isinstance(s, ast.Name) and s.id == "__name__" for s in sides) and any(
        isinstance(s, ast.Constant) and s.value == "__main__" for s in sides
    )


def _assert(m: Machine, node: ast.Assert) -> bool:
    touch(m, m.eval(node.test))
    if node.msg is not None:
        with m.maybe():
            m.eval(node.msg)
    return False


def _pass(m: Machine, node: ast.stmt) -> bool:
    return False


def _type_alias(m: Machine, node: Any) -> bool:
    m.bind(node.name.id, Value("class"), node.lineno, stable=True)
    return False


def other_statement(m: Machine, node: ast.stmt) -> bool:
    """A statement newer than this analysis may bind anything."""
    m.wild(f"a statement that is not known here ({type(node).__name__})", binds=True)
    return False


def _function(m: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    define_function(m, node, invoke)
    return False


def _class(m: Machine, node: ast.ClassDef) -> bool:
    define_class(m, node, invoke)
    return False


STATEMENTS: dict[type, Callable[[Machine, Any], bool]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Return: _return,
    ast.Delete: _delete,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.If: _if,
    ast.With: run_with,
    ast.AsyncWith: run_with,
    ast.Raise: run_raise,
    ast.Try: run_try,
    ast.TryStar: run_try,
    ast.Assert: _assert,
    ast.Import: import_modules,
    ast.ImportFrom: import_from,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Match: match,
    ast.Pass: _pass,
    ast.Break: _pass,
    ast.Continue: _pass,
    ast.Global: _pass,
    ast.Nonlocal: _pass,
    **({ast.TypeAlias: _type_alias} if hasattr(ast, "TypeAlias") else {}),
}
