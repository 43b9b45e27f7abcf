"""Files and functions stay small enough to read in one go."""

from __future__ import annotations

import ast

from tests.house.source import ROOT, modules

FILE_LINES = 300
FUNCTION_LINES = 50


def test_files_are_short() -> None:
    """No Python file has more than 300 lines."""
    long = {
        str(module.path): lines
        for top in ("nb2pipe", "tests")
        for module in modules(top)
        if (lines := len((ROOT / module.path).read_text("utf-8").splitlines())) > FILE_LINES
    }
    assert {} == long


def test_functions_are_short() -> None:
    """No function has more than 50 lines, decorators and docstring included."""
    long = {
        f"{module.path}:{node.lineno} {node.name}": lines
        for top in ("nb2pipe", "tests")
        for module in modules(top)
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and (lines := _lines(node)) > FUNCTION_LINES
    }
    assert {} == long


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return (node.end_lineno or first) - first + 1
