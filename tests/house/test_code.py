"""Rules about code that no linter of ours holds: public names, docstrings, excepts."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator

import pytest

from tests.house.source import ROOT, Module, modules

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
PACKAGES = [module for module in modules("nb2pipe") if module.is_package]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_public_names(package: Module) -> None:
    """A package's ``__all__`` lists, sorted, all public names that the package offers, and each of them is there."""
    loaded = importlib.import_module(package.name)
    listed = list(getattr(loaded, "__all__", []))
    assert sorted(listed) == listed
    assert set() == _offered(package.tree) - set(listed), "offered but not in __all__"
    assert [] == [name for name in listed if not hasattr(loaded, name)], "in __all__ but not there"


def _offered(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nb2pipe"):
            names.update(alias.asname or alias.name for alias in node.names)
    return {name for name in names if not name.startswith("_") and name != "annotations"}


def test_public_functions_are_described() -> None:
    """Every module and every public class and function says in a docstring what it is for."""
    bare = [f"{module.path}:{line}" for module in modules("nb2pipe") for line in _undescribed(module)]
    assert [] == bare


def _undescribed(module: Module) -> Iterator[str]:
    if module.tree.body and ast.get_docstring(module.tree) is None:
        yield "1 the module itself"
    public = [node for node in module.tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    scopes: list[ast.Module | ast.ClassDef] = [module.tree, *public]
    for scope in scopes:
        for node in scope.body:
            if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_"):
                overrides = isinstance(scope, ast.ClassDef) and scope.bases
                if ast.get_docstring(node) is None and not overrides:
                    yield f"{node.lineno} {node.name}"


def test_tests_are_described() -> None:
    """Every test says in a sentence what it holds."""
    bare = [
        f"{module.path}:{node.lineno} {node.name}"
        for module in modules("tests")
        if module.path.name.startswith("test_")
        for node in ast.walk(module.tree)
        if isinstance(node, FUNCTIONS) and node.name.startswith("test_") and ast.get_docstring(node) is None
    ]
    assert [] == bare


def test_no_error_is_swallowed() -> None:
    """No broad ``except`` or ``suppress`` drops what it caught: it becomes a value, a message or an error of ours."""
    silent = [
        f"{module.path}:{line}"
        for module in modules("nb2pipe")
        for node in ast.walk(module.tree)
        for line in _silent(node)
    ]
    assert [] == silent


def _silent(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and all(map(_does_nothing, node.body)):
        yield f"{node.lineno} {ast.unparse(node).splitlines()[0]}"
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress") and any(map(_is_broad, node.args)):
        yield f"{node.lineno} {ast.unparse(node)}"


def test_exceptions_to_rules_have_reasons() -> None:
    """Each lint exception names its rule, and in nb2pipe says why the rule does not hold there."""
    mark = re.compile("# no" r"qa(?P<rule>: [A-Z]+[0-9]+)?(, ?[A-Z]+[0-9]+)*(?P<reason> .{8,})?")
    bare = [
        f"{module.path}:{number}"
        for top in ("nb2pipe", "tests")
        for module in modules(top)
        for number, line in enumerate((ROOT / module.path).read_text("utf-8").splitlines(), start=1)
        for found in mark.finditer(line)
        if not found["rule"] or (top == "nb2pipe" and not found["reason"])
    ]
    assert [] == bare


def _is_broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_is_broad(item) for item in caught.elts)
    return caught is None or ast.unparse(caught) in ("Exception", "BaseException")


def _does_nothing(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, (ast.Pass, ast.Continue))
