"""Steps proposed from headings."""

from __future__ import annotations

from typing import Any

import pytest

from nb2pipe.errors import NotebookError
from nb2pipe.notebook import assign_cells, notebook_diagnostics, read_notebook
from nb2pipe.notebook.headings import MAX_LENGTH, headings_of, name_from, propose_tags
from nb2pipe.notebook.tags import is_legal_name
from nb2pipe.notebook.write import with_tags
from tests.notebook.building import code, codes, markdown, notebook

NAMES = [
    ("Load the data", "load-the-data"),
    ("1. Load", "load"),
    ("2.1) Clean & **split**", "clean-split"),
    ("Step 3: Train `XGB`", "train-xgb"),
    ("II. Methods", "methods"),
    ("[Model](https://x.org/a) choice", "model-choice"),
    ("![icon](a.png) Plots", "plots"),
    ("The model's best", "the-models-best"),
    ("snake_case name", "snake-case-name"),
    ('<a id="x"></a>Load', "load"),
    ("Données brutes", "données-brutes"),
    ("数据清洗", "数据清洗"),
    ("Предобработка данных", "предобработка-данных"),
    ("हिन्दी", "हिन्दी"),
    ("Straße Ⅳ", "straße-ⅳ"),
    ("🚀 Launch", "launch"),
    ("🚀", ""),
    ("$x^2$", ""),
    ("a " * 50, "-".join(["a"] * 20)),
    ("x" * 200, "x" * MAX_LENGTH),
]


@pytest.mark.parametrize(("heading", "expected"), NAMES)
def test_names(heading: str, expected: str) -> None:
    """A heading's text becomes a legal name without numbering and markup."""
    assert expected == name_from(heading)
    assert expected == "" or is_legal_name(expected)


def test_headings_are_found_in_all_their_forms() -> None:
    """Hash marks, underlines and HTML make headings; code in fences, rules and tables do not."""
    text = (
        "# One #\n```\n# no\n```\nTwo\n===\n  ## Three\n\nFour\n---\n\n---\n|a|b|\n|---|\n"
        "<h3 id='x'>Five</h3>\n#no\n~~~\n# no"
    )
    expected = [(1, "One"), (1, "Two"), (2, "Three"), (2, "Four"), (3, "Five")]
    assert expected == list(headings_of(text))


def test_each_part_becomes_a_step() -> None:
    """The title has no code of its own, so the second level names the steps; deeper headings do not."""
    read = notebook(
        markdown("# Churn"),
        code("import os\n%matplotlib inline"),
        code("import sys"),
        markdown("## Load\n\ntext"),
        code("a = 1"),
        code("b = 2"),
        markdown("### Detail"),
        code("c = 3"),
        markdown("## Train"),
        code("d = 4", "hide-input"),
        markdown("## Notes"),
        markdown("only words"),
        markdown("## Load"),
        code("e = 5"),
    )
    expected = {1: ("setup",), 2: ("setup",), 4: ("step:load",), 9: ("hide-input", "step:train"), 13: ("step:load-2",)}
    assert expected == propose_tags(read)


TITLE, PART = markdown("# Title"), markdown("## Part")
BEGINNINGS = [
    ([TITLE, "import a\na.options.display.precision = 3\na.style.use('x')"], ["setup"]),
    ([TITLE, "import a\na.random.seed(1)"], ["step:title"]),
    ([TITLE, "import a\na.set_option(b)"], ["step:title"]),
    ([TITLE, "import a", "'Doc'\nrows: int = 3\nname = 'x'"], ["setup", "step:title"]),
    ([TITLE, "import a", "rows: int = 3  # how many\nname = 'x'"], ["setup", "parameters"]),
    (["rows = 3"], ["parameters"]),
    ([TITLE, "rows = 3", "import a"], ["parameters", "setup"]),
    ([TITLE, "rows = []"], ["step:title"]),
    ([TITLE, "rows = 3", "print(rows)", "name = 'x'"], ["parameters", "step:title"]),
    ([markdown("## Own"), "rows = 3"], ["step:own"]),
]


@pytest.mark.parametrize(("cells", "expected"), BEGINNINGS)
def test_the_beginning(cells: list[Any], expected: list[str]) -> None:
    """Imports with their options become setup, single values above the parts parameters; what may do more does not."""
    first = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    read = notebook(*first, PART, code("a = 1"), markdown("## End"), code("b = 2"))
    assert [*expected, "step:part", "step:end"] == [tag for tags in propose_tags(read).values() for tag in tags]


def test_parameters_that_are_there_are_enough() -> None:
    """Where a cell has the tag already, another cell of literals is code like any other."""
    read = notebook(code("rows = 3"), TITLE, code("n = 1", "parameters"), PART, code("a = 1"), PART, code("b = 1"))
    assert ["step:part", "step:part-2"] == [tag for tags in propose_tags(read).values() for tag in tags[-1:]]


def test_tags_that_are_there_stay() -> None:
    """A part that is tagged already is left, its name is not given again, and special cells are passed over."""
    read = notebook(
        code("n = 1", "parameters"),
        code("import os", "imports"),
        markdown("# Train"),
        code("a = 1", "block:load"),
        markdown("# Load"),
        code("x", "skip"),
        code("b = 2"),
        markdown("# Save"),
        code("acc", "metrics"),
    )
    assert {6: ("step:load-2",)} == propose_tags(read)


def test_nothing_is_proposed_twice() -> None:
    """Proposing again after writing gives nothing new, and what was written is sound."""
    read = notebook(markdown("# A"), code("import os"), code("a = 1"), markdown("# B"), code("b = 1"))
    again = read_notebook("a.ipynb", text=with_tags(read, propose_tags(read)))
    assert ({}, ()) == (propose_tags(again), notebook_diagnostics(again))
    assert {"a": (2,), "b": (4,)} == assign_cells(again)


def test_code_before_the_first_heading_keeps_the_name_start() -> None:
    """Such code is the step ``start``; a heading of that name gets another one."""
    read = notebook(code("a = f()"), markdown("# Start"), code("b = 2"), markdown("# End"), code("c = 3"))
    assert {2: ("step:start-2",), 4: ("step:end",)} == propose_tags(read)


def test_imports_after_other_code_stay_where_they_are() -> None:
    """Only imports before all other code become setup; lines that act are no imports."""
    read = notebook(
        markdown("# A"), code("import a\n!pip install a"), code("import b"), markdown("# B"), code("import c\nc.x = 1")
    )
    assert {1: ("step:a",), 4: ("step:b",)} == propose_tags(read)


def test_a_heading_without_letters_is_numbered() -> None:
    """A part is not lost because its heading is a picture."""
    read = notebook(markdown("# 🚀"), code("a = 1"), markdown("# B"), code("b = 1"))
    assert {1: ("step:step-1",), 3: ("step:b",)} == propose_tags(read)


def test_several_headings_in_one_cell() -> None:
    """The last heading that counts names the part."""
    read = notebook(markdown("# Title\n## Load"), code("a = 1"), markdown("## Fit"), code("b = 1"))
    assert {1: ("step:load",), 3: ("step:fit",)} == propose_tags(read)


def test_one_heading_is_enough() -> None:
    """A notebook with one part with code becomes one named step."""
    assert {1: ("step:all",)} == propose_tags(notebook(markdown("# All"), code("a = 1")))


@pytest.mark.parametrize(
    "cells", [[code("a = 1")], [code("a = 1"), markdown("# Words")], [markdown("words"), code("a")]]
)
def test_no_headings_is_a_clear_error(cells: list[dict[str, object]]) -> None:
    """Without a heading above code there is nothing to propose, and that is said."""
    with pytest.raises(NotebookError, match="no heading with code below it") as caught:
        propose_tags(notebook(*cells))
    assert ["N2P160"] == codes(caught.value.diagnostics)
