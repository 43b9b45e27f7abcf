"""Values given for parameters: texts as papermill reads them, types, and what is refused."""

from __future__ import annotations

import datetime
import math
from typing import Any

import pytest
import yaml

from nb2pipe.errors import SettingsError
from nb2pipe.notebook.parameters import read_parameters, resolve_parameters
from tests.notebook.building import code, codes, notebook

RAW: list[tuple[str, str, Any]] = [
    # source, text on the command line, value
    ("n = 1", "5", 5),
    ("n = 1", "-5", -5),
    ("n = 1", "None", None),
    ("n = 0.5", "2", 2.0),
    ("n = 0.5", "1e-3", 0.001),
    ("n = 0.5", "inf", math.inf),
    ("n: float = 1", "2", 2.0),
    ("n: float = 1", "1" + "0" * 400, math.inf),
    ("n = 'a'", "5", "5"),
    ("n = 'a'", "True", "True"),
    ("n = 'a'", "None", None),
    ("n: str = 'a'", "None", "None"),
    ("n = 'a'", "", ""),
    ("n = 'a'", 'it\'s "x"\n', 'it\'s "x"\n'),
    ("n = True", "False", False),
    ("n = True", "true", True),
    ("n = [1]", '[2, "a"]', [2, "a"]),
    ("n = [1]", "['a']", ["a"]),
    ("n = [1]", "1,2", [1, 2]),
    ("n = {}", '{"a": null}', {"a": None}),
    ("n = None", "5", 5),
    ("n = None", "5.5", 5.5),
    ("n = None", "True", True),
    ("n = None", "text", "text"),
    ("n = None", "None", None),
    ("n: int | None = None", "5", 5),
    ("n: Any = 1", "x", "x"),
]


@pytest.mark.parametrize(("source", "text", "expected"), RAW)
def test_texts_are_read_by_declared_type(source: str, text: str, expected: Any) -> None:
    """A text from the command line becomes a value of the parameter's type, else what papermill makes of it."""
    parameters = read_parameters(notebook(code(source, "parameters")))[0]
    value = resolve_parameters(parameters, {"n": text}, raw=True)["n"]
    assert (expected, type(expected)) == (value, type(value))


TYPED: list[tuple[str, str, Any]] = [
    # source, value in YAML, value
    ("n = 1", "5", 5),
    ("n = 0.5", "5", 5),
    ("n = 0.5", ".inf", math.inf),
    ("n = 'a'", "'5'", "5"),
    ("n = 'a'", "2024-01-02", "2024-01-02"),
    ("n = [1]", "[a, 1]", ["a", 1]),
    ("n = {}", "{a: [1]}", {"a": [1]}),
    ("n = True", "yes", True),
    ("n = 3", "null", None),
    ("n = None", "{a: 2024-01-02}", {"a": "2024-01-02"}),
]


@pytest.mark.parametrize(("source", "text", "expected"), TYPED)
def test_values_from_yaml_keep_their_type(source: str, text: str, expected: Any) -> None:
    """Values from a parameter file are taken as they are; dates become text, as papermill has it."""
    parameters = read_parameters(notebook(code(source, "parameters")))[0]
    value = resolve_parameters(parameters, {"n": yaml.safe_load(text)}, raw=False)["n"]
    assert (expected, type(expected)) == (value, type(value))


WRONG: list[tuple[str, Any, bool, str, str]] = [
    # source, value, raw, code, part of message
    ("n = 1", "abc", True, "N2P151", "a whole number"),
    ("n = 1", "1.5", True, "N2P151", "a whole number"),
    ("n = 1", "", True, "N2P151", "a whole number"),
    ("n: int = 1", "None", True, "N2P151", "a whole number"),
    ("n = 0.5", "fast", True, "N2P151", "a number"),
    ("n = True", "1", True, "N2P151", "true or false"),
    ("n = True", "yes", True, "N2P151", "true or false"),
    ("n = [1]", "a,b", True, "N2P151", "for example [1"),
    ("n = [1]", "{}", True, "N2P151", "a list"),
    ("n = {}", "[1]", True, "N2P151", "an object"),
    ("n = 1", "5", False, "N2P151", "a whole number"),
    ("n = 1", True, False, "N2P151", "a whole number"),
    ("n = 1", 1.0, False, "N2P151", "a whole number"),
    ("n = 0.5", True, False, "N2P151", "a number"),
    ("n = True", 1, False, "N2P151", "true or false"),
    ("n = 'a'", 5, False, "N2P151", "a text"),
    ("n: str = 'a'", None, False, "N2P151", "a text"),
    ("n = [1]", {1, 2}, False, "N2P153", "JSON"),
    ("n = {}", {1: 2}, False, "N2P153", "JSON"),
    ("n = None", b"x", False, "N2P153", "bytes"),
    ("n = None", object(), False, "N2P153", "object"),
]


@pytest.mark.parametrize(("source", "value", "raw", "expected", "words"), WRONG)
def test_values_of_the_wrong_type_are_refused(source: str, value: Any, raw: bool, expected: str, words: str) -> None:
    """A value that is not of the type is refused with the parameter's name and place; exit code 2."""
    parameters = read_parameters(notebook(code(), code(source, "parameters")))[0]
    with pytest.raises(SettingsError) as caught:
        resolve_parameters(parameters, {"n": value}, raw=raw)
    assert ([expected], 2) == (codes(caught.value.diagnostics), caught.value.exit_code)
    assert "'n'" in caught.value.message
    assert words in caught.value.message
    assert (1, 1) == (caught.value.diagnostics[0].cell_index, caught.value.diagnostics[0].line)


def test_defaults_are_filled_in_and_not_shared() -> None:
    """All parameters have a value; changing what one run got does not change the next run's."""
    parameters = read_parameters(notebook(code("a = 1\nb = [2]", "parameters")))[0]
    first = resolve_parameters(parameters, {"a": 5})
    first["b"].append(3)
    assert {"a": 5, "b": [2]} == resolve_parameters(parameters, {"a": 5})


@pytest.mark.parametrize(
    ("name", "expected", "words"),
    [
        ("learning_rat", "N2P150", "Did you mean 'learning_rate'?"),
        ("Learning-Rate", "N2P145", "Did you mean 'learning_rate'?"),
        ("N", "N2P150", "Did you mean 'n'?"),
        ("zzz", "N2P150", "Known parameters: learning_rate, n."),
        ("class", "N2P145", "Known parameters"),
        ("1a", "N2P145", "Known parameters"),
        ("", "N2P145", "Known parameters"),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(name: str, expected: str, words: str) -> None:
    """A misspelt name is never taken for the default."""
    parameters = read_parameters(notebook(code("learning_rate = 0.1\nn = 1", "parameters")))[0]
    with pytest.raises(SettingsError) as caught:
        resolve_parameters(parameters, {name: "1"}, raw=True)
    assert [expected] == codes(caught.value.diagnostics)
    assert words in caught.value.hint


def test_all_wrong_values_are_reported_at_once() -> None:
    """Several mistakes need one look, not one each."""
    parameters = read_parameters(notebook(code("a = 1\nb = 2", "parameters")))[0]
    with pytest.raises(SettingsError) as caught:
        resolve_parameters(parameters, {"a": "x", "c": "1", "b": "3"}, raw=True)
    assert ["N2P151", "N2P150"] == codes(caught.value.diagnostics)


def test_without_parameters_cell_the_way_to_one_is_told() -> None:
    """Where there are no parameters at all, the hint says how to make some."""
    with pytest.raises(SettingsError) as caught:
        resolve_parameters((), {"a": 1})
    assert "Tag the cell" in caught.value.hint


def test_names_that_differ_by_case_are_two_parameters() -> None:
    """``N`` and ``n`` stay apart."""
    parameters = read_parameters(notebook(code("N = 1\nn = 2", "parameters")))[0]
    assert {"N": 5, "n": 2} == resolve_parameters(parameters, {"N": "5"}, raw=True)


def test_times_become_text() -> None:
    """A time from YAML is written as papermill writes it."""
    parameters = read_parameters(notebook(code("at = ''", "parameters")))[0]
    moment = datetime.datetime(2024, 1, 2, 3, 4)
    assert {"at": "2024-01-02 03:04:00"} == resolve_parameters(parameters, {"at": moment})


def test_a_value_that_holds_itself_is_refused() -> None:
    """YAML can make a list that holds itself; that is no JSON value."""
    parameters = read_parameters(notebook(code("n = [1]", "parameters")))[0]
    with pytest.raises(SettingsError) as caught:
        resolve_parameters(parameters, {"n": yaml.safe_load("&a [*a]")})
    assert ["N2P153"] == codes(caught.value.diagnostics)
