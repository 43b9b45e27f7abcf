"""Steps in containers against steps as processes, and against papermill started cold in a container for each step."""

from __future__ import annotations

import json
from pathlib import Path

from tests.benchmarks.measure import Bench, Result, Usage, against, alternate, run, wall
from tests.benchmarks.notebooks import chain, document, write
from tests.benchmarks.papermill_rows import nb2pipe_run
from tests.containers.engine import why_not
from tests.containers.lent import image_settings

STEPS = 10


def measure_containers(bench: Bench) -> list[Result]:
    """A chain of ten trivial steps in containers; no row where there is no engine."""
    if why_not() is not None:
        return []
    settings = image_settings("fast")
    folder = bench.scratch("containers")

    def ours(index: int) -> Usage:
        notebook = document(chain(index))
        notebook["metadata"]["nb2pipe"] = settings
        (folder / "in.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        return nb2pipe_run(folder, folder / "in.ipynb")

    def processes(index: int) -> Usage:
        return nb2pipe_run(folder, write(folder / "plain.ipynb", chain(index)))

    def cold(index: int) -> Usage:
        return run(["bash", "-e", str(_cold_script(folder, index, settings))], cwd=folder)

    def floor(index: int) -> Usage:
        return run(["bash", "-e", str(_floor_script(folder, settings))], cwd=folder)

    sides = alternate(bench.runs, ours, processes, cold, floor)
    first, second, third, fourth = (wall(usages) for usages in sides)
    return [
        Result(
            "a chain of 10 trivial steps, each in a container",
            "the same as processes",
            "≤ 1.5x wall",
            against(first, second, "processes"),
            first <= 1.5 * second,
        ),
        Result(
            "the same",
            "ten times `podman run … papermill` on one step",
            "≤ 0.25x wall",
            against(first, third, "podman"),
            first <= 0.25 * third,
        ),
        Result(
            "the same",
            "the floor: ten containers side by side, one for each processor, that import what runs cells and end",
            "-",
            against(first, fourth, "the floor"),
            None,
        ),
    ]


def _cold_script(folder: Path, salt: int, settings: dict[str, object]) -> Path:
    """Ten steps as one would start them by hand: each its own notebook, one after the other."""
    start = f"{_start(folder, settings)} papermill"
    lines = []
    for number in range(STEPS):
        write(folder / f"cold-{number}.ipynb", [("", f"x = {salt} + {number}\nprint(x)")])
        lines.append(f"{start} cold-{number}.ipynb cold-out-{number}.ipynb")
    script = folder / "cold.sh"
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return script


def _floor_script(folder: Path, settings: dict[str, object]) -> Path:
    """What no executor of steps in containers of their own can do without, with all processors busy from the start."""
    start = f"{_start(folder, settings)} python3 -c 'import nbclient, ipykernel.kernelapp'"
    script = folder / "floor.sh"
    script.write_text(f"seq {STEPS} | xargs -P $(nproc) -I @NUMBER@ {start}\n", encoding="utf-8")
    return script


def _start(folder: Path, settings: dict[str, object]) -> str:
    """The words that start a container of the image; its program comes behind."""
    volumes = settings["volumes"]
    assert isinstance(volumes, list)
    mounts = " ".join(f"--volume {volume}" for volume in (*volumes, f"{folder}:{folder}"))
    return f"podman run --rm --init --pull=never {mounts} --workdir {folder} {settings['image']}"
