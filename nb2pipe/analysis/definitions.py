"""Definitions of functions and classes."""

from __future__ import annotations

import ast
from collections.abc import Callable

from nb2pipe.analysis.arguments import Arguments
from nb2pipe.analysis.expressions import make_function
from nb2pipe.analysis.formulas import read_words
from nb2pipe.analysis.functions import call_method, find_method
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.names import Frame
from nb2pipe.analysis.values import IMMUTABLE, NOTHING, Class, Value

Invoke = Callable[[Machine, Value, Arguments], Value]
MARKS = frozenset({"property", "staticmethod", "classmethod", "cached_property", "setter", "getter", "deleter"})


def define_function(m: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef, invoke: Invoke) -> None:
    """Defines a function and applies its decorators."""
    decorators = [m.eval(item) for item in node.decorator_list]
    value = make_function(m, node.name, node)
    _annotations(m, node)
    marks = tuple(_mark(item) for item in node.decorator_list)
    stable = True
    for number in value.own:
        m.heap.functions[number].decorators = marks
    for item, decorator, mark in reversed(list(zip(node.decorator_list, decorators, marks, strict=True))):
        if mark == "register_line_magic" or mark == "register_cell_magic" or mark == "register_line_cell_magic":
            m.effects.new_magics.setdefault(node.name, node.lineno)
            m.magics[node.name] = value
        if mark not in MARKS:
            _register(m, item, value)
        if mark not in MARKS and _is_own(m, decorator):
            wrapped = invoke(m, decorator, Arguments([value]))
            value = wrapped if wrapped.own else value
    if {"setter", "getter", "deleter"} & set(marks):
        before = m.frame.names.get(node.name)
        value = value._replace(own=value.own | before.value.own) if before is not None else value
    m.bind(node.name, value, node.lineno, stable=stable)


def _register(m: Machine, decorator: ast.expr, value: Value) -> None:
    """``@thing.register`` and its like: the thing may keep the function."""
    func = decorator.func if isinstance(decorator, ast.Call) else decorator
    if isinstance(func, ast.Attribute) and isinstance(func.value, (ast.Name, ast.Attribute)):
        thing = m.eval(func.value)
        if thing.kind not in IMMUTABLE and not any(item in m.heap.instances for item in thing.own):
            m.mutate(thing.own)
            m.heap.store(thing.own, value.own)


def _is_own(m: Machine, decorator: Value) -> bool:
    """Whether a decorator is the notebook's own; those of libraries are taken to give the function back."""
    heap = m.heap
    return any(item in heap.functions or item in heap.classes or item in heap.instances for item in decorator.own)


def _mark(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _annotations(m: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    if m.depth:
        return
    spec = node.args
    parameters = (*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg)
    found = [item.annotation for item in parameters if item is not None and item.annotation is not None]
    for annotation in found + ([node.returns] if node.returns is not None else []):
        annotate(m, annotation)


def annotate(m: Machine, annotation: ast.expr) -> None:
    """An annotation is evaluated where it stands, unless a future import put that off."""
    if not isinstance(annotation, ast.Constant):
        m.effects.annotated = m.effects.annotated or m.at(annotation)
    if not m.lazy_annotations:
        m.eval(annotation)
    if m.frame.kind == "class":
        _read_text(m, annotation)


def _read_text(m: Machine, annotation: ast.expr) -> None:
    """Names in an annotation that is text, which ``dataclass`` and its like look up in the namespace."""
    for item in ast.walk(annotation):
        text = item.value if isinstance(item, ast.Constant) else item.id if isinstance(item, ast.Name) else ""
        if isinstance(text, str):
            list(read_words(m, text))


def define_class(m: Machine, node: ast.ClassDef, invoke: Invoke) -> None:
    """Defines a class: its body runs now, its methods when they are called."""
    bases = [m.eval(item) for item in node.bases]
    for keyword in node.keywords:
        bases.append(m.eval(keyword.value))
    decorators = [m.eval(item) for item in node.decorator_list]
    before = m.frame
    frame = Frame("class", before)
    m.frame = frame
    m.run(node.body)
    m.frame = before
    own = m.heap.new(flat=True)
    attributes = {name: binding.value for name, binding in frame.names.items()}
    targets = [item.target for item in node.body if isinstance(item, ast.AnnAssign)]
    annotated = tuple(target.id for target in targets if isinstance(target, ast.Name))
    made = Class(node.name, attributes, tuple(bases), annotated)
    for item in own:
        m.heap.classes[item] = made
    _own_methods(m, made)
    for value in (*attributes.values(), *bases):
        m.heap.store(own, value.own)
    value = Value("class", own)
    for base in bases:
        _announce(m, base, value, invoke)
    for decorator in reversed(decorators):
        if _is_own(m, decorator):
            wrapped = invoke(m, decorator, Arguments([value]))
            value = wrapped if wrapped.own else value
    m.bind(node.name, value, node.lineno, stable=_is_plain(attributes))


def _announce(m: Machine, base: Value, value: Value, invoke: Invoke) -> None:
    """A base class hears of its new child by ``__init_subclass__``, a metaclass makes it."""
    for item in base.own:
        above = m.heap.classes.get(item)
        if above is None:
            continue
        for name in ("__init_subclass__", "__new__", "__init__", "__prepare__"):
            method = find_method(m, above, name)
            is_meta = any(parent.detail == "builtins.type" for parent in above.bases)
            if method is not None and (is_meta or name == "__init_subclass__"):
                call_method(m, value, method, Arguments([], {}, [value]) if is_meta else Arguments())


def _own_methods(m: Machine, made: Class) -> None:
    for value in made.attributes.values():
        for item in value.own:
            if item in m.heap.functions:
                m.heap.functions[item].owner = made


def _is_plain(attributes: dict[str, Value]) -> bool:
    return all(
        value.own == NOTHING or value.kind in ("function", "list", "dict", "set", "class")
        for value in attributes.values()
    )
