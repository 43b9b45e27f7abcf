"""The project's files and source as data: what the house tests ask about."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    """One Python file.

    Args:
        path: relative to the project's root.
        name: dotted module name; a package's ``__init__`` has the package's name.
        tree: its syntax tree.
    """

    path: Path
    name: str
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        """Whether it is a package's ``__init__``."""
        return self.path.name == "__init__.py"


@dataclass(frozen=True)
class Import:
    """One imported module: ``lazy`` inside a function, ``typing_only`` under ``if TYPE_CHECKING``."""

    target: str
    names: tuple[str, ...]
    line: int
    lazy: bool
    typing_only: bool


@cache
def project_files() -> tuple[Path, ...]:
    """Every file of the project that exists: tracked, or new and not ignored; without git (an sdist), all there are."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        names = [name for name in listed.stdout.split("\0") if name]
        return tuple(sorted(Path(name) for name in names if (ROOT / name).is_file()))
    hidden = {".venv", ".cache", "__pycache__"}
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return tuple(sorted(path for path in found if not hidden & set(path.parts)))


@cache
def modules(top: str) -> tuple[Module, ...]:
    """All Python modules below ``top`` (``nb2pipe`` or ``tests``), by name."""
    paths = [path for path in project_files() if path.suffix == ".py" and path.parts[0] == top]
    return tuple(Module(path, _module_name(path), ast.parse((ROOT / path).read_text("utf-8"))) for path in paths)


def _module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(module: Module) -> Iterator[Import]:
    """All imports of a module wherever they stand, ``importlib.import_module("...")`` with a literal included."""
    yield from _imports(module.tree, lazy=False, typing_only=False)


def _imports(node: ast.AST, *, lazy: bool, typing_only: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, (), child.lineno, lazy, typing_only)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"relative import in line {child.lineno}: imports are absolute"
            names = tuple(alias.name for alias in child.names)
            yield Import(child.module or "", names, child.lineno, lazy, typing_only)
        elif (target := _imported_by_call(child)) is not None:
            yield Import(target, (), child.lineno if isinstance(child, ast.expr) else 0, lazy, typing_only)
        in_function = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        typing_block = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
        yield from _imports(child, lazy=lazy or in_function, typing_only=typing_only or typing_block)


def _imported_by_call(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call) or not ast.unparse(node.func).endswith(("import_module", "__import__")):
        return None
    first = node.args[0] if node.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def own_targets(item: Import, known: frozenset[str]) -> tuple[str, ...]:
    """Modules of ours that an import names: ``from nb2pipe import model`` means ``nb2pipe.model``."""
    if item.target.split(".")[0] != "nb2pipe":
        return ()
    inner = tuple(f"{item.target}.{name}" for name in item.names if f"{item.target}.{name}" in known)
    rest = [name for name in item.names if f"{item.target}.{name}" not in known]
    return inner if inner and not rest else (item.target, *inner)
