"""Calls: finds out what is called, and has it done."""

from __future__ import annotations

import ast
import re

from nb2pipe.analysis import dynamic, library
from nb2pipe.analysis.arguments import Arguments, read_arguments, union
from nb2pipe.analysis.figures import note_backend, note_figures
from nb2pipe.analysis.formulas import read_formulas
from nb2pipe.analysis.functions import call_back, call_function, call_method, find_method, make_instance, note_cache
from nb2pipe.analysis.logs import note_handler, note_logging
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.members import attribute_of, store_attribute
from nb2pipe.analysis.opening import opened_method, opening_call
from nb2pipe.analysis.paths import add_root, connect, go_to, join_paths, known_text, own_place, path_method, paths_like
from nb2pipe.analysis.tables.lookup import any_method_spec, function_spec, is_listed, method_spec, parse_spec
from nb2pipe.analysis.tables.plotting import STATE
from nb2pipe.analysis.texts import text_method
from nb2pipe.analysis.values import ANY, NONE, NOTHING, SCALAR, Value, join

SETTER = re.compile(
    r"(set_|seed|enable_|disable_|init_?(js|notebook_mode)?$|register|configure|use_|extension$|autolog$|pandas$|add_type$)"
)
CONNECTS = frozenset({"sqlite3.connect", "duckdb.connect", "sqlalchemy.create_engine", "shelve.open", "dbm.open"})
SETS = frozenset({"builtins.setattr", "builtins.delattr"})
HERE_CALLS = frozenset({"os.getcwd", "pathlib.Path.cwd"})
SAME_PLACE = frozenset({"os.path.abspath", "os.path.realpath", "os.path.expanduser", "os.path.normpath"})
CLASSES = {
    "builtins.list": "list",
    "builtins.dict": "dict",
    "builtins.set": "set",
    "builtins.str": "str",
    "collections.deque": "list",
    "collections.Counter": "dict",
    "collections.OrderedDict": "dict",
    "numpy.ndarray": "array",
    "pandas.DataFrame": "frame",
    "pandas.Series": "series",
}
CHANGES_STATE = frozenset({"append", "insert", "extend", "remove", "pop", "clear", "update", "setdefault"})


def call(m: Machine, node: ast.Call) -> Value:
    """Evaluates a call expression."""
    func = node.func
    if isinstance(func, ast.Attribute):
        base = m.eval(func.value)
        if base.kind not in ("module", "api"):
            special = dynamic.special_method(m, base, func, node)
            if special is not None:
                return special
            args = read_arguments(m, node)
            read_formulas(m, func.attr, args)
            return call_attribute(m, base, func.attr, args)
        if base.detail in STATE and func.attr in CHANGES_STATE:
            m.ambient(STATE[base.detail], sees=True, sets=True)
            args = read_arguments(m, node)
            if base.detail == "sys.path" and args.positional:
                add_root(m, args.positional[-1])
            return Value(ANY)
        callee = attribute_of(m, base, func.attr)
    else:
        callee = m.eval(func)
    if callee.kind == "api":
        special = dynamic.special_call(m, callee.detail, node)
        if special is not None:
            return special
    args = read_arguments(m, node)
    if callee.kind == "api":
        read_formulas(m, callee.detail, args)
    return invoke(m, callee, args)


def invoke(m: Machine, callee: Value, args: Arguments) -> Value:
    """Calls a value."""
    if callee.kind == "api":
        return call_library(m, callee.detail, args)
    result: Value | None = None
    for item in sorted(callee.own):
        function, made = m.heap.functions.get(item), m.heap.classes.get(item)
        if function is not None:
            value = call_function(m, function, args)
        elif made is not None:
            value = make_instance(m, item, made, args)
        elif item in m.heap.instances:
            value = _call_instance(m, callee, item, args)
        else:
            value = _call_object(m, callee, item, args)
        result = value if result is None else join(result, value)
    if result is None:
        return library.unknown_call(m, None, args) if callee.kind != "class" else m.fresh(ANY)
    return result


def _call_instance(m: Machine, callee: Value, item: int, args: Arguments) -> Value:
    made = m.heap.instances[item]
    for name in ("__call__", "forward", "call"):  # torch and keras call these from a ``__call__`` of their own
        method = find_method(m, made, name)
        if method is not None:
            if name != "__call__":
                m.mutate(callee.own)
                m.ambient("torch", sees=True, sets=True)
            return call_method(m, callee._replace(kind="instance"), method, args)
    return library.unknown_call(m, callee, args)


def _call_object(m: Machine, callee: Value, item: int, args: Arguments) -> Value:
    if item in m.heap.bound:
        me, method = m.heap.bound[item]
        return call_method(m, me, method, args)
    if callee.kind == "class":
        own = m.heap.new(flat=True)
        m.heap.store(own, args.own)
        return Value(ANY, own)
    if callee.kind == "estimator":
        m.mutate(callee.own, deep=True)
        return m.fresh("array")
    reach = sorted(m.heap.reach((item,)))
    bound = [m.heap.bound[found] for found in reach if found in m.heap.bound]
    methods = [method for _, method in bound]
    wrapped = [m.heap.functions[found] for found in reach if found in m.heap.functions]
    if not wrapped and not bound:
        return library.unknown_call(m, callee, args)
    result = Value(ANY, m.heap.new() | m.heap.parts(callee.own))
    kept = [Value(ANY, frozenset(found for found in m.heap.parts(callee.own) if found not in m.heap.functions))]
    for me, method in bound:
        result = join(result, call_method(m, me, method, Arguments(args.positional, args.named, args.extra + kept)))
    for function in (each for each in wrapped if each not in methods):
        result = join(result, call_function(m, function, Arguments(args.positional, args.named, args.extra + kept)))
    return result


def call_library(m: Machine, path: str, args: Arguments) -> Value:
    """Calls a member of a module."""
    if path == "builtins.super":
        return _super(m, args)
    opened = opening_call(m, path, args)
    if opened is not None:
        return opened
    if path in ("os.path.join", "pathlib.Path", "pathlib.PurePath") and not args.extra and args.positional:
        return join_paths(*args.positional)
    if path in CONNECTS:
        connect(m, args)
    owner, _, name = path.rpartition(".")
    if owner in CLASSES and args.positional and args.positional[0].own:
        me = args.positional[0]._replace(kind=CLASSES[owner])
        if method_spec(me.kind, name) is not None:
            return call_attribute(m, me, name, Arguments(args.positional[1:], args.named, args.extra))
    if name == "rvs":
        m.ambient("numpy.random", sees=True, sets=True)
    if path in SETS and len(args.positional) > 1 and args.positional[0].kind == "module":
        store_attribute(m, args.positional[0], known_text(args.positional[1]), args.get(2) or NONE)
        return NONE
    where = m.where
    spec = function_spec(path)
    if SETTER.match(name) and (spec is None or not is_listed(path)):
        module = "pandas" if path.startswith("tqdm.") and name == "pandas" else path.rpartition(".")[0]
        m.effects.module_stores.setdefault(module, (name, m.line))
    if spec is None:
        return library.unknown_call(m, None, args)
    note_backend(m, path, args)
    note_figures(m, path, spec, "")
    value = library.apply_spec(m, spec, name, None, args)
    if owner == "logging":
        note_logging(m, name, NONE, args)
        note_handler(m, path, args, value)
    if path == "builtins.getattr" and len(args.positional) > 1 and isinstance(args.positional[1].const, str):
        return attribute_of(m, args.positional[0], args.positional[1].const)
    if path in ("builtins.display", "IPython.display.display") and args.flag("display_id"):
        return m.fresh("display")
    if path in ("builtins.exit", "builtins.quit", "sys.exit"):
        return value._replace(detail="exit")
    return _place(m, path, name, where, args) or value


def _place(m: Machine, path: str, name: str, where: str | None, args: Arguments) -> Value | None:
    """Calls that say where something is in the file system."""
    if path in ("os.chdir", "contextlib.chdir"):
        first = args.get(0, "path")
        go_to(m, where, first.const if first is not None and isinstance(first.const, str) else None)
    if path in ("glob.glob", "glob.iglob") and args.positional:
        return paths_like(m, args.positional[0])
    if path == "importlib.import_module" and args.positional and isinstance(args.positional[0].const, str):
        return Value("module", NOTHING, args.positional[0].const)
    if path in HERE_CALLS:
        return Value("path", const=".")
    if path == "builtins.str" and args.positional and args.positional[0].kind in ("path", "str"):
        return Value("str", const=args.positional[0].const)
    if path in SAME_PLACE and args.positional:
        return Value("path", const=args.positional[0].const)
    if path == "tempfile.mkstemp":
        return Value("tuple", m.heap.new(flat=True), items=(SCALAR, own_place(m, name)))
    if path.startswith("tempfile.mk"):
        return own_place(m, name)
    if path == "tempfile.NamedTemporaryFile":
        return m.fresh("file")._replace(const=own_place(m, name).const)
    return None


def call_attribute(m: Machine, base: Value, name: str, args: Arguments) -> Value:
    """Calls a method."""
    if base.kind == "super":
        return _call_super(m, base, name, args)
    if base.kind == "str":
        text = text_method(base, name, args)
        if text is not None:
            return text
    if base.kind == "path":
        value = path_method(m, base, name, args)
        if value is not None:
            return value
    if base.kind == "groupby":
        attribute_of(m, base, name)
    if base.kind in ("logger", "handlers"):
        note_logging(m, name, base, args)
    if base.kind in ("archive", "file"):
        opened_method(m, base, name, args)
    for item in base.own if name.startswith("cache_") else ():
        if item in m.heap.functions:
            note_cache(m, m.heap.functions[item], shows=True)
    if base.kind == "dict" and name == "get" and args.positional:
        text = m.heap.text(base.own, args.positional[0].const)
        if text is not None:
            return text
    own_method = _own_method(m, base, name, args)
    if own_method is not None:
        return own_method
    if base.kind == "plotter":
        note_figures(m, "", parse_spec("axes"), "")
        library.apply_spec(m, parse_spec("axes"), name, None, args)
        return m.fresh("axes")
    spec = method_spec(base.kind, name)
    if spec is None and not any(item in m.heap.instances for item in base.own):
        spec = any_method_spec(name)
    if spec is None or base.kind == "module":
        return library.unknown_call(m, base, args)
    if "external" in spec.words and base.kind in ("connection", "cursor", "session", "engine", "spark", "socket"):
        m.mutate(base.own, sure=False)
    note_figures(m, "", spec, base.kind)
    return library.apply_spec(m, spec, name, base, args)


def _own_method(m: Machine, base: Value, name: str, args: Arguments) -> Value | None:
    result: Value | None = None
    for item in sorted(base.own):
        made = m.heap.instances.get(item) or m.heap.classes.get(item)
        if made is None:
            continue
        method = find_method(m, made, name)
        if method is not None:
            bound = "classmethod" in method.decorators or item in m.heap.instances
            me = base if item in m.heap.instances else Value("class", frozenset((item,)))
            value = call_method(m, me, method, args) if bound else call_function(m, method, args)
        elif (item, name) in m.heap.fields:
            value = invoke(m, m.heap.fields[item, name], args)
        elif name in made.attributes:
            value = invoke(m, made.attributes[name], Arguments(args.positional, args.named, [*args.extra, base]))
            m.mutate(base.own)  # it may be bound to the object, such as a ``partialmethod``
        else:
            value = library.unknown_call(m, base, args)
        result = value if result is None else join(result, value)
    return result


def _super(m: Machine, args: Arguments) -> Value:
    """``super()``: the object that the running method was called on."""
    if len(args.positional) > 1:
        return Value("super", args.positional[1].own)
    if not m.stack:
        return Value(ANY)
    spec = m.stack[-1].node.args
    names = [item.arg for item in (*spec.posonlyargs, *spec.args)]
    return Value("super", m.lookup(names[0], m.line).own) if names else Value(ANY)


def _call_super(m: Machine, base: Value, name: str, args: Arguments) -> Value:
    owner = m.stack[-1].owner if m.stack else None
    for parent in owner.bases if owner is not None else ():
        for item in parent.own:
            above = m.heap.classes.get(item)
            method = find_method(m, above, name) if above is not None else None
            if method is not None:
                return call_method(m, Value("instance", base.own), method, args)
    m.mutate(base.own)
    m.heap.store(base.own, args.own)
    return Value(ANY, m.heap.parts(base.own))


def touch(m: Machine, value: Value) -> None:
    """Printing, comparing, adding ... runs the special methods of the notebook's own classes."""
    if value.own and any(item in m.heap.instances for item in value.own):
        call_back(m, value.own, NOTHING, methods="special")


__all__ = ["call", "call_attribute", "call_library", "invoke", "touch", "union"]
