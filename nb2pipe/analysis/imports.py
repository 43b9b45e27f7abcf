"""Imports."""

from __future__ import annotations

import ast
import importlib.util
import sys
from functools import cache
from pathlib import Path

from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.values import NOTHING, Value


def import_modules(m: Machine, node: ast.Import) -> bool:
    """``import a.b as c``."""
    for alias in node.names:
        top = alias.name.partition(".")[0]
        m.effects.imports.setdefault(top, m.at(node))
        if alias.asname:
            m.bind(alias.asname, Value("module", NOTHING, alias.name), m.at(node), stable=True)
        else:
            m.bind(top, Value("module", NOTHING, top), m.at(node), stable=True)
    return False


def import_from(m: Machine, node: ast.ImportFrom) -> bool:
    """``from a import b as c``, star imports included."""
    module = node.module or ""
    if module == "__future__":
        m.lazy_annotations = m.lazy_annotations or any(alias.name == "annotations" for alias in node.names)
    if module and not node.level:
        m.effects.imports.setdefault(module.partition(".")[0], m.at(node))
    for alias in node.names:
        if alias.name == "*":
            _star(m, module, node)
            continue
        path = f"{module}.{alias.name}"
        kind = "module" if path in MODULES else "api"
        m.bind(alias.asname or alias.name, Value(kind, NOTHING, path), m.at(node), stable=True)
    return False


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


def _star(m: Machine, module: str, node: ast.ImportFrom) -> None:
    names = star_names(module, m.folder)
    if names is None:
        m.star()
        return
    for name in names:
        m.bind(name, Value("api", NOTHING, f"{module}.{name}"), m.at(node), stable=True)


@cache
def star_names(module: str, folder: str) -> tuple[str, ...] | None:
    """The names that ``from module import *`` binds, found without running anything of the user's; None if unknown."""
    if module in sys.builtin_module_names or _is_extension(module):
        loaded = importlib.import_module(module)
        public = getattr(loaded, "__all__", None) or [name for name in vars(loaded) if not name.startswith("_")]
        return tuple(public)
    source = _source_of(module, folder)
    if source is None:
        return None
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    return _names_in(tree)


def _is_extension(module: str) -> bool:
    if module not in sys.stdlib_module_names:
        return False
    spec = importlib.util.find_spec(module)
    return spec is not None and spec.origin is not None and not spec.origin.endswith(".py")


def _source_of(module: str, folder: str) -> str | None:
    local = Path(folder, *module.split(".")).with_suffix(".py")
    path: Path | None = local if local.is_file() else None
    if path is None and "." not in module and module:
        try:
            spec = importlib.util.find_spec(module)
        except (ImportError, ValueError):
            return None
        if spec is not None and spec.origin is not None and spec.origin.endswith(".py"):
            path = Path(spec.origin)
    if path is None or path.name == "__init__.py":
        return None
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _names_in(tree: ast.Module) -> tuple[str, ...] | None:
    names: dict[str, None] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            try:
                return tuple(ast.literal_eval(node.value))
            except ValueError:
                return None
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names[node.name] = None
        elif isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            return None
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update((alias.asname or alias.name.partition(".")[0], None) for alias in node.names)
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            names.update(
                (item.id, None)
                for item in ast.walk(node)
                if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
            )
        elif not isinstance(node, (ast.Expr, ast.Pass)):
            return None
    return tuple(name for name in names if not name.startswith("_"))
