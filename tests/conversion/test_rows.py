"""The tables of small notebooks: which steps wait for which, and what is reported."""

from __future__ import annotations

import pytest

from tests.conversion.rows import Row, codes_of, orders_of, pipeline_of
from tests.conversion.rows_ambient import AMBIENT
from tests.conversion.rows_calls import CALLS
from tests.conversion.rows_findings import FINDINGS
from tests.conversion.rows_flow import FLOW
from tests.conversion.rows_ipython import IPYTHON
from tests.conversion.rows_objects import OBJECTS
from tests.conversion.rows_science import SCIENCE
from tests.conversion.rows_setup import SETUP

ROWS = [*FLOW, *CALLS, *OBJECTS, *SCIENCE, *AMBIENT, *IPYTHON, *SETUP, *FINDINGS]


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_row(row: Row) -> None:
    """Each row's steps wait for each other as it says, and its findings are those it names."""
    pipeline = pipeline_of(row.cells)
    assert (set(row.orders.split()), row.codes.split()) == (orders_of(pipeline), codes_of(pipeline))


def test_names_are_unique() -> None:
    """No two rows have one name, so that a failure names its row."""
    assert len(ROWS) == len({row.name for row in ROWS})
