"""Attributes and elements: reading and storing them."""

from __future__ import annotations

from nb2pipe.analysis.arguments import Arguments
from nb2pipe.analysis.functions import call_back, call_foreign, call_method, find_method, find_methods
from nb2pipe.analysis.local import WHOLE, is_of_one_package
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.names import Binding
from nb2pipe.analysis.tables.frames import FRAME_PARTS
from nb2pipe.analysis.tables.lookup import method_spec
from nb2pipe.analysis.tables.plotting import STATE
from nb2pipe.analysis.values import ANY, NOTHING, SCALAR, TEXT, UNKNOWN, Class, Value, join

TABULAR = frozenset({"frame", "series", "array", "index", "indexer", "strings", "groupby", "frameplot"})
WHOLE_KINDS = frozenset({"axes", "ipython", "graph"})  # what they are made of is not told apart
LOGGING = frozenset({"logger", "handler", "handlers"})
COLORMAPS = frozenset({"matplotlib.cm", "matplotlib.pyplot.cm"})  # their members are objects that ready themselves
CONTAINERS = frozenset({"list", "dict", "set", "tuple", "iterator", "rng", "file", "buffer", "view"})
FRAME_ATTRIBUTES = {name: kind for kind, names in FRAME_PARTS.items() for name in names.split()}
ARRAY_SCALARS = frozenset({"shape", "size", "ndim", "dtype", "nbytes", "itemsize", "name"})


def attribute_of(m: Machine, base: Value, name: str) -> Value:
    """Reads an attribute."""
    if base.kind in ("module", "api"):
        return _member(m, base, name)
    if base.kind in ("frame", "series") and name in FRAME_ATTRIBUTES:
        kind = FRAME_ATTRIBUTES[name]
        return SCALAR if kind == "scalar" else Value(kind, base.own)
    if base.kind == "frame":
        return Value("series", base.own)
    if base.kind == "groupby":
        m.mutate(base.own, sure=False)  # it keeps what it has found out
    if base.kind in TABULAR:
        return SCALAR if name in ARRAY_SCALARS else Value(base.kind, base.own)
    if base.kind in WHOLE_KINDS:
        return base
    if base.kind == "logger" and name in ("handlers", "filters"):
        return Value("handlers", base.own)
    if base.detail == "SimpleNamespace":
        text = m.heap.text(base.own, name)
        return text if text is not None else m.part(base)
    if base.kind == "file" and name == "name" and base.const is not None:
        return Value("path", const=base.const)
    if base.kind in ("scalar", "str", "path"):
        return Value("path", const=_path_member(base, name)) if base.kind == "path" else SCALAR
    own = _own_attribute(m, base, name)
    if own is not None:
        return own
    if base.kind in CONTAINERS:
        bound = m.heap.new()
        m.heap.store(bound, base.own)
        spec = method_spec(base.kind, name)
        if spec is not None and "mutates" in spec.words:
            m.heap.changers.update(bound)
        return Value("method", bound, name)
    return m.part(base, UNKNOWN if base.kind == UNKNOWN else ANY)


def _member(m: Machine, base: Value, name: str) -> Value:
    path = f"{base.detail}.{name}"
    local = m.local.get(base.detail) if base.kind == "module" else None
    if local is not None and name in local.frame.names:
        return m.member(local.frame, name)
    if path in m.local:
        return Value("module", NOTHING, path)
    if local is not None:
        m.use_place(local.name, WHOLE if name == "__dict__" else name)
    if path in STATE:
        m.ambient(STATE[path], sees=True, sets=False)
    if base.detail in COLORMAPS and name not in ("get_cmap", "register_cmap", "ScalarMappable"):
        return Value(ANY, m.heap.new())
    return Value("api", base.own, path)


def _path_member(base: Value, name: str) -> str | None:
    if not isinstance(base.const, str):
        return None
    head, _, tail = base.const.rpartition("/")
    if name == "parent":
        return head or "."
    if name == "name":
        return tail
    return None


def _own_attribute(m: Machine, base: Value, name: str) -> Value | None:
    result: Value | None = None
    for item in sorted(base.own):
        made = m.heap.instances.get(item) or m.heap.classes.get(item)
        if made is None:
            continue
        value = m.heap.fields.get((item, name))
        if value is None:
            value = _class_attribute(m, base, item, name)
        if value is not None:
            result = value if result is None else join(result, value)
    return result


def _class_attribute(m: Machine, base: Value, item: int, name: str) -> Value | None:
    made = m.heap.instances.get(item) or m.heap.classes[item]
    method = find_method(m, made, name)
    for found in find_methods(m, made, name):
        if set(found.decorators) & {"property", "cached_property"} and item in m.heap.instances:
            return call_method(m, base, found, Arguments())
    if method is not None:
        bound = m.heap.new(flat=True)
        m.heap.store(bound, base.own | made.attributes.get(name, SCALAR).own)
        is_instance = item in m.heap.instances or "classmethod" in method.decorators
        if is_instance and "staticmethod" not in method.decorators:
            m.heap.bound.update(dict.fromkeys(bound, (base, method)))
        return Value("method", bound)
    getter = find_method(m, made, "__getattr__") or find_method(m, made, "__getattribute__")
    if getter is not None and item in m.heap.instances and getter not in m.stack:
        return call_method(m, base, getter, Arguments([TEXT]))
    kept = made.attributes.get(name)
    got = _descriptor(m, kept, "__get__", base, SCALAR)
    return join(kept, got) if kept is not None and got is not None else kept


def store_attribute(m: Machine, base: Value, name: str, value: Value) -> None:
    """Sets an attribute."""
    if base.kind in ("module", "api"):
        _store_member(m, base, name, value)
        return
    if base.kind == "ipython":
        m.ambient("ipython", sees=True, sets=True)
        return
    m.mutate(base.own | m.heap.data if base.kind == "index" else base.own)  # frames share an index
    if base.kind in TABULAR:
        return
    if base.kind in LOGGING:
        m.ambient("logging", sees=True, sets=True)
    m.heap.store(base.own, value.own)
    if name == "__dict__":  # attributes set from now on go into it
        m.heap.opaque.update(base.own)
    for item in base.own:
        if item in m.heap.instances or item in m.heap.classes:
            before = m.heap.fields.get((item, name))
            m.heap.fields[item, name] = value if before is None or m.certain else join(before, value)
            made = m.heap.instances.get(item)
            if made is not None:
                _call_setters(m, base, made, name, value)
            else:
                kept = m.heap.classes[item].attributes
                kept[name] = value if m.certain or name not in kept else join(kept[name], value)


def _call_setters(m: Machine, base: Value, made: Class, name: str, value: Value) -> None:
    general = find_method(m, made, "__setattr__")
    if general is not None and general not in m.stack:
        call_method(m, base, general, Arguments([TEXT, value]))
    for method in find_methods(m, made, name):
        if "setter" in method.decorators and method not in m.stack:
            call_method(m, base, method, Arguments([value]))
    _descriptor(m, made.attributes.get(name), "__set__", base, value)


def _descriptor(m: Machine, found: Value | None, name: str, *args: Value) -> Value | None:
    """What a descriptor of the notebook, kept in a class, makes of an access; None where there is none."""
    for item in found.own if found is not None else ():
        made = m.heap.instances.get(item)
        method = find_method(m, made, name) if made is not None else None
        if found is not None and method is not None and method not in m.stack:
            return call_method(m, found, method, Arguments(list(args)))
    return None


def _store_member(m: Machine, base: Value, name: str, value: Value) -> None:
    local = m.local.get(base.detail) if base.kind == "module" else None
    if local is not None:
        m.names.put(local.frame, name, Binding(value, NOTHING))
    path = f"{base.detail}.{name}"
    for prefix, key in STATE.items():
        if path == prefix or path.startswith(prefix + "."):
            m.ambient(key, sees=True, sets=True)
            return
    if path.startswith("IPython."):
        m.ambient("ipython", sees=True, sets=True)
        return
    m.impure += 1
    if not m.importing or not is_of_one_package(m.importing[-1].name, base.detail):
        m.effects.module_stores.setdefault(base.detail, (name, m.line))


def element_of(m: Machine, base: Value, index: Value, *, fresh: bool) -> Value:
    """Reads an element; ``fresh`` when the index makes a copy (masks, lists of columns)."""
    if base.kind == "frame":
        if fresh:
            return m.fresh("frame")
        kind = "series" if isinstance(index.const, str) else "frame" if index.detail == "slice" else ANY
        return Value(kind, base.own)
    if base.kind in ("series", "index", "array", "indexer", "strings"):
        kind = {"indexer": ANY, "strings": "series"}.get(base.kind, base.kind)
        if base.kind == "indexer" and fresh:
            return m.fresh("frame")
        return m.fresh(kind) if fresh else Value(kind, m.heap.parts(base.own))
    if base.kind == "groupby":
        return attribute_of(m, base, "")
    if base.kind == "str":
        return TEXT
    if base.kind in WHOLE_KINDS:
        return base
    if base.kind in ("module", "api"):
        return Value(ANY, m.heap.new()) if base.kind == "module" else Value("api", base.own, base.detail)
    text = m.heap.text(base.own, index.const) if base.kind == "dict" else None
    if text is not None:
        return text
    if base.detail == "defaultdict":
        m.mutate(base.own, sure=False)
    if index.detail == "slice" and base.kind in ("list", "tuple", ANY, UNKNOWN):
        return _slice_of(m, base)
    if base.items is not None and isinstance(index.const, int) and -len(base.items) <= index.const < len(base.items):
        return base.items[index.const]
    touched = _item_method(m, base, "__getitem__", index)
    if touched is None:
        call_foreign(m, base)
    return touched if touched is not None else m.part(base)


def _slice_of(m: Machine, base: Value) -> Value:
    made = m.heap.new(flat=True)
    m.heap.store(made, m.inside(base))
    return Value(base.kind, made if base.kind in ("list", "tuple") else made | base.own)


def _item_method(m: Machine, base: Value, name: str, *args: Value) -> Value | None:
    for item in base.own:
        made = m.heap.instances.get(item)
        method = find_method(m, made, name) if made is not None else None
        if method is not None:
            return call_method(m, base, method, Arguments(list(args)))
    return None


def store_element(m: Machine, base: Value, index: Value, value: Value) -> None:
    """Sets an element."""
    if base.kind in ("module", "api"):
        path = base.detail
        if path in STATE:
            m.ambient(STATE[path], sees=True, sets=True)
        elif path:
            module, _, name = path.rpartition(".")
            m.effects.module_stores.setdefault(module, (name, m.line))
        return
    if base.kind in LOGGING:
        m.ambient("logging", sees=True, sets=True)
    texts = m.heap.texts_of(base.own) if isinstance(index.const, str) else {}
    m.mutate(base.own)
    m.heap.texts.update({place: text for place, text in texts.items() if place[1] != index.const})
    if isinstance(index.const, str) and isinstance(value.const, str) and m.certain and base.kind == "dict":
        m.heap.texts.update({(item, index.const): value for item in base.own if len(base.own) == 1})
    if value.kind not in TABULAR:  # of tables and arrays the numbers are copied, of all else the object is kept
        m.heap.store(base.own, value.own)
    if base.kind not in TABULAR:
        _item_method(m, base, "__setitem__", index, value)


def iterate(m: Machine, value: Value) -> Value:
    """The element that a loop over a value sees; iterators are used up by it."""
    kind = value.kind
    m.use_whole(value)
    if kind in ("iterator", "file", "buffer", "groupby", UNKNOWN):
        m.mutate(value.own)
        call_back(m, value.own, m.heap.parts(value.own), methods="none")
    if kind == "iterator" and value.detail == "zip" and value.items is not None:
        return Value("tuple", value.own, items=tuple(iterate(m, item) for item in value.items))
    if kind == "iterator" and value.detail == "enumerate" and value.items:
        return Value("tuple", value.own, items=(SCALAR, iterate(m, value.items[0])))
    if kind == "view":
        return _view_element(m, value)
    if kind in ("series", "frame") and any(m.heap.holds.get(item) for item in value.own):
        return Value(ANY, m.heap.parts(value.own))  # objects that stand in it
    if kind in ("scalar", "dict", "series", "index", "str", "frame", "file", "buffer"):
        return TEXT if kind in ("str", "frame", "file", "buffer") else SCALAR
    if kind == "groupby":
        return Value("tuple", value.own, items=(SCALAR, m.fresh("frame")))
    if kind == "list" and value.detail == "paths":
        return Value("path", const=value.const or "*")
    if value.items:
        result = value.items[0]
        for item in value.items[1:]:
            result = join(result, item)
        return result
    special = _item_method(m, value, "__iter__")
    if special is not None:
        return m.part(value)
    return Value("array" if kind == "array" else "axes" if kind == "axes" else ANY, m.inside(value))


def _view_element(m: Machine, value: Value) -> Value:
    owner, _, name = value.detail.partition(".")
    part = Value("series", m.heap.new()) if owner == "frame" else m.part(value._replace(kind=ANY))
    if name == "keys":
        return SCALAR
    if name in ("values", "itertuples"):
        return part
    return Value("tuple", value.own, items=(SCALAR, part))
