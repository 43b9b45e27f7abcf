"""Marks of runs that will be all cached."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nb2pipe.app.hints import MOST_MARKS, leave_mark, likely_executor, mark_of
from nb2pipe.images.record import BuiltImage, record_image
from nb2pipe.model import State, StepRun
from nb2pipe.settings import load_settings
from tests.app.samples import write_notebook
from tests.notebook.building import code

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


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (code("x = 1"), "process"),
        (code('image = {"image": 1}'), "process"),
        (code("x = 1", nb2pipe={"image": "n:1"}), "container"),
        (code("x = 1", "image:n:1"), "container"),
    ],
)
def test_where_it_will_run_is_guessed(
    tmp_path: Path, nb2pipe_home: Path, cell: dict[str, object], expected: str
) -> None:
    """By the text where no setting says it; words in code and pictures among the outputs name no image."""
    cell = {**cell, "outputs": [{"output_type": "display_data", "data": {"image/png": ""}, "metadata": {}}]}
    path, settings = write_notebook(tmp_path / "n.ipynb", cell), load_settings()
    assert expected == likely_executor(path, settings)
    assert "container" == likely_executor(path, replace(settings, image="n:2"))
    assert "mine" == likely_executor(path, replace(settings, executor="mine"))
    assert "" == likely_executor(str(tmp_path / "nosuch.ipynb"), settings)
    record_image(nb2pipe_home, path, BuiltImage("n:3", "sha256:1", "", "content"))
    assert "container" == likely_executor(path, settings)
