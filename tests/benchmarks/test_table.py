"""The benchmark's own parts; that it is fast enough is for the benchmark to say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.measure import Result, alternate, run
from tests.benchmarks.notebooks import large
from tests.benchmarks.table import END, START, as_markdown, replace_block

ROW = Result("a thing", "another", "≤ 1x", "0.50x", True)


def test_the_big_notebook_is_as_big_as_said() -> None:
    """The notebook for ``show`` has 1,000 code cells and 100 steps."""
    cells = large()
    assert 1000 == len(cells)
    assert 100 == sum(tag.startswith("step:") for tag, _ in cells)


def test_a_round_goes_through_all_sides(tmp_path: Path) -> None:
    """Sides are measured in turn, the first round is dropped, and what a process printed is kept."""
    order: list[str] = []

    def side(name: str, index: int) -> str:
        order.append(f"{name}{index}")
        return run([sys.executable, "-c", f"print({name!r}, {index})"], cwd=tmp_path).output

    first, second = alternate(
        1,
        lambda index: run([sys.executable, "-c", f"print({side('a', index)!r})"], cwd=tmp_path),
        lambda index: run([sys.executable, "-c", f"print({side('b', index)!r})"], cwd=tmp_path),
    )
    assert ["a0", "b0", "a1", "b1"] == order
    assert (["a 1"], ["b 1"]) == ([usage.output.strip() for usage in first], [usage.output.strip() for usage in second])
    assert first[0].wall_s > 0


def test_a_program_that_fails_is_no_figure(tmp_path: Path) -> None:
    """A process that fails raises with its output, so that no time of a failed run gets into the table."""
    with pytest.raises(RuntimeError, match="exited with 3:\nsorry"):
        run([sys.executable, "-c", "import sys; print('sorry'); sys.exit(3)"], cwd=tmp_path)


def test_the_table_goes_between_its_marks(tmp_path: Path) -> None:
    """``--readme`` replaces what stands between the marks and nothing else; without marks it refuses."""
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{START}\nold\n{END}\nafter\n", encoding="utf-8")
    table = as_markdown([ROW], "a machine", 5)
    replace_block(readme, table)
    assert f"before\n{START}\n{table}\n{END}\nafter\n" == readme.read_text("utf-8")
    readme.write_text("nothing marked", encoding="utf-8")
    with pytest.raises(ValueError, match="no place marked"):
        replace_block(readme, table)
