"""Rows about what comes before a run: the picture of a big notebook, and the start of the program."""

from __future__ import annotations

import statistics
import sys

from tests.benchmarks.measure import Bench, Result, Usage, alternate, program, run, wall
from tests.benchmarks.notebooks import large, write

ANALYSIS = """
import sys, time
from nb2pipe.conversion import build_pipeline
from nb2pipe.notebook import read_notebook
notebook = read_notebook(sys.argv[1])
started = time.perf_counter()
pipeline = build_pipeline(notebook)
print(time.perf_counter() - started)
assert len(pipeline.steps) == 100, len(pipeline.steps)
"""


def measure_show(bench: Bench) -> list[Result]:
    """``nb2pipe show`` on 1,000 code cells in 100 steps, and within it the analysis."""
    folder = bench.scratch("show")
    write(folder / "large.ipynb", large())

    def show(index: int) -> Usage:
        return run([program("nb2pipe"), "show", "large.ipynb"], cwd=folder)

    def analysis(index: int) -> Usage:
        return run([sys.executable, "-c", ANALYSIS, "large.ipynb"], cwd=folder)

    shown, analysed = alternate(bench.runs, show, analysis)
    inner_s = statistics.median(float(usage.output.split()[-1]) for usage in analysed)
    return [
        Result(
            "`nb2pipe show` on a notebook of 1,000 code cells in 100 steps",
            "-",
            "≤ 1 s in all; the analysis ≤ 0.3 s",
            f"{wall(shown):.2f} s in all; the analysis {inner_s:.2f} s",
            wall(shown) <= 1 and inner_s <= 0.3,
        )
    ]


def measure_help(bench: Bench) -> list[Result]:
    """``nb2pipe --help`` against a Python that does nothing."""
    folder = bench.scratch("help")

    def ours(index: int) -> Usage:
        return run([program("nb2pipe"), "--help"], cwd=folder)

    def theirs(index: int) -> Usage:
        return run([sys.executable, "-c", "pass"], cwd=folder)

    first, second = (wall(usages) for usages in alternate(2 * bench.runs, ours, theirs))
    return [
        Result(
            "`nb2pipe --help`",
            "`python -c pass`",
            "≤ 0.2 s more",
            f"{first - second:+.3f} s ({first:.3f} s, Python {second:.3f} s)",
            first - second <= 0.2,
        )
    ]
