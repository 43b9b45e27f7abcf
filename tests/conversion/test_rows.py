"""The tables of small notebooks: which steps wait for which, and what is reported."""

from __future__ import annotations

import pytest

from tests.conversion.table import Row, codes_of, orders_of, pipeline_of, read_rows

ALL = read_rows()


@pytest.mark.parametrize("row", ALL, ids=[row.name for row in ALL])
def test_row(row: Row) -> None:
    """Each row's steps wait for each other as it says, and its findings are those it names."""
    pipeline = pipeline_of(row.cells)
    assert (set(row.orders), row.codes) == (orders_of(pipeline), codes_of(pipeline))


def test_names_are_unique() -> None:
    """No two rows have one name, so that a failure names its row."""
    assert len(ALL) == len({row.name for row in ALL})
