"""Parameters: which literals count, with what type, default and help."""

from __future__ import annotations

import math
from typing import Any

import pytest

from nb2pipe.model.pipeline import Parameter
from nb2pipe.notebook import notebook_diagnostics
from nb2pipe.notebook.parameters import read_parameters
from tests.notebook.building import code, codes, notebook


def only(source: str) -> Parameter:
    """The one parameter of a cell."""
    parameters, _ = read_parameters(notebook(code(source, "parameters")))
    assert 1 == len(parameters)
    return parameters[0]


GOOD: list[tuple[str, str, Any, bool]] = [
    # source of the cell, type, default, nullable
    ("n = 3", "int", 3, True),
    ("n = -3", "int", -3, True),
    ("n = 0x10", "int", 16, True),
    ("n = 1_000", "int", 1000, True),
    ("n = 60 * 60", "int", 3600, True),
    ("n = 2 ** 10", "int", 1024, True),
    ("n = 1 / 4", "float", 0.25, True),
    ("n = 1e-3", "float", 0.001, True),
    ("n = float('inf')", "float", math.inf, True),
    ("n = float('-inf')", "float", -math.inf, True),
    ("n = 'it\\'s'", "str", "it's", True),
    ('n = "a" "b"', "str", "ab", True),
    ("n = '''two\nlines'''", "str", "two\nlines", True),
    ("n = True", "bool", True, True),
    ("n = None", "none", None, True),
    ("n = [1, 'a', [None]]", "list", [1, "a", [None]], True),
    ("n = {'a': {'b': -1.5}}", "dict", {"a": {"b": -1.5}}, True),
    ("n: int = 3", "int", 3, False),
    ("n: float = 3", "float", 3, False),
    ("n: 'int' = 3", "int", 3, False),
    ("n: int | None = 3", "int", 3, True),
    ("n: int | None = None", "int", None, True),
    ("n: Optional[str] = None", "str", None, True),
    ("n: typing.Optional[str] = None", "str", None, True),
    ("n: 'Optional[int]' = None", "int", None, True),
    ("n: Union[int, float] = 1", "float", 1, False),
    ("n: int | str = 1", "any", 1, False),
    ("n: Any = 1", "any", 1, False),
    ("n: list[int] = [1]", "list", [1], False),
    ("n: Dict[str, int] = {}", "dict", {}, False),
    ("n: Literal['a', 'b'] = 'a'", "str", "a", False),
    ("n: Path = 'a'", "str", "a", False),
    ("n: Annotated[int, 'rows'] = 1", "int", 1, False),
    ("n = 3  # type: float", "float", 3, False),
    ("n = 1\nn = 2", "int", 2, True),
    ("def f():\n    n = 5\nn = 1", "int", 1, True),
    ("n = 1\nm = n", "int", 1, True),
    ("n = [1]\nprint(n, len(n))", "list", [1], True),
    ("n = 1\ndef f():\n    return n", "int", 1, True),
    ("%matplotlib inline\nn = 1", "int", 1, True),
    ("!ls\nn = 1", "int", 1, True),
    ("%%time\nn = 1", "int", 1, True),
    ("f = !ls\nn = 1", "int", 1, True),
]


@pytest.mark.parametrize(("source", "kind", "default", "nullable"), GOOD, ids=[row[0] for row in GOOD])
def test_literals_are_parameters(source: str, kind: str, default: Any, nullable: bool) -> None:
    """A literal is a parameter, with the type of its annotation or else of its value."""
    parameters = [item for item in read_parameters(notebook(code(source, "parameters")))[0] if item.name == "n"]
    assert [(kind, default, nullable)] == [(item.type, item.default, item.nullable) for item in parameters]
    assert type(default) is type(parameters[0].default)


def test_nan_is_a_literal() -> None:
    """Papermill writes NaN as a call of ``float``; it is read as the number."""
    assert math.isnan(only("n = float('nan')").default)


NOT_PARAMETERS = [
    "n = compute()",
    "n = m",
    "n = f'{m}'",
    "n = [m]",
    "n = (1, 2)",
    "n = {1, 2}",
    "n = b'x'",
    "n = 1j",
    "n = ...",
    "n = {1: 'a'}",
    "n = {**m}",
    "n = 2 ** 100000",
    "n = ((9 ** 999) ** 999) ** 999",
    "n = 1 / 0",
    "n = 'a' * 3",
    "n = float('1')",
    "n = 1\nn += 1",
    "n = 1\nn = n + 1",
    "n = 1\ndel n",
    "n = 1\nfor n in []:\n    pass",
    "n = 1\nif m:\n    n = 2",
    "n = 1\nwith open('x') as n:\n    pass",
    "n = 1\nimport n",
    "n = 1\nfrom m import x as n",
    "n = 1\ndef n(): pass",
    "n = 1\nclass n: pass",
    "n = 1\nprint(n := 2)",
    "n = 1\ndef f():\n    global n\n    n = 2",
    "n = 1\ntry:\n    pass\nexcept OSError as n:\n    pass",
    "n = []\nn.append(1)",
    "n = {}\nn['a'] = 1",
    "n = []\nalias = n",
    "n = other = []",
    "n = []\ndef f():\n    n.append(1)",
    "n, m = compute()",
    "n = !ls",
    "n: int",
]


@pytest.mark.parametrize("source", NOT_PARAMETERS)
def test_what_is_computed_or_changed_stays_to_the_cell(source: str) -> None:
    """A value that is computed, changed, shared or not JSON is no parameter."""
    assert [] == [item.name for item in read_parameters(notebook(code(source, "parameters")))[0] if item.name == "n"]


def test_what_is_no_parameter_is_said() -> None:
    """Such a name is noted with its line, which refuses nothing."""
    found = read_parameters(notebook(code("a = 1\nn = compute()", "parameters")))[1]
    assert [("N2P141", "info", 0, 2)] == [(item.code, item.severity, item.cell_index, item.line) for item in found]


def test_comments_are_help_and_lines_are_counted() -> None:
    """The comment behind a parameter is its help; lines count from 1, magics included."""
    source = (
        "%matplotlib inline\nn: int = 3  # how many\n# not this\nrate = 0.5 # type: float  learning rate\nx = '# no'"
    )
    parameters = read_parameters(notebook(code(), code(source, "parameters")))[0]
    expected = [("n", "how many", 2, 1), ("rate", "learning rate", 4, 1), ("x", "", 5, 1)]
    assert expected == [(item.name, item.help, item.line, item.cell_index) for item in parameters]


def test_several_targets() -> None:
    """Unpacked and chained literals are parameters, as far as sharing makes no difference."""
    parameters = read_parameters(notebook(code("a, b = 1, [2]\nc = d = 3\n[e] = ['f']", "parameters")))[0]
    assert {"a": 1, "b": [2], "c": 3, "d": 3, "e": "f"} == {item.name: item.default for item in parameters}


def test_all_parameters_cells_count() -> None:
    """Kale allows several parameters cells; a name in two of them is an error that names both."""
    read = notebook(code("a = 1", "pipeline-parameters"), code("b = 2\na = 3", "parameters"))
    parameters, found = read_parameters(read)
    assert ["a", "b"] == [item.name for item in parameters]
    assert [("N2P140", "error", 1, 2)] == [(item.code, item.severity, item.cell_index, item.line) for item in found]
    assert "cell 1" in found[0].message


def test_injected_values_are_the_defaults() -> None:
    """In a notebook that papermill wrote, the injected cell comes last in Run All, so its values count."""
    read = notebook(code("a = 1\nb = 2", "parameters"), code("# Parameters\na = 5\n", "injected-parameters"))
    parameters, found = read_parameters(read)
    assert {"a": 5, "b": 2} == {item.name: item.default for item in parameters}
    assert [("N2P144", "info")] == [(item.code, item.severity) for item in found]


def test_injected_values_behind_other_code_are_refused() -> None:
    """Code between the two cells saw the first value and later code the second, so neither is the parameter's."""
    read = notebook(code("a = 1", "parameters"), code("print(a)"), code("a = 5", "injected-parameters"))
    assert ["N2P144", "N2P140"] == codes(read_parameters(read)[1])


def test_a_default_against_its_annotation_is_warned_of() -> None:
    """``n: int = "3"`` runs, so it is a warning."""
    assert [("N2P142", "warning")] == [
        (item.code, item.severity) for item in notebook_diagnostics(notebook(code("n: int = '3'", "parameters")))
    ]


def test_a_name_bound_twice_is_warned_of() -> None:
    """The last value counts, as in Run All, but the first line has no use."""
    assert ["N2P140"] == codes(read_parameters(notebook(code("n = 1\nn = 2", "parameters")))[1])


@pytest.mark.parametrize("source", ["n = = 1", "%%bash\nn=1", "n = 1\x00"])
def test_a_cell_that_is_no_python_is_warned_of(source: str) -> None:
    """No parameters are found in a cell that cannot be parsed, and that is said."""
    parameters, found = read_parameters(notebook(code(source, "parameters")))
    assert ((), ["N2P143"]) == (parameters, codes(found))


def test_other_languages_have_no_parameters() -> None:
    """A parameters cell in R is not read as Python."""
    kernel = {"kernelspec": {"name": "ir", "language": "R"}}
    assert ((), ()) == read_parameters(notebook(code("n <- 1", "parameters"), metadata=kernel))


def test_no_parameters_cell() -> None:
    """Without a tagged cell there are no parameters."""
    assert ((), ()) == read_parameters(notebook(code("n = 1")))
