"""Compiling for Kubeflow against Kale, which compiles notebooks by generating Python for Kubeflow's SDK."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.measure import Bench, Result, Usage, against, alternate, program, run, wall
from tests.benchmarks.notebooks import Cell, chain, document, write
from tests.benchmarks.rivals import ROOT, rival_programs

CHURN = ROOT / "example_notebooks" / "churn.ipynb"
CHURN_STEPS = 8
LONG = 120
QUIET = {"KF_PIPELINES_UI_ENDPOINT": "", "HOSTNAME": "none"}


def measure_compile(bench: Bench) -> list[Result]:
    """The churn example against a chain of as many steps, and a long chain against the same one."""
    kale = str(rival_programs("kale") / "kale")
    folder = bench.scratch("compile")

    def ours(path: Path) -> Usage:
        words = ["compile", str(path), "--image", "none.example.com/x:1", "-o", "out.yaml"]
        return run([program("nb2pipe"), *words], cwd=folder, env={"NB2PIPE_HOME": str(folder / "home")})

    def theirs(cells: Sequence[Cell]) -> Usage:
        shutil.rmtree(folder / ".kale", ignore_errors=True)
        usage = run([kale, "--nb", str(_tagged_for_kale(folder, cells))], cwd=folder, env=QUIET)
        assert list((folder / ".kale").glob("*.pipeline.yaml")), usage.output
        return usage

    measured = alternate(
        bench.runs,
        lambda index: ours(CHURN),
        lambda index: theirs(chain(index, CHURN_STEPS)),
        lambda index: ours(write(folder / "ours.ipynb", chain(index, LONG))),
        lambda index: theirs(chain(index, LONG)),
    )
    churn, rival_churn, long, rival_long = (wall(usages) for usages in measured)
    rows = (
        (f"compile churn, {CHURN_STEPS} steps", f"a chain of {CHURN_STEPS} steps by Kale", churn, rival_churn, 1.0),
        (f"compile a chain of {LONG} steps", "the same by Kale", long, rival_long, 0.25),
    )
    return [
        Result(what, rival, f"≤ {share}x wall", against(first, second, "Kale"), first <= share * second)
        for what, rival, first, second, share in rows
    ]


def _tagged_for_kale(folder: Path, cells: Sequence[Cell]) -> Path:
    """The chain in Kale's words: the order of steps stands in tags."""
    found = document(cells)
    for before, cell in zip([None, *found["cells"]], found["cells"], strict=False):
        if before is not None:
            cell["metadata"]["tags"].append(before["metadata"]["tags"][0].replace("step:", "prev:"))
    named = {"experiment_name": "e", "pipeline_name": "chain", "pipeline_description": "", "base_image": "x/y:1"}
    found["metadata"]["kubeflow_notebook"] = {**named, "volumes": []}
    path = folder / "kale.ipynb"
    path.write_text(json.dumps(found), encoding="utf-8")
    return path
