"""Rows against papermill: one step, a chain of steps, the chain again from the cache, and a big output."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.measure import Bench, Result, Usage, against, alternate, program, run, wall
from tests.benchmarks.notebooks import Cell, chain, noisy, untagged, write

Cells = Callable[[int], list[Cell]]


def nb2pipe_run(folder: Path, notebook: Path, *options: str) -> Usage:
    """``nb2pipe run`` with a home in ``folder``, so with a cache and a store as a user has them."""
    arguments = [program("nb2pipe"), "run", notebook.name, "ours.ipynb", *options]
    return run(arguments, cwd=folder, env={"NB2PIPE_HOME": str(folder / "home")})


def papermill_run(folder: Path, notebook: Path) -> Usage:
    """``papermill`` with its defaults."""
    return run([program("papermill"), notebook.name, "theirs.ipynb"], cwd=folder)


def measure_untagged(bench: Bench) -> list[Result]:
    """An untagged notebook through nb2pipe and through papermill."""
    ours, theirs = _side_by_side(bench, "untagged", untagged)
    return [
        Result(
            "an untagged notebook of 10 cells through `nb2pipe run`",
            "`papermill` on the same",
            "≤ 1.1x wall",
            against(ours, theirs, "papermill"),
            ours <= 1.1 * theirs,
        )
    ]


def measure_noisy(bench: Bench) -> list[Result]:
    """100 cells, the first with a 2 MB output."""
    ours, theirs = _side_by_side(bench, "noisy", noisy)
    return [
        Result(
            "100 cells with a 2 MB output, one step",
            "`papermill` on the same",
            "≤ 0.5x wall",
            against(ours, theirs, "papermill"),
            ours <= 0.5 * theirs,
        )
    ]


def _side_by_side(bench: Bench, name: str, cells: Cells) -> tuple[float, float]:
    folder = bench.scratch(name)

    def ours(index: int) -> Usage:
        return nb2pipe_run(folder, write(folder / "in.ipynb", cells(index)))

    def theirs(index: int) -> Usage:
        return papermill_run(folder, write(folder / "in.ipynb", cells(index)))

    first, second = alternate(bench.runs, ours, theirs)
    return wall(first), wall(second)


def measure_chain(bench: Bench) -> list[Result]:
    """Ten steps in a row, first with nothing cached, then unchanged, against one papermill run of the cells."""
    folder = bench.scratch("chain")
    kernels: list[bool] = []

    def cold(index: int) -> Usage:
        return nb2pipe_run(folder, write(folder / "in.ipynb", chain(index)))

    def cached(index: int) -> Usage:
        usage = nb2pipe_run(folder, folder / "in.ipynb", "--json")
        kernels.extend(kernels_started(usage.output))
        return usage

    def theirs(index: int) -> Usage:
        return papermill_run(folder, folder / "in.ipynb")

    first, again, rival = (wall(usages) for usages in alternate(bench.runs, cold, cached, theirs))
    count = sum(kernels)
    return [
        Result(
            "a chain of 10 trivial steps",
            "one papermill run of the same cells",
            "≤ 2x wall, a step ≤ 0.1 s",
            f"{against(first, rival, 'papermill')}, {(first - rival) / 10:+.3f} s a step",
            first <= 2 * rival and (first - rival) / 10 <= 0.1,
        ),
        Result(
            "the same, unchanged, again (all cached)",
            "the same papermill run",
            "≤ 0.5x wall, no kernel started",
            f"{against(again, rival, 'papermill')}, {count} kernels started",
            again <= 0.5 * rival and count == 0,
        ),
    ]


def kernels_started(output: str) -> list[bool]:
    """For each step in the JSON that ``nb2pipe run --json`` prints, whether it used a kernel."""
    start = output.index("{")
    document = json.JSONDecoder().raw_decode(output[start:])[0]
    return [step["kernel_started"] for step in document["steps"]]
