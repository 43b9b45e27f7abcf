"""What expressions mean."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from nb2pipe.analysis.arguments import union
from nb2pipe.analysis.arithmetic import SPREADS, combine
from nb2pipe.analysis.calls import call, touch
from nb2pipe.analysis.displays import comprehension_of, dict_of, display_of
from nb2pipe.analysis.dynamic import namespace_item
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.members import attribute_of, element_of, iterate
from nb2pipe.analysis.names import Frame
from nb2pipe.analysis.paths import known_text, squeeze
from nb2pipe.analysis.values import ANY, IMMUTABLE, NONE, NOTHING, SCALAR, TEXT, UNKNOWN, WRITTEN, Function, Value, join


def _constant(m: Machine, node: ast.Constant) -> Value:
    if isinstance(node.value, str):
        return Value("str", NOTHING, WRITTEN if "*" in node.value else "", node.value)
    if node.value is None:
        return NONE
    return Value("scalar", const=node.value if isinstance(node.value, (int, float)) else None)


def _name(m: Machine, node: ast.Name) -> Value:
    if node.id == "__annotations__":
        m.effects.asks_annotations = True
    return m.lookup(node.id, m.at(node))


def _attribute(m: Machine, node: ast.Attribute) -> Value:
    base = m.eval(node.value)
    m.use_whole(base)
    if base.kind == "ipython" and node.attr in ("user_ns", "user_global_ns"):
        return Value("namespace", detail="get_ipython().user_ns")
    return attribute_of(m, base, node.attr)


def _subscript(m: Machine, node: ast.Subscript) -> Value:
    base = m.eval(node.value)
    index = m.eval(node.slice)
    if base.kind == "namespace":
        return namespace_item(m, index)
    return element_of(m, base, index, fresh=_copies(node.slice, index))


def _copies(node: ast.expr, index: Value) -> bool:
    if isinstance(node, (ast.List, ast.ListComp, ast.Compare, ast.UnaryOp)) and not isinstance(index.const, int):
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr, ast.BitXor)):
        return True
    return index.kind in ("series", "list", "array", "index", "frame")


def _slice(m: Machine, node: ast.Slice) -> Value:
    for part in (node.lower, node.upper, node.step):
        if part is not None:
            m.eval(part)
    return Value("scalar", detail="slice")


def _binary(m: Machine, node: ast.BinOp) -> Value:
    left, right = m.eval(node.left), m.eval(node.right)
    return combine(m, left, right, node.op)


def _unary(m: Machine, node: ast.UnaryOp) -> Value:
    value = m.eval(node.operand)
    if isinstance(node.op, ast.Not):
        touch(m, value)
        return SCALAR
    if isinstance(node.op, ast.USub) and isinstance(value.const, (int, float)):
        return Value("scalar", const=-value.const)
    touch(m, value)
    return m.fresh(value.kind) if value.kind in SPREADS else SCALAR if value.kind in IMMUTABLE else m.fresh(ANY)


def _boolean(m: Machine, node: ast.BoolOp) -> Value:
    result = m.eval(node.values[0])
    touch(m, result)

    def rest() -> bool:
        nonlocal result
        for item in node.values[1:]:
            result = join(result, m.eval(item))
        return False

    m.branch(rest, lambda: False)
    return result


def _compare(m: Machine, node: ast.Compare) -> Value:
    left = m.eval(node.left)
    values = [m.eval(item) for item in node.comparators]
    if values[0].kind == "namespace" and isinstance(node.ops[0], (ast.In, ast.NotIn)):
        namespace_item(m, left, guarded=True)
        return SCALAR
    if isinstance(node.ops[0], (ast.Is, ast.IsNot)):
        for item in left.own & values[0].own & m.heap.homes.keys():
            m.effects.compared.setdefault(m.heap.homes[item], m.line)
    for value in (left, *values):
        touch(m, value)
        if isinstance(node.ops[0], (ast.In, ast.NotIn)) and value.kind == "iterator":
            m.mutate(value.own)
    for kind in SPREADS:
        if kind in (left.kind, values[0].kind):
            return m.fresh(kind)
    if left.kind in (ANY, UNKNOWN) and not isinstance(node.ops[0], (ast.In, ast.NotIn, ast.Is, ast.IsNot)):
        return m.fresh(ANY)
    return SCALAR


def _if_else(m: Machine, node: ast.IfExp) -> Value:
    touch(m, m.eval(node.test))
    found: list[Value] = []

    def side(item: ast.expr) -> bool:
        found.append(m.eval(item))
        return False

    m.branch(lambda: side(node.body), lambda: side(node.orelse))
    return join(found[0], found[1])


def _lambda(m: Machine, node: ast.Lambda) -> Value:
    return make_function(m, "<lambda>", node)


def make_function(m: Machine, name: str, node: ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef) -> Value:
    """A function object; its default values are evaluated now, its body when it is called."""
    spec = node.args
    defaults: dict[str, Value] = {}
    positional = [item.arg for item in (*spec.posonlyargs, *spec.args)]
    for parameter, default in zip(positional[len(positional) - len(spec.defaults) :], spec.defaults, strict=True):
        defaults[parameter] = m.eval(default)
    for item, value in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
        if value is not None:
            defaults[item.arg] = m.eval(value)
    own = m.heap.new(flat=True)
    m.heap.store(own, union(defaults.values()) | _captured(m))
    for number in own:
        m.heap.functions[number] = Function(name, node, m.frame, defaults, m.cell)
    return Value("function", own)


def _captured(m: Machine) -> frozenset[int]:
    frame: Frame | None = m.frame
    found = NOTHING
    while frame is not None and frame.kind != "module":
        if frame.kind == "function":
            frame.cell = frame.cell or m.heap.new(flat=True)
            found = found | frame.cell | union(binding.value for binding in frame.names.values())
        frame = frame.parent
    return found


def _walrus(m: Machine, node: ast.NamedExpr) -> Value:
    value = m.eval(node.value)
    m.bind(node.target.id, value, m.at(node))
    return value


def _joined(m: Machine, node: ast.JoinedStr) -> Value:
    return Value("str", const=squeeze("".join(known_text(m.eval(item)) for item in node.values)))


def _formatted(m: Machine, node: ast.FormattedValue) -> Value:
    value = m.eval(node.value)
    touch(m, value)
    if node.format_spec is not None:
        m.eval(node.format_spec)
        return TEXT
    return value if value.kind in ("str", "path", "scalar") else TEXT


def _await(m: Machine, node: ast.Await) -> Value:
    value = m.eval(node.value)
    return m.part(value) if value.kind == "task" else value


def _inner(m: Machine, node: Any) -> Value:
    return m.eval(node.value) if node.value is not None else NONE


def _yield(m: Machine, node: Any) -> Value:
    value = m.eval(node.value) if node.value is not None else NONE
    if m.returned:
        m.returned[-1].append(iterate(m, value) if isinstance(node, ast.YieldFrom) else value)
    return Value(ANY, m.heap.new())


def other_expression(m: Machine, node: ast.expr) -> Value:
    """Syntax newer than this analysis: what stands in it is evaluated."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            m.eval(child)
    return Value(ANY, m.heap.new())


def _called(m: Machine, node: ast.Call) -> Value:
    return call(m, node)


EXPRESSIONS: dict[type, Callable[[Machine, Any], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.Call: _called,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _if_else,
    ast.Lambda: _lambda,
    ast.NamedExpr: _walrus,
    ast.JoinedStr: _joined,
    ast.FormattedValue: _formatted,
    ast.List: display_of("list"),
    ast.Tuple: display_of("tuple"),
    ast.Set: display_of("set"),
    ast.Dict: dict_of,
    ast.ListComp: comprehension_of("list"),
    ast.SetComp: comprehension_of("set"),
    ast.DictComp: comprehension_of("dict"),
    ast.GeneratorExp: comprehension_of("iterator"),
    ast.Starred: _inner,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
}
