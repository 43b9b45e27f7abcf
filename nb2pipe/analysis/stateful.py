"""Modules beside the notebook that change variables of their own when what the notebook names is called."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from nb2pipe.analysis.source import parse_source
from nb2pipe.analysis.tables.words import words
from nb2pipe.analysis.trees import tree_of

CHANGES = words(
    """append add extend insert pop popitem popleft remove discard clear appendleft extendleft update sort reverse
    rotate
    subtract"""
)
ASKS = words("get setdefault __contains__")
MOVING = words("default_rng Generator RandomState Random count cycle iter chain ContextVar")
IDENTIFIER = re.compile(r"[^\W\d]\w*")
MOST_FILES = 200
Def = ast.FunctionDef | ast.AsyncFunctionDef


class Spot(NamedTuple):
    """Where a module changes a variable of its own."""

    variable: str
    line: int


@dataclass
class _Module:
    """What one file binds at its top.

    Args:
        own: variables, functions and classes; ``moving`` those that go on by being used; ``made`` instances of
            classes of the file, with the class's name.
        functions: functions and methods, with the name of their class.
    """

    tree: ast.Module
    own: set[str] = field(default_factory=set)
    moving: set[str] = field(default_factory=set)
    made: dict[str, str] = field(default_factory=dict)
    functions: list[tuple[Def, str]] = field(default_factory=list)


def keeps_state(
    name: str,
    folder: str,
    said: frozenset[str],
    roots: Iterable[str] = (),
    touched: frozenset[str] | None = None,
    written: Mapping[str, str] = MappingProxyType({}),
) -> Spot | None:
    """Where a module beside the notebook changes a variable of its own when its functions are called.

    Args:
        name: top-level module name.
        folder: the notebook's folder.
        said: identifiers in the notebook: functions that neither it nor one so named names are not called.
        roots: further folders in which modules are looked for, seen from the notebook's folder.
        touched: variables of modules whose objects their functions were seen to change; None if that is not known.
        written: files that the notebook writes, seen from its folder, to their text.

    Returns:
        The variable and the line, or None. A cache (``d[key] = value`` in a function that asks for the key too, or a
        value made once) does not count.
    """
    folders = tuple(Path(folder, root) for root in ("", *roots))
    sources = {Path(folder, path): text for path, text in written.items()}
    modules = [_module(tree, folders) for tree in _trees(name, folders, sources)]
    called = _called(modules, said)
    for module in modules:
        for function, owner in module.functions:
            if id(function) in called:
                spot = next(_spots(module, function, owner, said if touched is None else said & touched), None)
                if spot is not None:
                    return spot
    return None


def _trees(name: str, folders: tuple[Path, ...], sources: Mapping[Path, str]) -> Iterator[ast.Module]:
    """The files of a module, and of those beside the notebook that it imports."""
    todo, seen = [name], set[str]()
    while todo:
        top = todo.pop()
        if top in seen or not top:
            continue
        seen.add(top)
        found = [[folder / f"{top}.py", *sorted((folder / top).rglob("*.py"))[:MOST_FILES]] for folder in folders]
        found.append([path for folder in folders for path in sources if (folder / top) in path.parents])
        for path in (each for paths in found for each in paths):
            tree = parse_source(sources[path])[0] if path in sources else tree_of(path)
            if tree is None:
                continue
            yield tree
            for node in ast.walk(tree):
                if isinstance(node, ast.Import):
                    todo.extend(alias.name.partition(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    todo.append(node.module.partition(".")[0])


def _module(tree: ast.Module, folders: tuple[Path, ...]) -> _Module:
    module = _Module(tree)
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            names = _stored(node)
            module.own |= names
            maker = _last(node.value.func) if isinstance(node.value, ast.Call) else ""
            if maker in MOVING:
                module.moving |= names
            module.made.update(dict.fromkeys(names, maker))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            module.own |= _imported(node, folders)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            module.own.add(node.name)
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        owner = node.name if isinstance(node, ast.ClassDef) else ""
        module.functions += [
            (each, owner) for each in inside if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]
    return module


def _imported(node: ast.Import | ast.ImportFrom, folders: tuple[Path, ...]) -> set[str]:
    """Names bound to what stands beside the notebook too."""
    if isinstance(node, ast.ImportFrom):
        is_near = bool(node.level) or _is_beside(node.module or "", folders)
        return {alias.asname or alias.name for alias in node.names} if is_near else set()
    near = [alias for alias in node.names if _is_beside(alias.name, folders)]
    return {alias.asname or alias.name.partition(".")[0] for alias in near}


def _is_beside(module: str, folders: tuple[Path, ...]) -> bool:
    top = module.partition(".")[0]
    return bool(top) and any((folder / f"{top}.py").is_file() or (folder / top).is_dir() for folder in folders)


def _called(modules: list[_Module], said: frozenset[str]) -> set[int]:
    """Ids of the functions that the notebook may call, by the names that stand in it and in those."""
    names, found = set(said), set[int]()
    todo = [each for module in modules for each in module.functions]
    while True:
        new = [(node, owner) for node, owner in todo if id(node) not in found and _is_named(node, owner, names)]
        if not new:
            return found
        for node, _ in new:
            found.add(id(node))
            names.update(IDENTIFIER.findall(ast.unparse(node)))


def _is_named(node: Def, owner: str, names: set[str]) -> bool:
    if owner and node.name.startswith("__"):
        return owner in names
    return node.name in names


def _spots(module: _Module, function: Def, owner: str, said: frozenset[str]) -> Iterator[Spot]:
    shared = {name for item in ast.walk(function) if isinstance(item, ast.Global) for name in item.names}
    local = _stored(function) | {item.arg for item in ast.walk(function) if isinstance(item, ast.arg)}
    own = (module.own - (local - shared)) | _lasting_defaults(function)
    own |= {"cls"} if owner else set()
    if (
        owner
        and any(made == owner and name in said for name, made in module.made.items())
        and function.name[:2] != "__"
    ):
        own |= {"self"}
    guarded = {id(item): names for item, names in _guards(function)}
    for item in ast.walk(function):
        variable = _changed(item, own, shared, module.moving - local)
        if variable is None:
            continue
        if isinstance(item, ast.Assign) and (
            variable in guarded.get(id(item), ()) or _is_cache(function, item, variable)
        ):
            continue
        yield Spot(owner if variable in ("cls", "self") else variable, getattr(item, "lineno", function.lineno))


def _changed(item: ast.AST, own: set[str], shared: set[str], moving: set[str]) -> str | None:
    """The variable of the module that a node changes."""
    if isinstance(item, (ast.Assign, ast.AugAssign, ast.Delete)):
        targets = [item.target] if isinstance(item, ast.AugAssign) else item.targets
        for target in targets:
            root = _root(target)
            if root in (shared if isinstance(target, ast.Name) else own):
                return root
    if isinstance(item, ast.Call):
        name = _last(item.func)
        if isinstance(item.func, ast.Attribute) and name in CHANGES and _root(item.func.value) in own:
            return _root(item.func.value)
        if name in ("next", "setattr", "delattr") and item.args and _root(item.args[0]) in own:
            return _root(item.args[0])
    if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load) and item.id in moving:
        return item.id
    return None


def _is_cache(function: Def, item: ast.Assign, variable: str) -> bool:
    """Whether ``d[key] = value`` keeps a value that is made of other things, in a function that asks for it too."""
    target = item.targets[0]
    if not isinstance(target, ast.Subscript) or variable in IDENTIFIER.findall(ast.unparse(item.value)):
        return False
    for node in ast.walk(function):
        if isinstance(node, ast.Compare) and variable in {_root(each) for each in node.comparators}:
            return True
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and _root(node) == variable:
            return True
        if isinstance(node, ast.Attribute) and node.attr in ASKS and _root(node.value) == variable:
            return True
    return False


def _guards(function: Def) -> Iterator[tuple[ast.AST, set[str]]]:
    """What runs only if a test of some names says so, which is how a value is made once."""
    for node in ast.walk(function):
        if isinstance(node, ast.If):
            names = set(IDENTIFIER.findall(ast.unparse(node.test)))
            for part in node.body:
                yield from ((item, names) for item in ast.walk(part))


def _lasting_defaults(function: Def) -> set[str]:
    """Parameters whose default is one object for all calls."""
    spec = function.args
    positional = [*spec.posonlyargs, *spec.args]
    pairs = [*zip(positional[len(positional) - len(spec.defaults) :], spec.defaults, strict=True)]
    pairs += [(arg, value) for arg, value in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if value is not None]
    return {arg.arg for arg, value in pairs if isinstance(value, (ast.List, ast.Dict, ast.Set, ast.Call))}


def _root(node: ast.AST) -> str:
    """The name that a chain of attributes, elements and calls begins with; ``cls`` for the class of ``self``."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        if isinstance(node, ast.Attribute) and node.attr == "__class__":
            return "cls"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return "cls" if node.func.id == "type" else ""
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _last(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _stored(node: ast.AST) -> set[str]:
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)}
