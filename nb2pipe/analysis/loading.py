"""Modules beside the notebook: their files are found and followed, as the import would run them."""

from __future__ import annotations

import ast
import posixpath
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nb2pipe.analysis.local import IMPORT, WHOLE, LocalModule, Origin
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.modules import is_installed
from nb2pipe.analysis.names import BOUND, Binding, Frame
from nb2pipe.analysis.trees import tree_of
from nb2pipe.analysis.values import NOTHING, Value

MOST_MODULES = 200
ITSELF = "nb2pipe"
SIMPLE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def load(m: Machine, name: str) -> LocalModule | None:
    """The module of a dotted name, its file followed if it was not yet; None if none stands beside the notebook."""
    known = m.local.get(name)
    if known is not None:
        if known.speaks and known not in m.importing:
            m.ambient(IMPORT + name, sees=True, sets=False)
        return known
    parent, _, last = name.rpartition(".")
    if not last or (parent and load(m, parent) is None) or len(m.local) >= MOST_MODULES:
        return None
    found = _find(m, name)
    if found is None:
        return None
    tree, is_package, path = found
    module = m.local[name] = LocalModule(name, Frame("file", home=name), is_package)
    for variable, text in (("__name__", name), ("__file__", path)):
        module.frame.names[variable] = Binding(Value("str", const=text), NOTHING, BOUND)
    with _importing(m, module):
        for node in tree.body:
            if _follow(m, module, node):
                break
    _settle(m, module)
    if module.speaks:
        m.ambient(IMPORT + name, sees=True, sets=True)
    if parent:
        child = Binding(Value("module", NOTHING, name), NOTHING, BOUND)
        m.names.put(m.local[parent].frame, last, child)
    return module


def _find(m: Machine, name: str) -> tuple[ast.Module, bool, str] | None:
    """The tree of a module's file, whether it is a package, and the file as seen from the notebook's folder."""
    top, *_ = parts = name.split(".")
    if top in sys.stdlib_module_names or top == ITSELF:
        return None
    for root in m.roots:
        place = posixpath.join(root, *parts)
        for path, is_package in ((f"{place}/__init__.py", True), (f"{place}.py", False)):
            if path in m.written:
                return (_written(m.texts[path]), is_package, path) if path in m.texts else None
            tree = tree_of(Path(m.folder, path))
            if tree is not None:
                return tree, is_package, path
        if Path(m.folder, place).is_dir() and not is_installed(top):
            return ast.Module([], []), True, place
    return None


def _written(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (ValueError, SyntaxError):
        return ast.Module([], [])


@contextmanager
def _importing(m: Machine, module: LocalModule) -> Iterator[None]:
    """A module's body runs in a scope of its own, and what it binds stays, whatever branch the import stands in."""
    before = (m.frame, m.loops, m.names.journals, m.lazy_annotations)
    m.frame, m.loops, m.names.journals = module.frame, 0, []
    m.depth += 1
    m.importing.append(module)
    try:
        with m.guard():
            yield
    finally:
        m.importing.pop()
        m.depth -= 1
        m.frame, m.loops, m.names.journals, m.lazy_annotations = before


def _follow(m: Machine, module: LocalModule, node: ast.stmt) -> bool:
    """Runs a statement of a module's body, and notes which variables it makes of what may differ next time."""
    module.inputs = Origin(node.lineno)
    over = m.run([node])
    origin = module.inputs
    if not isinstance(node, SIMPLE):
        for item in ast.walk(node):
            if isinstance(item, ast.Name) and item.id in module.origins:
                origin = origin.joined(module.origins[item.id])
    if origin:
        module.origins.update(dict.fromkeys(_made_by(node), origin._replace(writes=frozenset())))
    if module.inputs.writes and not module.origins.get(WHOLE):
        module.origins[WHOLE] = Origin(node.lineno, writes=module.inputs.writes)
    if isinstance(node, ast.ImportFrom):
        _take_origins(m, module, node)
    return over


def _made_by(node: ast.stmt) -> set[str]:
    """Names that a statement binds, and those whose objects it changes by methods, attributes or elements."""
    if isinstance(node, SIMPLE):
        return {node.name}
    found = set()
    for item in ast.walk(node):
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store):
            found.add(item.id)
        elif isinstance(item, (ast.Attribute, ast.Subscript)) and isinstance(item.ctx, ast.Store):
            found.add(_root(item))
        elif isinstance(item, ast.Expr) and isinstance(item.value, ast.Call):
            found.add(_root(item.value.func))
    return found - {""}


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _take_origins(m: Machine, module: LocalModule, node: ast.ImportFrom) -> None:
    source = m.local.get(module.full_name(node.module or "", node.level))
    for alias in node.names if source is not None else ():
        if source is not None and alias.name in source.origins:
            module.origins[alias.asname or alias.name] = source.origins[alias.name]


def _settle(m: Machine, module: LocalModule) -> None:
    """Notes which objects the module holds, once its body has run."""
    for variable, binding in module.frame.names.items():
        for item in m.heap.reach(binding.value.own):
            home = m.heap.homes.setdefault(item, (module.name, variable))
            made = m.heap.classes.get(item)
            if made is not None:
                m.heap.class_homes.setdefault(made, home)
    m.effects.origins.update({(module.name, variable): origin for variable, origin in module.origins.items()})
