"""Imports."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path

from nb2pipe.analysis.loading import load
from nb2pipe.analysis.local import LocalModule
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.trees import tree_of
from nb2pipe.analysis.values import NOTHING, Value


def import_modules(m: Machine, node: ast.Import) -> bool:
    """``import a.b as c``."""
    for alias in node.names:
        top = alias.name.partition(".")[0]
        _note(m, top, load(m, alias.name), node)
        if alias.asname:
            m.bind(alias.asname, Value("module", NOTHING, alias.name), m.at(node), stable=True)
        else:
            m.bind(top, Value("module", NOTHING, top), m.at(node), stable=True)
    return False


def import_from(m: Machine, node: ast.ImportFrom) -> bool:
    """``from a import b as c``, star imports included."""
    module = node.module or ""
    top = m.frame.top()
    if top.kind == "file":
        module = m.local[top.home].full_name(module, node.level)
    elif module == "__future__" and any(alias.name == "annotations" for alias in node.names):
        m.lazy_annotations = True
        m.effects.future = m.at(node)
        m.ambient("annotations", sees=False, sets=True)
    local = load(m, module)
    if module and not node.level:
        _note(m, module.partition(".")[0], local, node)
    for alias in node.names:
        if alias.name == "*":
            _star(m, module, local, node)
            continue
        value, stable = _member(m, module, local, alias.name)
        m.bind(alias.asname or alias.name, value, m.at(node), stable=stable)
    return False


def _note(m: Machine, top: str, local: LocalModule | None, node: ast.stmt) -> None:
    """Notes an import by the notebook itself; what its modules import is their business."""
    if not m.is_in_file():
        m.effects.imports.setdefault(top, m.at(node))
        m.effects.beside.update((top,) if local is not None else ())


def _member(m: Machine, module: str, local: LocalModule | None, name: str) -> tuple[Value, bool]:
    """What ``from module import name`` gives, and whether it is the same at each import."""
    path = f"{module}.{name}"
    if local is None:
        return Value("module" if path in MODULES else "api", NOTHING, path), True
    binding = local.frame.names.get(name)
    if binding is None and load(m, path) is not None:
        return Value("module", NOTHING, path), True
    if binding is None:
        return Value("api", NOTHING, path), True
    return binding.value, not local.origins.get(name)


MODULES = frozenset(
    {
        "matplotlib.pyplot",
        "os.path",
        "scipy.stats",
        "numpy.random",
        "torch.nn",
        "torch.optim",
        "torch.nn.functional",
        "sklearn.metrics",
        "sklearn.datasets",
        "plotly.express",
    }
)


def _star(m: Machine, module: str, local: LocalModule | None, node: ast.ImportFrom) -> None:
    names = star_names(module, m.folder)
    if names is None and local is not None:
        names = tuple((name, "") for name in local.frame.names if not name.startswith("_"))
    if names is None:
        m.star()
        return
    for name, path in names:
        if local is not None:
            value, stable = _member(m, module, local, name)
            m.bind(name, value, m.at(node), stable=stable)
            continue
        kind = "module" if path in MODULES or "." not in path else "api"
        m.bind(name, Value(kind, NOTHING, path), m.at(node), stable=True)


def star_names(module: str, folder: str) -> tuple[tuple[str, str], ...] | None:
    """What ``from module import *`` binds, found without running anything of the user's.

    Returns:
        Names, each with the dotted path of what it is; None if that cannot be known.
    """
    if module in sys.builtin_module_names or _is_extension(module):
        loaded = importlib.import_module(module)
        public = getattr(loaded, "__all__", None) or [name for name in vars(loaded) if not name.startswith("_")]
        return tuple((name, f"{module}.{name}") for name in public)
    path = _file_of(module, folder)
    tree = tree_of(path) if path is not None else None
    if tree is None:
        return None
    return _written_out(tree, module) or (_bound_in(tree, module) if path and path.name != "__init__.py" else None)


def _is_extension(module: str) -> bool:
    if module not in sys.stdlib_module_names:
        return False
    spec = importlib.util.find_spec(module)
    return spec is not None and spec.origin is not None and not spec.origin.endswith(".py")


def _file_of(module: str, folder: str) -> Path | None:
    top, *rest = module.split(".")
    if not top:
        return None
    roots = [Path(folder)]
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        spec = None
    if spec is not None and spec.origin is not None:
        origin = Path(spec.origin)
        roots.append(origin.parent.parent if origin.name == "__init__.py" else origin.parent)
    for root in roots:
        place = root.joinpath(top, *rest)
        for path in (place.with_name(place.name + ".py"), place / "__init__.py"):
            if path.is_file():
                return path
    return None


def _written_out(tree: ast.Module, module: str) -> tuple[tuple[str, str], ...] | None:
    """The names of a literal ``__all__``."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            try:
                return tuple((str(name), f"{module}.{name}") for name in ast.literal_eval(node.value))
            except ValueError:
                return None
    return None


def _bound_in(tree: ast.Module, module: str) -> tuple[tuple[str, str], ...] | None:
    """The public names that a module without ``__all__`` binds at its top; None if something hides them."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found[node.name] = f"{module}.{node.name}"
        elif isinstance(node, ast.ImportFrom) and (node.level or any(alias.name == "*" for alias in node.names)):
            return None
        elif isinstance(node, ast.ImportFrom):
            found.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
        elif isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                found[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            stored = (item for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store))
            found.update({item.id: f"{module}.{item.id}" for item in stored})
        elif not isinstance(node, (ast.Expr, ast.Pass)):
            return None
    return tuple((name, path) for name, path in found.items() if not name.startswith("_"))
