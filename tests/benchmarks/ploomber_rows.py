"""Rows against ploomber, which lives in a virtual environment of its own because it pins old packages."""

from __future__ import annotations

import os
from pathlib import Path

from tests.benchmarks.measure import Bench, Result, Usage, against, alternate, run, wall
from tests.benchmarks.notebooks import ploomber_tasks, three_steps, write
from tests.benchmarks.papermill_rows import nb2pipe_run
from tests.benchmarks.rivals import rival_programs

PIPELINE = """tasks:
  - source: load.ipynb
    product: {nb: out/load.ipynb, data: out/load.json}
  - source: clean.ipynb
    product: {nb: out/clean.ipynb, data: out/clean.json}
  - source: report.ipynb
    product: {nb: out/report.ipynb}
"""
# Ploomber asks the network for news and sends statistics; neither is what is measured.
QUIET = {"PLOOMBER_STATS_ENABLED": "false", "PLOOMBER_VERSION_CHECK_DISABLED": "true"}


def measure_ploomber(bench: Bench) -> list[Result]:
    """Three steps with nothing there yet, after an edit of the last one, and with nothing changed."""
    programs = rival_programs("ploomber")
    ours_folder = bench.scratch("three-steps")
    folders: dict[str, Path] = {}

    def ours(index: int, edit: int) -> Usage:
        return nb2pipe_run(ours_folder, write(ours_folder / "in.ipynb", three_steps(index, edit)))

    def theirs(index: int, edit: int) -> Usage:
        if not edit:
            folders["now"] = bench.scratch("ploomber")
        folder = folders["now"]
        for name, cells in ploomber_tasks(index, edit).items():
            write(folder / f"{name}.ipynb", cells)
        (folder / "pipeline.yaml").write_text(PIPELINE, encoding="utf-8")
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        return run([str(programs / "ploomber"), "build"], cwd=folder, env={**QUIET, "PATH": path})

    measured = alternate(
        bench.runs,
        lambda index: ours(index, 0),
        lambda index: theirs(index, 0),
        lambda index: ours(index, 1),
        lambda index: theirs(index, 1),
        lambda index: ours(index, 1),
        lambda index: theirs(index, 1),
    )
    cold, rival_cold, edited, rival_edited, same, rival_same = (wall(usages) for usages in measured)
    rows = (
        ("a 3-step pipeline", "`ploomber build` of three notebooks", cold, rival_cold),
        ("the same after an edit of the last step", "the same with ploomber", edited, rival_edited),
        ("the same with nothing changed", "the same with ploomber", same, rival_same),
    )
    return [
        Result(what, rival, "≤ 0.5x wall", against(first, second, "ploomber"), first <= 0.5 * second)
        for what, rival, first, second in rows
    ]
