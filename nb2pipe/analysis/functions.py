"""Calls of what the notebook defines: functions run in place with their real arguments, classes make instances."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from functools import partial

from nb2pipe.analysis.arguments import Arguments, union
from nb2pipe.analysis.live import FINALIZED
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.names import Binding, Frame
from nb2pipe.analysis.paths import note_paths
from nb2pipe.analysis.scopes import Scope, scope_of
from nb2pipe.analysis.tables.words import words
from nb2pipe.analysis.values import ANY, NONE, NOTHING, UNKNOWN, Class, Function, Objects, Value, is_text, join

DEPTH = 12
CACHES = frozenset({"lru_cache", "cache"})
NOISY = words("print display append add extend update write pop remove info debug warning error random choice seed")
SPECIAL = ("__", "_repr_", "_ipython_display_")  # called by Python, and by IPython where it shows an object
LOUD = ("__init__", "__new__", "__class_getitem__", "__init_subclass__")


def function_scope(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Scope:
    """The scope of a function, found once."""
    known = getattr(node, "_nb2pipe_scope", None)
    if known is None:
        known = scope_of(node)
        node._nb2pipe_scope = known  # type: ignore[union-attr]
    assert isinstance(known, Scope)
    return known


def call_function(m: Machine, function: Function, args: Arguments, me: Value | None = None) -> Value:
    """Runs a function of the notebook with these arguments and returns what it may return."""
    if m.stack.count(function) >= 2 or len(m.stack) >= DEPTH or m.budget <= 0:
        return _skim(m, function, args, me)
    if CACHES & set(function.decorators):
        note_cache(m, function, shows=is_noisy(function.node))
    scope = function_scope(function.node)
    frame = Frame("function", function.frame, {}, scope.local, scope.outer)
    _bind_parameters(m, function, frame, args, me)
    before, m.frame = m.frame, frame
    m.stack.append(function)
    m.depth += 1
    m.returned.append([])
    certain, loops, m.loops = m.certain, m.loops, 0
    try:
        result = _run_body(m, function.node)
    finally:
        m.depth -= 1
        m.stack.pop()
        m.frame, m.certain, m.loops = before, certain, loops
    returned = m.returned.pop()
    for value in returned:
        result = value if result is None else join(result, value)
    result = NONE if result is None else result
    if scope.generator:
        holder = m.heap.new(flat=True)
        m.heap.store(holder, result.own | args.own)
        if "contextmanager" not in function.decorators:
            return Value("iterator", holder, "generator")
        m.heap.store(holder, Objects(number for number, each in m.heap.functions.items() if each is function))
        return Value(ANY, holder, "manager", m.cell)
    return result


def note_cache(m: Machine, function: Function, *, shows: bool) -> None:
    """Notes the use of a function that keeps a cache."""
    before = m.effects.cached.get(function.name)
    m.effects.cached[function.name] = (m.line, shows) if before is None else (before[0], before[1] or shows)


def is_noisy(node: ast.AST) -> bool:
    """Whether one sees how often a function runs: it prints, or changes something outside."""
    for item in ast.walk(node):
        if isinstance(item, (ast.Global, ast.Nonlocal, ast.AugAssign)):
            return True
        called = item.func if isinstance(item, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in NOISY:
            return True
        if isinstance(called, ast.Attribute) and called.attr in NOISY:
            return True
    return False


def _run_body(m: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Value | None:
    if isinstance(node, ast.Lambda):
        return m.eval(node.body)
    m.budget -= len(node.body)
    over = m.run(node.body)
    return None if over else NONE if m.returned[-1] else None


def _bind_parameters(m: Machine, function: Function, frame: Frame, args: Arguments, me: Value | None) -> None:
    spec = function.node.args
    names = [item.arg for item in (*spec.posonlyargs, *spec.args)]
    given = [me, *args.positional] if me is not None else list(args.positional)
    named = dict(args.named)
    spread = Value(ANY, union(args.extra)) if args.extra else None
    for name in names:
        value = given.pop(0) if given else named.pop(name, None) or spread or function.defaults.get(name)
        _set(m, frame, name, value)
    for item in spec.kwonlyargs:
        _set(m, frame, item.arg, named.pop(item.arg, None) or spread or function.defaults.get(item.arg))
    if spec.vararg is not None:
        _set(m, frame, spec.vararg.arg, _gather(m, "tuple", given + ([spread] if spread else [])))
    if spec.kwarg is not None:
        _set(m, frame, spec.kwarg.arg, _gather(m, "dict", [*named.values(), *([spread] if spread else [])]))


def _gather(m: Machine, kind: str, values: list[Value]) -> Value:
    own = m.heap.new(flat=True)
    m.heap.store(own, union(values))
    return Value(kind, own, items=tuple(values) if kind == "tuple" else None)


def _set(m: Machine, frame: Frame, name: str, value: Value | None) -> None:
    value = value if value is not None else Value(ANY)
    m.names.put(frame, name, Binding(value._replace(items=None) if value.kind == "list" else value, NOTHING))


def _skim(m: Machine, function: Function, args: Arguments, me: Value | None) -> Value:
    """A call that is not followed further: its names are read, its arguments may change and come back."""
    own = args.own | (me.own if me is not None else NOTHING)
    m.effects.skimmed = True
    note_paths(m, args)
    if m.budget > -100_000:
        m.budget = m.budget if m.budget > 0 else m.budget - 1
    if function not in m.stack:
        scope = function_scope(function.node)
        with m.maybe(), m.guard():
            for node in ast.walk(function.node):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in scope.local:
                    own |= m.lookup(node.id, m.line).own
    m.mutate(own, deep=True)
    return Value(UNKNOWN, m.heap.unknown(own))


def make_instance(m: Machine, item: int, made: Class, args: Arguments) -> Value:
    """Calls a class of the notebook."""
    own = m.heap.new()
    m.heap.store(own, frozenset((item,)))
    for number in own:
        m.heap.instances[number] = made
    value = Value("instance", own, made.name, FINALIZED if find_method(m, made, FINALIZED) is not None else None)
    init = find_method(m, made, "__init__") or find_method(m, made, "__new__")
    if init is not None:
        call_function(m, init, args, value)
        return value
    m.heap.store(own, args.own)
    given = {**dict(zip(made.annotated, args.positional, strict=False)), **args.named}
    m.heap.fields.update({(item, name): each for item in own for name, each in given.items() if is_text(each)})
    if made.bases:
        _keep_fields(m, own, made, args)
    return value


def _keep_fields(m: Machine, own: Objects, made: Class, args: Arguments) -> None:
    for base in made.bases:
        m.heap.store(own, base.own)


def find_method(m: Machine, made: Class, name: str) -> Function | None:
    """A method by name, along the bases that the notebook defines."""
    found = find_methods(m, made, name)
    return found[0] if found else None


def find_methods(m: Machine, made: Class, name: str, seen: frozenset[str] = frozenset()) -> list[Function]:
    """The function of a name, or several: a property and its setter."""
    value = made.attributes.get(name)
    if value is not None:
        own = [m.heap.functions[item] for item in sorted(value.own) if item in m.heap.functions]
        if own:
            return own
    for base in made.bases:
        for item in base.own:
            parent = m.heap.classes.get(item)
            if parent is not None and parent is not made and parent.name not in seen:
                found = find_methods(m, parent, name, seen | {made.name})
                if found:
                    return found
    return []


def methods_of(m: Machine, made: Class) -> list[tuple[str, Function]]:
    """All methods that the class itself defines."""
    found = []
    for name, value in made.attributes.items():
        for item in value.own:
            if item in m.heap.functions:
                found.append((name, m.heap.functions[item]))
    return found


def call_method(m: Machine, me: Value, function: Function, args: Arguments) -> Value:
    """Calls a method on an instance or class."""
    if "staticmethod" in function.decorators:
        return call_function(m, function, args)
    return call_function(m, function, args, me)


def call_back(m: Machine, objects: Iterable[int], given: Objects, *, methods: str = "all") -> Objects:
    """Code out of sight may call everything reachable from ``objects`` with parts of ``given``.

    Args:
        methods: ``all``, ``special`` for ``__str__`` and its like only, or ``none``.
    """
    result: Objects = NOTHING
    reach = m.heap.reach(objects)
    for item in reach & m.heap.changers:
        changed = Objects(m.heap.holds.get(item, ()))
        m.mutate(changed)
        m.heap.store(changed, given)
    functions = [m.heap.functions[item] for item in sorted(reach) if item in m.heap.functions]
    kinds: dict[Class, set[int]] = {}
    for item in sorted(reach) if methods != "none" else ():
        if item in m.heap.instances:
            kinds.setdefault(m.heap.instances[item], set()).add(item)
    if not functions and not kinds:
        return result
    anything = Value(ANY, m.heap.unknown(given) if len(given) > 3 else given)
    with m.maybe():
        for function in functions:
            if function.owner is None and function not in m.stack:
                args = _any_arguments(function, anything)
                result |= _again(m, function, NOTHING, given, partial(call_function, m, function, args))
        for made, items in kinds.items():
            me = Value("instance", frozenset(items), made.name)
            result |= _call_methods(m, me, made, anything, given, special=methods == "special")
    return result


def _call_methods(m: Machine, me: Value, made: Class, anything: Value, given: Objects, *, special: bool) -> Objects:
    result: Objects = NOTHING
    for name, function in methods_of(m, made):
        is_special = name.startswith(SPECIAL) and name not in LOUD
        if function in m.stack or name in LOUD or (special and not is_special):
            continue
        args = _any_arguments(function, anything, skip=1)
        result |= _again(m, function, me.own, given, partial(call_method, m, me, function, args))
    for base in made.bases:
        for parent in (m.heap.classes.get(number) for number in base.own):
            if parent is not None and parent is not made:
                result |= _call_methods(m, me, parent, anything, given, special=special)
    return result


def call_foreign(m: Machine, base: Value) -> None:
    """A class of a library calls what a class of the notebook made from it overrides, such as ``_constructor``."""
    made = [m.heap.instances[item] for item in base.own if item in m.heap.instances]
    if any(parent.kind == "api" and parent.detail != "builtins.object" for each in made for parent in each.bases):
        call_back(m, base.own, NOTHING)


def _again(m: Machine, function: Function, me: Objects, given: Objects, run: Callable[[], Value]) -> Objects:
    """Calls a function out of sight, unless it was called so in this cell already; often called, it changes all."""
    known = m.called.setdefault(function, [0, NOTHING, NOTHING, NOTHING])
    if known[0] and given <= known[1] and me <= known[3]:
        return Objects(known[2])
    if known[0] >= 3:
        m.effects.skimmed = True
        m.mutate(given | me, deep=True)
        return Objects(known[2]) | given
    known[0] += 1
    known[1] |= given
    known[3] |= me
    result = run().own
    known[2] |= result
    return result


def _any_arguments(function: Function, value: Value, skip: int = 0) -> Arguments:
    spec = function.node.args
    count = len(spec.posonlyargs) + len(spec.args) - skip
    return Arguments([value] * max(count, 0), {item.arg: value for item in spec.kwonlyargs})
