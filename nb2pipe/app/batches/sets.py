"""Parameter sets of a batch: from a grid on the command line, or from a file."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nb2pipe.app.parameters import Given, parameter_file, yaml_data
from nb2pipe.errors import SettingsError

FORMATS = (".yaml", ".yml", ".json", ".jsonl", ".csv")


@dataclass(frozen=True)
class ParameterSet:
    """One set, and where it came from for messages: ``row 3 of 'sets.csv'`` or ``--grid lr=0.1``."""

    given: Given
    origin: str


def grid_sets(grid: Sequence[str]) -> list[ParameterSet]:
    """Every combination of ``NAME=VALUE,VALUE...`` texts; a value with a comma is put in double quotes, as in CSV.

    Raises:
        SettingsError: a text that is not of that form, or a name given twice.
    """
    axes: dict[str, list[str]] = {}
    for text in grid:
        name, sign, values = text.partition("=")
        if not sign or not name.strip() or not values:
            raise SettingsError(f"--grid {text!r} is not NAME=VALUE,VALUE...", hint="Write --grid lr=0.1,0.2")
        if name.strip() in axes:
            raise SettingsError(f"--grid names {name.strip()!r} twice")
        axes[name.strip()] = _values(values)
    return [
        ParameterSet(Given(texts=dict(zip(axes, combination, strict=True))), _described(axes, combination))
        for combination in itertools.product(*axes.values())
    ]


def value_sets(grid: Mapping[str, Sequence[Any]], rows: Sequence[Mapping[str, Any]]) -> list[ParameterSet]:
    """Every combination of the values of a grid, each with every row; values are as JSON has them.

    Args:
        grid: name to values; empty for no grid.
        rows: sets of name to value; empty for none.
    """
    axes = [
        ParameterSet(Given(values=dict(zip(grid, values, strict=True))), _named(dict(zip(grid, values, strict=True))))
        for values in itertools.product(*grid.values())
    ]
    given = [ParameterSet(Given(values=dict(row)), f"set {number}") for number, row in enumerate(rows, 1)]
    return crossed(axes if grid else [], given)


def _named(values: Mapping[str, Any]) -> str:
    return "grid " + " ".join(f"{name}={json.dumps(value, ensure_ascii=False)[:80]}" for name, value in values.items())


def file_sets(path: str) -> list[ParameterSet]:
    """The sets in a file: a YAML or JSON list of objects, JSON lines, or CSV with names in the first line.

    Raises:
        SettingsError: the file cannot be read, or a row is not an object.
    """
    kind = Path(path).suffix.lower()
    if kind not in FORMATS:
        raise SettingsError(f"the file of sets {path!r} is of no known kind", hint=f"Known: {', '.join(FORMATS)}.")
    text = parameter_file(path)
    rows = _csv_rows(text, path) if kind == ".csv" else _rows(text, path, kind)
    sets = [ParameterSet(given, f"row {number} of {path!r}") for number, given in enumerate(rows, 1)]
    if not sets:
        raise SettingsError(f"the file of sets {path!r} has no rows")
    return sets


def crossed(grid: Sequence[ParameterSet], rows: Sequence[ParameterSet]) -> list[ParameterSet]:
    """Every row with every combination of the grid; the grid wins where both give a value."""
    if not grid or not rows:
        return [*grid, *rows]
    return [
        ParameterSet(_over(row.given, combination.given), f"{row.origin}, {combination.origin}")
        for row in rows
        for combination in grid
    ]


def _over(low: Given, high: Given) -> Given:
    names = {*high.values, *high.texts, *high.raw}
    return Given(
        {**_without(low.values, names), **high.values},
        {**_without(low.texts, names), **high.texts},
        {**_without(low.raw, names), **high.raw},
    )


def with_common(sets: Iterable[ParameterSet], common: Given) -> list[ParameterSet]:
    """The sets, each on top of parameters that all share."""
    return [ParameterSet(_over(common, each.given), each.origin) for each in sets]


def _without(values: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


def _values(text: str) -> list[str]:
    return [value.strip() for value in next(csv.reader([text], skipinitialspace=True))]


def _described(names: Iterable[str], values: Iterable[str]) -> str:
    return "--grid " + " ".join(f"{name}={value}" for name, value in zip(names, values, strict=True))


def _csv_rows(text: str, path: str) -> Iterator[Given]:
    """CSV cells are texts; an empty one means that the row does not give that parameter."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), skipinitialspace=True)
    head = [name.strip() for name in next(reader, [])]
    if not head or "" in head or len(set(head)) != len(head):
        raise SettingsError(f"the first line of {path!r} does not name each column once", hint="Write: lr,depth")
    rows = (row for row in reader if any(cell.strip() for cell in row))
    for number, row in enumerate(rows, 1):
        if len(row) != len(head):
            raise SettingsError(f"row {number} of {path!r} has {len(row)} cells, its head {len(head)}")
        yield Given(texts={name: cell for name, cell in zip(head, row, strict=True) if cell != ""})


def _rows(text: str, path: str, kind: str) -> Iterator[Given]:
    data = list(_json_lines(text, path)) if kind == ".jsonl" else yaml_data(text, f"the file of sets {path!r}")
    if not isinstance(data, list):
        raise SettingsError(f"the file of sets {path!r} is not a list", hint="Write one object a set: - {lr: 0.1}")
    for number, row in enumerate(data, 1):
        if not isinstance(row, dict) or not all(isinstance(name, str) for name in row):
            raise SettingsError(f"row {number} of {path!r} is not an object of names and values: {row!r}")
        yield Given(values=row)


def _json_lines(text: str, path: str) -> Iterator[Any]:
    for number, line in enumerate((line for line in text.splitlines() if line.strip()), 1):
        try:
            yield json.loads(line)
        except ValueError as error:
            raise SettingsError(f"row {number} of {path!r} is not JSON: {error}") from error
