"""A step in a pod against bare papermill: from the start of the program to the first line of the first cell."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nb2pipe.conversion import build_pipeline
from nb2pipe.kubeflow.compiling import compile_pipeline
from nb2pipe.kubeflow.options import CompileOptions
from nb2pipe.model import StepSettings
from nb2pipe.notebook import read_notebook
from tests.benchmarks.measure import Bench, Result, Usage, against, alternate, program, run, wall
from tests.benchmarks.notebooks import write

SHARE = 1.3


def measure_pod(bench: Bench) -> list[Result]:
    """The worker of a compiled pipeline as its container starts it, without the container."""
    folder = bench.scratch("pod")

    def ours(index: int) -> Usage:
        shutil.rmtree(folder / "task", ignore_errors=True)
        return _to_first_cell(_pod(folder, _notebook(folder, index)), folder)

    def papermill(index: int) -> Usage:
        return _to_first_cell([program("papermill"), str(_notebook(folder, index)), "out.ipynb"], folder)

    first, second = (wall(usages) for usages in alternate(bench.runs, ours, papermill))
    return [
        Result(
            "a step in a pod of Kubeflow, start to first cell",
            "papermill",
            f"≤ {SHARE}x wall",
            against(first, second, "papermill"),
            first <= SHARE * second,
        )
    ]


def _notebook(folder: Path, salt: int) -> Path:
    place = str(folder / "begun.txt")
    source = f"import time\nwith open({place!r}, 'w') as file:\n    file.write(repr(time.time()))\nx = {salt}"
    return write(folder / "in.ipynb", [("step:only", source)])


def _pod(folder: Path, path: Path) -> list[str]:
    """The program of the pod, its artifacts below ``folder``."""
    pipeline = build_pipeline(read_notebook(str(path)))
    steps = tuple(replace(step, settings=StepSettings(image="none:1")) for step in pipeline.steps)
    spec = compile_pipeline(replace(pipeline, steps=steps), CompileOptions()).spec
    container = spec["deploymentSpec"]["executors"]["exec-only"]["container"]
    outputs = spec["components"]["comp-only"]["outputDefinitions"]["artifacts"]
    artifacts = {name: {"artifacts": [{"name": name, "uri": str(folder / "task" / name)}]} for name in outputs}
    told = {"outputs": {"artifacts": artifacts, "outputFile": str(folder / "task" / "told.json")}}
    words = [json.dumps(told) if word == "{{$}}" else word for word in container["args"]]
    return [sys.executable, *container["command"][1:], *words, "--folder", str(folder / "step")]


def _to_first_cell(command: Sequence[str], folder: Path) -> Usage:
    """Run a program; its wall time is that to the first cell."""
    began = time.time()
    usage = run(command, cwd=folder)
    return replace(usage, wall_s=float((folder / "begun.txt").read_text(encoding="utf-8")) - began)
