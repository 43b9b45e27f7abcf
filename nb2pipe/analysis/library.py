"""Calls of what libraries define, by the tables."""

from __future__ import annotations

import re

from nb2pipe.analysis.arguments import Arguments, union
from nb2pipe.analysis.functions import call_back
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.paths import note_files, note_paths
from nb2pipe.analysis.tables.learning import SEEDABLE, SEEDABLE_IF
from nb2pipe.analysis.tables.lookup import Spec
from nb2pipe.analysis.tables.words import words
from nb2pipe.analysis.values import ANY, NONE, NOTHING, SCALAR, UNKNOWN, Objects, Value, is_known, is_text

HARMLESS_TO_ITERATORS = words("iter type id isinstance issubclass print repr display hasattr callable enumerate")
NAMES_IN_QUERY = re.compile(r"@([A-Za-z_]\w*)")
SPEAKING = words(
    "print pprint display warn write writelines debug info warning error critical exception log system run show"
)
NAMED_KINDS = frozenset({"defaultdict", "memmap", "frompyfunc", "SimpleNamespace"})
ORDERINGS = words("sorted list tuple set reversed")
HOLDERS = frozenset({"estimator", ANY, UNKNOWN})
SHARING = frozenset({"frame", "series", "array", "index"})


def apply_spec(m: Machine, spec: Spec, name: str, me: Value | None, args: Arguments) -> Value:
    """Does what a specification says.

    Args:
        name: last part of the function's or method's name.
        me: the object of a method, None for a function.
    """
    if "unknown" in spec.words:
        return unknown_call(m, me, args)
    if name in SPEAKING:
        m.speak()
    own = me.own if me is not None else NOTHING
    _change(m, spec, name, own, args)
    _use_up(m, spec, name, args)
    if m.heap.rngs and spec.result != "estimator" and name not in HARMLESS_TO_ITERATORS:
        m.mutate(m.heap.reach(own | args.own) & m.heap.rngs)
    called = _call_functions(m, spec, me, args)
    _ambient(m, spec, own, args)
    note_files(m, spec.words, args)
    if "shell" in spec.words:
        m.effects.shell = m.effects.shell or m.line
    if "varies" in spec.words or "chance" in spec.words:
        m.impure += 1
    if m.importing and ("chance" in spec.words or (spec.result == "rng" and not args.values)):
        m.importing[-1].take(chance=True)
    if "unpickles" in spec.words:
        _definitions(m)
    if "names" in spec.words:
        _query(m, args)
    if "own" in spec.words:
        m.finding("N2P225", what=f"nb2pipe.{name}()")
    return _result(m, spec, name, me, args, called)


def unknown_call(m: Machine, me: Value | None, args: Arguments) -> Value:
    """A call of code that nobody knows: everything it can reach may change, be called, be kept and come back."""
    m.impure += 1
    m.speak()
    own = args.own | (me.own if me is not None else NOTHING)
    note_paths(m, args)
    if not own:
        return Value(UNKNOWN, m.heap.new())
    reach = m.heap.reach(own)
    m.mutate(reach, sure=False)
    call_back(m, own, frozenset(item for item in own if item not in m.heap.functions))
    if me is not None:
        m.heap.store(me.own, args.own)
    return Value(UNKNOWN, m.heap.unknown(own))


def _change(m: Machine, spec: Spec, name: str, own: Objects, args: Arguments) -> None:
    deep = "deep" in spec.words
    if "mutates" in spec.words:
        m.mutate(own - m.heap.data if deep else own)
        if deep:
            m.mutate(m.heap.reach(own) - m.heap.data, sure=False)
    for index, value in enumerate(args.positional):
        if f"mutates{index}" in spec.words:
            m.mutate(value.own)
    if args.named:
        if args.flag("inplace"):
            m.mutate(own or args.own)
        if "overwrites" in spec.words and args.named.get("copy", SCALAR).const is False:
            m.mutate(args.own)
        for keyword in ("out", "file", "ax", "axes", "rng", "generator", "random_state", "fig"):
            if keyword in args.named:
                value = args.named[keyword]
                m.mutate(m.heap.reach(value.own) if value.kind == "tuple" else value.own)
    if "stores" in spec.words:
        m.heap.store(own, args.own)
    if "stores0" in spec.words and args.positional:
        m.heap.store(args.positional[0].own, union(args.positional[1:]))


def _use_up(m: Machine, spec: Spec, name: str, args: Arguments) -> None:
    for value in args.values:
        if value.kind in ("iterator", "rng", "groupby") or (value.kind == UNKNOWN and "consumes" in spec.words):
            if name not in HARMLESS_TO_ITERATORS:
                m.mutate(value.own)
        elif value.detail == "defaultdict" and name not in HARMLESS_TO_ITERATORS:
            m.mutate(value.own, sure=False)  # asked for a key that it has not, it makes it
        elif value.kind in ("connection", "engine", "session") and name not in HARMLESS_TO_ITERATORS:
            m.mutate(value.own, sure=False)


def _call_functions(m: Machine, spec: Spec, me: Value | None, args: Arguments) -> Objects:
    """Calls the functions passed as arguments, and those that an object such as an estimator holds."""
    heap = m.heap
    if not heap.may_run():
        return NOTHING
    keeps = "holds" in spec.words and spec.result != "iterator"
    given = NOTHING if keeps else args.own
    if me is not None and me.kind in HOLDERS:
        given = given | me.own
    if not given or not any(map(heap.runs, heap.reach(given))):
        return NOTHING
    parts = heap.parts(me.own) if me is not None else NOTHING
    methods = "all" if "fits" in spec.words or (me is not None and me.kind in HOLDERS) else "special"
    parts |= args.own if "hands" in spec.words else NOTHING
    return call_back(m, given, parts | _data(m, args.own), methods=methods)


def _data(m: Machine, objects: Objects) -> Objects:
    return frozenset(item for item in m.heap.parts(objects) if item not in m.heap.functions)


def _ambient(m: Machine, spec: Spec, own: Objects, args: Arguments) -> None:
    for key, state in spec.keys:
        if key == "draws" and not args.seeded() and state != "none":
            m.ambient(state, sees=True, sets=True)
        elif key == "seeds":
            m.ambient(state, sees=False, sets=True)
            if not args.values or args.values[0].kind == "none":
                m.impure += 1
        elif key == "sets":
            m.ambient(state, sees=False, sets=True)
        elif key == "sees":
            m.ambient(state, sees=True, sets=False)
    if "fits" in spec.words and m.heap.draws:
        for item in m.heap.reach(own | args.own):
            if item in m.heap.draws:
                m.ambient(m.heap.draws[item], sees=True, sets=True)


def _definitions(m: Machine) -> None:
    """Looks up all classes and functions of the notebook, which a pickle may name."""
    for name, binding in list(m.names.module.names.items()):
        if binding.value.own & (m.heap.classes.keys() | m.heap.functions.keys()):
            with m.guard():
                m.lookup(name, m.line)


def _query(m: Machine, args: Arguments) -> None:
    value = args.get(0, "expr")
    if value is None or not is_known(value):
        m.wild("a query whose text is not known", binds=False)
        return
    for name in NAMES_IN_QUERY.findall(value.const):
        m.lookup(name, m.line)
        m.effects.eager.setdefault(name, m.line)


def _result(m: Machine, spec: Spec, name: str, me: Value | None, args: Arguments, called: Objects) -> Value:
    kind = spec.result
    own = me.own if me is not None else NOTHING
    if kind in ("self", "arg"):
        return me if me is not None and kind == "self" else args.positional[0] if args.positional else Value(ANY)
    if kind == "none":
        return NONE
    if kind == "view":
        return Value("view", own, f"{me.kind if me else ''}.{name}")
    if kind in ("scalar", "str", "path", "module"):
        return Value(kind)
    if "part" in spec.words or kind == "part":
        kind = ANY if kind == "part" else kind
        found = _inside(m, me, args) | called
        return Value(kind, found or (m.heap.new() if kind in SHARING else NOTHING))
    return _made(m, spec, kind, name, me, args, called)


def _made(m: Machine, spec: Spec, kind: str, name: str, me: Value | None, args: Arguments, called: Objects) -> Value:
    own = me.own if me is not None else NOTHING
    if kind == "estimator":
        return _estimator(m, spec, name, args)
    if kind == "frame" and (args.flag("chunksize") or args.flag("iterator")):
        return m.fresh("iterator", detail="reader")
    made = m.heap.new(flat="flat" in spec.words or kind == "copy" or "copy" in spec.words)
    if "holds" in spec.words:
        m.heap.store(made, args.own | own)
    if "boxes" in spec.words:
        m.heap.store(made, _boxed(m, kind, args))
    if "opaque" in spec.words:  # what is written to it goes to what it holds
        m.heap.opaque.update(made)
    if "weak" in spec.words:
        m.heap.weak.update(dict.fromkeys(made, m.cell))
    if kind == "copy" or "copy" in spec.words:
        m.heap.store(made, _inside(m, me, args) - made)
    if m.heap.functions and args.values:
        m.heap.store(made, frozenset(item for item in m.heap.reach(args.own) if item in m.heap.functions))
    if called and kind not in SHARING:
        m.heap.store(made, called)
    if kind in ("copy", "same"):
        source = me if me is not None else args.get(0)
        kind = source.kind if source is not None else ANY
    elif kind == "copyof":
        kind = args.positional[0].kind if args.positional else ANY
    if kind == "instance":
        _as_instance(m, made, own or args.own, deep=spec.result == "copyof")
    if args.flag("copy") is False and "copy" in args.named and args.named["copy"].const is False:
        made = made | args.own | own
    items = tuple(args.positional) if kind == "iterator" and name in ("zip", "enumerate") and not args.extra else None
    if kind in SHARING:
        m.heap.data.update(made)
    if kind == "rng":
        m.heap.rngs.update(made)
    first = args.get(0)
    if first is not None and first.detail == "paths" and name in ORDERINGS:
        return Value(kind, made, "paths", first.const)
    if name == "SimpleNamespace":
        m.heap.texts.update(
            {(item, key): value for item in made for key, value in args.named.items() if is_text(value)}
        )
    known = kind in ("iterator", "connection") or name in NAMED_KINDS
    return Value(kind, made, name if known else _block(spec), _memory(kind, args), items)


def _boxed(m: Machine, kind: str, args: Arguments) -> Objects:
    """Objects that become elements of an array or a frame: what stands in its columns or rows, not these themselves."""
    first = args.own - m.heap.data
    outer = first | m.heap.parts(first) if kind == "frame" else first
    found = m.heap.reach(first) - outer
    tables = args.own & m.heap.data  # what stands in an array of objects stands in what is made of it too
    if any(item in m.heap.holds for item in tables):
        found |= m.heap.reach(tables) - tables
    return found - m.heap.data - m.heap.functions.keys()


def _inside(m: Machine, me: Value | None, args: Arguments) -> Objects:
    found = NOTHING
    for value in [me] if me is not None and me.own else args.values:
        if value is not None and value.own:
            found = found | m.inside(value)
    return found


def _as_instance(m: Machine, made: Objects, originals: Objects, *, deep: bool) -> None:
    """A copy of an instance is an instance of the same class, with the same attributes."""
    for item in originals:
        for new in made:
            if item in m.heap.instances:
                m.heap.instances[new] = m.heap.instances[item]
        for (owner, name), value in list(m.heap.fields.items()):
            if owner == item:
                kept = Value(value.kind, m.heap.new()) if deep else value
                m.heap.fields.update({(new, name): kept for new in made})


def _block(spec: Spec) -> str:
    """What a ``with`` block on the result does."""
    if "swallows" in spec.words:
        return "swallows"
    return next((f"restores:{value}" for key, value in spec.keys if key == "restores"), "")


def _memory(kind: str, args: Arguments) -> object:
    first = args.get(0, "database")
    return ":memory:" if kind == "connection" and first is not None and first.const == ":memory:" else None


def _estimator(m: Machine, spec: Spec, name: str, args: Arguments) -> Value:
    made = m.heap.new()
    if "copied" in spec.words:
        for item in m.heap.reach(args.own):
            if item in m.heap.draws:
                m.heap.draws.update(dict.fromkeys(made, m.heap.draws[item]))
        return Value("estimator", made, args.positional[0].detail if args.positional else "")
    m.heap.store(made, args.own)
    draws = name in SEEDABLE or "draws-later" in spec.words
    if name in SEEDABLE_IF:
        keyword, values = SEEDABLE_IF[name]
        draws = keyword in args.named and args.named[keyword].const in (*values, None)
    keys = [value for key, value in spec.keys if key == "draws"]
    if keys:
        m.ambient(keys[0], sees=True, sets=True)
    if draws and not args.seeded():
        for item in made:
            m.heap.draws[item] = "numpy.random"
    return Value("estimator", made, name)
