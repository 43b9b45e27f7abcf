"""The form for parameters: typed widgets, and the same checks as on the command line."""

from __future__ import annotations

from typing import Any

import ipywidgets
import pytest

from nb2pipe.model import Parameter
from nb2pipe.notebook.parameters import read_parameters
from nb2pipe.widgets.form import Form
from tests.notebook.building import code, notebook


def parameters(source: str) -> tuple[Parameter, ...]:
    """The parameters of a cell."""
    return read_parameters(notebook(code(source, "parameters")))[0]


@pytest.mark.parametrize(
    ("source", "kind", "shown", "typed", "value"),
    [
        ("n = 3", "IntText", 3, 5, 5),
        ("n: float = 3", "FloatText", 3.0, 0.25, 0.25),
        ("flag = True", "Checkbox", True, False, False),
        ("name = 'x'", "Text", "x", "y z", "y z"),
        ("name = 'x'", "Text", "x", "None", None),
        ("text = 'a\\nb'", "Textarea", "a\nb", "c", "c"),
        ("xs = [1, 2]", "Textarea", "[1, 2]", "[3]", [3]),
        ("d = {'a': 1}", "Textarea", '{"a": 1}', '{"b": [2]}', {"b": [2]}),
        ("none = None", "Text", "None", "7", 7),
        ("big = 9007199254740993", "Text", "9007199254740993", "9007199254740995", 9007199254740995),
        ("rate = float('nan')", "Text", "nan", "2", 2.0),
        ("rate: float = 1e999", "Text", "inf", "0.5", 0.5),
    ],
)
def test_typed(source: str, kind: str, shown: Any, typed: Any, value: Any) -> None:
    """Each type has its widget with the default in it; only what was changed is given, as a value of the type."""
    form = Form(parameters(source), lambda: None)
    [field] = form.fields
    assert (kind, shown) == (type(field.widget).__name__, field.widget.value)
    assert {} == form.values()
    field.widget.value = typed
    assert {field.parameter.name: value} == form.values()


@pytest.mark.parametrize(
    ("source", "typed", "said"),
    [
        ("xs = [1]", "{}", "it must be a list"),
        ("xs = [1]", "[1", "a list is written as JSON"),
        ("big = 9007199254740993", "many", "it must be a whole number"),
        ("rate: float = 1e999", "", "it must be a number"),
    ],
)
def test_wrong_values(source: str, typed: str, said: str) -> None:
    """A value that the command line would refuse is refused in the same words."""
    form = Form(parameters(source), lambda: None)
    form.fields[0].widget.value = typed
    found = form.problem()
    assert found is not None and said in found.message, found


def test_changes_are_told() -> None:
    """Whoever shows the form hears of a changed value; what was typed can stay while the parameters are the same."""
    heard: list[str] = []
    found = parameters("n = 3  # how <b>many</b>")
    form = Form(found, lambda: heard.append("changed"))
    form.fields[0].widget.value = 4
    assert ["changed"] == heard
    assert form.fits(parameters("\n\nn = 3  # how <b>many</b>"))
    assert not form.fits(parameters("n = 4")) and not form.fits(())
    [row] = form.box.children
    assert isinstance(row.children[1], ipywidgets.HTML)
    assert "how &lt;b&gt;many&lt;/b&gt; (int, default 3)" in row.children[1].value
