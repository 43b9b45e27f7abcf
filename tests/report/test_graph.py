"""Questions about the shape of a pipeline."""

from __future__ import annotations

import pytest

from nb2pipe.report.graph import cell_range, levels, needed_parents, parents_of, shorten, side_by_side
from tests.report.samples import DIAMOND, pipeline_of


def test_levels() -> None:
    """Steps of a level do not wait for each other."""
    assert [["load"], ["left", "right"], ["merge"]] == levels(parents_of(pipeline_of(DIAMOND)))
    assert [["left", "right"]] == side_by_side(pipeline_of(DIAMOND))


def test_needed_parents() -> None:
    """A parent that another parent waits for is not drawn."""
    parents = {"a": [], "b": ["a"], "c": ["a", "b"], "d": ["a", "c"]}
    assert {"a": [], "b": ["a"], "c": ["b"], "d": ["c"]} == needed_parents(parents)


@pytest.mark.parametrize(
    ("indexes", "expected"),
    [((), "no cells"), ((0,), "cell 1"), ((1, 2, 3, 6), "cells 2-4, 7"), ((0, 2), "cells 1, 3")],
)
def test_cell_range(indexes: tuple[int, ...], expected: str) -> None:
    """Cells count from 1 for a reader, neighbours as a range."""
    assert expected == cell_range(indexes)


@pytest.mark.parametrize(
    ("width", "expected"), [(40, "alpha, beta, gamma"), (14, "alpha, beta +1"), (12, "alpha +2"), (3, "alpha +2")]
)
def test_shorten(width: int, expected: str) -> None:
    """What does not fit is counted."""
    assert expected == shorten(["alpha", "beta", "gamma"], width)
