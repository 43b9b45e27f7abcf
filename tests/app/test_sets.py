"""Parameter sets of a batch."""

from __future__ import annotations

from pathlib import Path

import pytest

from nb2pipe.app.batches.sets import ParameterSet, crossed, file_sets, grid_sets, with_common
from nb2pipe.app.parameters import Given
from nb2pipe.errors import SettingsError


def texts(sets: list[ParameterSet]) -> list[dict[str, str]]:
    """The typed texts of sets."""
    return [dict(each.given.texts) for each in sets]


def test_a_grid_makes_all_combinations() -> None:
    """The last name varies fastest; values are texts, read later by the declared type."""
    expected = [{"a": "1", "b": "x"}, {"a": "1", "b": "y"}, {"a": "2", "b": "x"}, {"a": "2", "b": "y"}]
    assert expected == texts(grid_sets(["a=1,2", "b=x,y"]))
    assert "--grid a=2 b=x" == grid_sets(["a=1,2", "b=x,y"])[2].origin


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("q=a=b,c", ["a=b", "c"]),
        ('q="a,b",c', ["a,b", "c"]),
        ("q=1, 2", ["1", "2"]),
        ("q=,x", ["", "x"]),
    ],
)
def test_values_of_a_grid(text: str, expected: list[str]) -> None:
    """Values may hold equals signs, quoted commas, and nothing at all."""
    assert expected == [each["q"] for each in texts(grid_sets([text]))]


@pytest.mark.parametrize("grid", [["a"], ["=1"], ["a="], ["a=1", "a=2"]])
def test_bad_grids(grid: list[str]) -> None:
    """What is no NAME=VALUES, or names something twice, is refused."""
    with pytest.raises(SettingsError, match="--grid"):
        grid_sets(grid)


FILES = {
    "sets.csv": "\ufeffa,b\n1,x\n\n2,\n",
    "sets.json": '[{"a": 1, "b": "x"}, {"a": 2}]',
    "sets.jsonl": '{"a": 1, "b": "x"}\n\n{"a": 2}\n',
    "sets.yaml": "- {a: 1, b: x}\n- a: 2\n",
}


@pytest.mark.parametrize("name", FILES)
def test_files(tmp_path: Path, name: str) -> None:
    """The same two sets in every kind of file; an empty CSV cell gives nothing."""
    path = tmp_path / name
    path.write_text(FILES[name], encoding="utf-8")
    sets = file_sets(str(path))
    assert [f"row 1 of {str(path)!r}", f"row 2 of {str(path)!r}"] == [each.origin for each in sets]
    found = [{**each.given.values, **each.given.texts} for each in sets]
    assert [{"a": "1", "b": "x"}, {"a": "2"}] == [{key: str(value) for key, value in row.items()} for row in found]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("sets.toml", "a = 1", "no known kind"),
        ("sets.json", '{"a": 1}', "not a list"),
        ("sets.json", "[1]", "row 1 of"),
        ("sets.yaml", "- [", "not YAML"),
        ("sets.jsonl", '{"a": 1}\n{"a": ', "row 2 of"),
        ("sets.csv", "a,a\n1,2\n", "name each column once"),
        ("sets.csv", "a,b\n1\n", "row 1 of"),
        ("sets.csv", "a,b\n", "no rows"),
    ],
)
def test_bad_files(tmp_path: Path, name: str, text: str, message: str) -> None:
    """What cannot be read says which row of which file."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        file_sets(str(path))


def test_a_missing_file() -> None:
    """A file that is not there is named."""
    with pytest.raises(SettingsError, match=r"nosuch\.csv"):
        file_sets("nosuch.csv")


def test_rows_times_grid_on_common_parameters() -> None:
    """Rows are crossed with the grid; the nearer place wins whatever kind of value it gives."""
    rows = [ParameterSet(Given(values={"a": 1, "b": 1}), "row 1"), ParameterSet(Given(values={"a": 2}), "row 2")]
    sets = with_common(crossed(grid_sets(["b=8,9"]), rows), Given(values={"a": 0, "c": 5}, texts={"b": "0"}))
    assert [
        ("row 1, --grid b=8", {"a": 1, "c": 5}, {"b": "8"}),
        ("row 1, --grid b=9", {"a": 1, "c": 5}, {"b": "9"}),
    ] == [(each.origin, dict(each.given.values), dict(each.given.texts)) for each in sets[:2]]
    assert 4 == len(sets)
