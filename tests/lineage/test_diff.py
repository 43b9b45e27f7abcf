"""What differs between two runs."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from nb2pipe.lineage.diff import Change, changes, diff_runs
from nb2pipe.lineage.graph import CodeCell, RunRecord
from nb2pipe.model import Observation
from tests.lineage.graphs import a_record

NOTHING: dict[str, Any] = {}


def with_code(record: RunRecord, *sources: str, ids: str = "abcdefgh") -> RunRecord:
    """A record whose step ``a`` has these cells."""
    cells = tuple(CodeCell(place, ids[place], source) for place, source in enumerate(sources))
    return replace(record, cells={"a": cells})


def test_the_same_is_the_same() -> None:
    """Runs of the same code and data do not differ, whether their steps came from the cache or not."""
    first = with_code(a_record(1, "a < /in#1 > m=1"), "x = 1")
    second = with_code(a_record(2, "a* < /in#1 > m=1"), "x = 1")
    assert diff_runs(first, second).is_empty


@pytest.mark.parametrize(
    ("expected", "before", "after", "ids"),
    [
        ([("a", 0, 0, ("@@ -1 +1 @@", "-x = 1", "+x = 2"))], ("x = 1", "y"), ("x = 2", "y"), "abcdefgh"),
        ([("b", None, 1, ("@@ -0,0 +1 @@", "+new"))], ("x", "y"), ("x", "new", "y"), "abcdefgh"),
        ([("a", 0, None, ("@@ -1 +0,0 @@", "-x"))], ("x", "y"), ("y",), "bcdefgha"),
        ([], ("x", "y"), ("y", "x"), "bacdefgh"),
    ],
    ids=["changed", "new, ids by position", "gone", "moved"],
)
def test_code_by_cell(
    expected: list[tuple[str, int | None, int | None, tuple[str, ...]]],
    before: tuple[str, ...],
    after: tuple[str, ...],
    ids: str,
) -> None:
    """Cells are matched by their text, then by their id."""
    found = diff_runs(with_code(a_record(1), *before), with_code(a_record(2), *after, ids=ids)).cells
    assert expected == [(each.id, each.before, each.after, each.diff) for each in found]


def test_data_and_metrics() -> None:
    """Data from outside by digest, what the run wrote itself apart; metrics by value."""
    first = a_record(1, "a < /in#1 > /mid#5", "b < /mid#5 /old#3 > m=1")
    second = a_record(2, "a < /in#2 > /mid#6", "b < /mid#6 > m=2")
    found = diff_runs(first, second)
    assert (Change("/in", "1", "2"), Change("/old", "3", None)) == found.data
    assert (Change("/mid", "5", "6"),) == found.written
    assert (Change("m", "1", "2"),) == found.metrics


def test_environment_and_images() -> None:
    """Python, distributions, and images by step."""

    def seen(**words: Any) -> RunRecord:
        record = a_record(1, "a")
        return replace(record, steps=(replace(record.steps[0], observation=Observation(**words)),))

    found = diff_runs(
        seen(python="CPython 3.11.2", distributions={"pandas": "2.1", "numpy": "2.0"}, image="one@sha256:1"),
        seen(python="CPython 3.12.0", distributions={"pandas": "2.2", "numpy": "2.0"}),
    )
    assert (Change("python", "CPython 3.11.2", "CPython 3.12.0"),) == found.python
    assert (Change("pandas", "2.1", "2.2"),) == found.distributions
    assert (Change("a", "one@sha256:1", ""),) == found.images


def test_values_that_are_not_the_same() -> None:
    """1 is not true and not 1.0, NaN is NaN, None is not the lack of a value."""
    before = {"a": 1, "b": 1, "c": math.nan, "d": None}
    after = {"a": True, "b": 1.0, "c": math.nan}
    assert ["a", "b", "d"] == [change.name for change in changes(before, after)]
