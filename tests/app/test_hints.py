"""Marks of runs that will be all cached."""

from __future__ import annotations

from pathlib import Path

from nb2pipe.app.hints import MOST_MARKS, leave_mark, mark_of
from nb2pipe.model import State, StepRun

KEPT = StepRun("r", "a", State.SUCCEEDED)
CACHED = StepRun("r", "b", State.CACHED, reason="unchanged")
NOT_KEPT = StepRun("r", "c", State.SUCCEEDED, reason="not kept: it starts programs")
FAILED = StepRun("r", "d", State.FAILED)


def mark(home: Path, path: Path, *words: str) -> Path:
    """The mark of a notebook that is there."""
    found = mark_of(home, str(path), *words)
    assert found is not None
    return found


def test_a_mark_belongs_to_one_text_and_its_words(tmp_path: Path) -> None:
    """Another text, other parameters or another place have another mark; what is not a file here has none."""
    path, other = tmp_path / "n.ipynb", tmp_path / "m.ipynb"
    path.write_text("one", encoding="utf-8")
    other.write_text("one", encoding="utf-8")
    first = mark(tmp_path, path, "a")
    assert first == mark(tmp_path, path, "a")
    assert 3 == len({first, mark(tmp_path, path, "b"), mark(tmp_path, other, "a")})
    path.write_text("two", encoding="utf-8")
    assert first != mark(tmp_path, path, "a")
    assert [None] * 3 == [mark_of(tmp_path, place) for place in ("-", "s3://b/n.ipynb", str(tmp_path / "no.ipynb"))]


def test_left_only_where_everything_was_kept(tmp_path: Path) -> None:
    """One step that cannot be cached, or failed, takes the mark away."""
    path = tmp_path / "hints" / "x"
    for steps, expected in (((KEPT, CACHED), True), ((KEPT, NOT_KEPT), False), ((CACHED,), True), ((FAILED,), False)):
        leave_mark(path, steps)
        assert expected == path.exists()


def test_marks_do_not_pile_up(tmp_path: Path) -> None:
    """Only so many are kept."""
    for number in range(MOST_MARKS + 5):
        (tmp_path / str(number)).touch()
    leave_mark(tmp_path / "new", (KEPT,))
    assert MOST_MARKS == len(list(tmp_path.iterdir()))


def test_nowhere_to_leave_it(tmp_path: Path) -> None:
    """A home that cannot be written does no harm."""
    (tmp_path / "hints").write_text("a file", encoding="utf-8")
    leave_mark(tmp_path / "hints" / "x", (KEPT,))
