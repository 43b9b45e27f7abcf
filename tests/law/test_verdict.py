"""The bench itself: it must see what differs, and only that."""

from __future__ import annotations

from typing import Any

import pytest

from tests.law.compare import Normal
from tests.law.processes import TIMED_OUT
from tests.law.runs import Result
from tests.law.verdict import judge


def printed(text: str) -> Normal:
    """A cell's outputs that are one text on standard output."""
    return [{"type": "stream", "name": "stdout", "text": text}]


def result(code: int = 0, **changes: Any) -> Result:
    """A run of two cells that print and write a file, but for ``changes``."""
    usual: dict[str, Any] = {
        "outputs": {"a": printed("1"), "b": printed("2")},
        "counts": {"a": 1, "b": 2},
        "files": {"out.csv": "d1"},
    }
    return Result(code, **{**usual, **changes})


PLAIN = result()
FAILING = result(1, failing="b")


@pytest.mark.parametrize(
    ("expected", "plain", "pipeline"),
    [
        ("equal", PLAIN, result()),
        ("different", PLAIN, result(outputs={"a": printed("1"), "b": printed("3")})),
        ("different", PLAIN, result(outputs={"a": printed("1")})),
        ("different", PLAIN, result(counts={"a": 1, "b": 1})),
        ("different", PLAIN, result(files={"out.csv": "d2"})),
        ("different", PLAIN, result(files={})),
        ("different", PLAIN, result(files={"out.csv": "d1", "more.csv": "d"})),
        ("refused", PLAIN, Result(2, messages="N2P201 error: cell 1: no")),
        ("crashed", PLAIN, Result(2, messages="Usage: nb2pipe run")),
        ("stopped", PLAIN, result(1, failing=None, messages="N2P901", outputs={})),
        ("crashed", PLAIN, result(1, failing="b")),
        ("crashed", PLAIN, result(3)),
        ("crashed", PLAIN, result(left=1)),
        ("crashed", PLAIN, Result(TIMED_OUT)),
        ("equal", FAILING, result(1, failing="b")),
        ("different", FAILING, result(1, failing="b", outputs={"a": printed("0"), "b": printed("2")})),
        ("different", FAILING, result(0)),
        ("crashed", FAILING, result(1, failing="a")),
        ("unusable", Result(3), result()),
    ],
)
def test_verdict(expected: str, plain: Result, pipeline: Result) -> None:
    """Each way in which a pipeline can do right or wrong gets its verdict."""
    assert expected == judge([plain], pipeline).kind


def test_what_does_not_repeat_is_left_out() -> None:
    """A cell whose outputs differ between two plain runs is counted and not compared; so are such files."""
    other = result(outputs={"a": printed("1"), "b": printed("random")}, files={"out.csv": "random"})
    pipeline = result(outputs={"a": printed("1"), "b": printed("other")}, files={"out.csv": "other"})
    verdict = judge([PLAIN, other], pipeline)
    assert ("equal", 2, 1) == (verdict.kind, verdict.cells, verdict.left_out)


def test_cells_after_the_failing_one_are_not_compared() -> None:
    """Steps beside the failing one may have run cells that Run All never reached."""
    plain = result(1, failing="a", counts={"a": 1, "b": None})
    pipeline = result(1, failing="a", outputs={"a": printed("1"), "b": printed("ran")}, counts={"a": 1, "b": 2})
    assert "equal" == judge([plain], pipeline).kind


def test_the_difference_is_shown() -> None:
    """The detail names the cell and shows both texts."""
    detail = judge([PLAIN], result(outputs={"a": printed("1"), "b": printed("3")})).detail
    assert "cell b" in detail
    assert '-  "text": "2"' in detail
    assert '+  "text": "3"' in detail
