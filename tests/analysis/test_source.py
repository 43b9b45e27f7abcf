"""Cells as syntax trees: IPython's syntax, and lines as the reader sees them."""

from __future__ import annotations

import ast

import pytest

from nb2pipe.analysis.source import parse_source


def lines_of(source: str, name: str) -> list[int]:
    """Lines of all calls of a function in a parsed cell."""
    tree, _ = parse_source(source)
    assert tree is not None
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [node.lineno for node in calls if isinstance(node.func, ast.Name) and node.func.id == name]


@pytest.mark.parametrize(
    ("line", "source"),
    [
        (1, "f()"),
        (2, "%matplotlib inline\nf()"),
        (3, "!echo a\n\nf()"),
        (3, "!echo a \\\n  b\nf()"),
        (4, "\n\n%time x = 1\nf()"),
        (3, "files = !ls\nlen?\nf()"),
        (2, "if True:\n    f()\n    %time g()"),
        (4, "s = '''\n%time\n'''\nf()"),
        (5, "x = 1\n%load_ext a\n\n# note\nf()"),
    ],
)
def test_lines_are_those_of_the_cell(line: int, source: str) -> None:
    """A line in the tree is the line of the cell as written, magics and shell lines or not."""
    assert [line] == lines_of(source, "f")


@pytest.mark.parametrize(
    ("method", "source"),
    [
        ("run_line_magic", "%time x = 1"),
        ("run_line_magic", "x = %pwd"),
        ("run_line_magic", "print?"),
        ("system", "!ls"),
        ("getoutput", "!!ls"),
        ("getoutput", "files = !ls {x}"),
        ("getoutput", "a, b = !ls"),
        ("run_cell_magic", "%%bash\nls | wc"),
        ("run_cell_magic", "\n%%time\nx = 1"),
    ],
)
def test_ipython_syntax_becomes_calls(method: str, source: str) -> None:
    """Magics, shell lines and help stand in the tree as calls of ``get_ipython()``."""
    tree, _ = parse_source(source)
    assert tree is not None
    assert f"attr='{method}'" in ast.dump(tree)


@pytest.mark.parametrize(("line", "source"), [(1, "print('x'"), (2, "x = 1\ny = = 2"), (3, "%time a\nb\nc d e f")])
def test_a_syntax_error_has_its_line(line: int, source: str) -> None:
    """Text that is neither Python nor IPython gives no tree, and the line where it goes wrong."""
    tree, problem = parse_source(source)
    assert tree is None
    assert problem is not None
    assert line == problem.line


def test_await_at_the_top_is_fine() -> None:
    """A cell may await at its top level, as in IPython."""
    tree, problem = parse_source("x = await f()\nasync with g() as h:\n    pass")
    assert (True, None) == (tree is not None, problem)
