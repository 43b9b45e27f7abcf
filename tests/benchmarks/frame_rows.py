"""Rows about a DataFrame of 1 GB that three steps read: time, the wait of a consumer, and memory."""

from __future__ import annotations

import json
import re
import shutil
import statistics
import sys
import threading
from pathlib import Path

from tests.benchmarks.measure import Bench, Result, Usage, alternate, run, wall
from tests.benchmarks.memory import MemoryWatch
from tests.benchmarks.notebooks import Cell, write
from tests.benchmarks.papermill_rows import nb2pipe_run

ROWS, COLUMNS = 12_500_000, 10  # of eight bytes: 1 GB

IMPORTS = "import time\nimport numpy as np\nimport pandas as pd"
MAKE = """values = np.arange({rows} * {columns}, dtype="float64").reshape({rows}, {columns})
values += {salt}
frame = pd.DataFrame(values, columns=list("abcdefghij"))
del values"""
READ = """started = time.perf_counter()
frame
print("loaded in", time.perf_counter() - started)
print(sum(float(frame.to_numpy().sum()) for _ in range({passes})))"""
RAW = """
import hashlib, os, sys, time
import numpy as np
values = np.full(({rows}, {columns}), 1.5)
started = time.perf_counter()
with open(sys.argv[1], "wb", buffering=0) as file:
    view = memoryview(values).cast("B")
    while view:
        view = view[file.write(view):]
    print(time.perf_counter() - started)
    os.fsync(file.fileno())
    print(time.perf_counter() - started)
started = time.perf_counter()
hashlib.sha256(values)
print(time.perf_counter() - started)
os.unlink(sys.argv[1])
"""


def frame_cells(salt: int, *, tags: bool, passes: int = 1, readers: int = 3) -> list[Cell]:
    """A step that makes the frame and steps that read it; ``tags`` off gives the same cells as one step."""
    names = ["setup", "step:make", *(f"step:read{n}" for n in range(readers))]
    make = MAKE.format(rows=ROWS, columns=COLUMNS, salt=salt)
    sources = [IMPORTS, make, *[READ.format(passes=passes)] * readers]
    return [(name if tags else "", source) for name, source in zip(names, sources, strict=True)]


def measure_frame(bench: Bench) -> list[Result]:
    """The added time of three steps that read the frame, one after the other, and how long each waits for it."""
    folder = bench.scratch("frame")
    waits_s: list[float] = []

    def steps(index: int) -> Usage:
        notebook = write(folder / "in.ipynb", frame_cells(index, tags=True))
        usage = nb2pipe_run(folder, notebook, "--jobs", "1", "--no-cache")
        waits_s.extend(_waits(folder / "ours.ipynb"))
        shutil.rmtree(folder / "home")
        return usage

    def one(index: int) -> Usage:
        notebook = write(folder / "in.ipynb", frame_cells(index, tags=False))
        usage = nb2pipe_run(folder, notebook, "--jobs", "1", "--no-cache")
        shutil.rmtree(folder / "home")
        return usage

    def raw(index: int) -> Usage:
        code = RAW.format(rows=ROWS, columns=COLUMNS)
        return run([sys.executable, "-c", code, str(folder / "raw.bin")], cwd=folder)

    several, single, written = alternate(max(3, bench.runs // 2), steps, one, raw)
    added_s = wall(several) - wall(single)
    raw_s, synced_s, hashed_s = (
        statistics.median(float(usage.output.split()[line]) for usage in written) for line in (0, 1, 2)
    )
    longest_s = statistics.median(waits_s)
    ratio, memory = _memory(bench)
    return [
        Result(
            "a 1 GB DataFrame across 3 steps that read it",
            "writing its raw bytes once to the same disk, with fsync as ours",
            "added time ≤ 1.5x",
            f"{added_s / synced_s:.2f}x ({added_s:.2f} s added to {wall(single):.2f} s; raw write with fsync "
            f"{synced_s:.2f} s, into the page cache alone {raw_s:.2f} s; SHA-256 of the bytes {hashed_s:.2f} s)",
            added_s <= 1.5 * synced_s,
        ),
        Result("", "-", "a consumer has it in ≤ 50 ms", f"{longest_s * 1000:.1f} ms", longest_s <= 0.05),
        Result("", "one reader", "two parallel readers do not double memory", memory, ratio <= 1.25),
    ]


def _waits(notebook: Path) -> list[float]:
    text = json.dumps(json.loads(notebook.read_text("utf-8")))
    return [float(found) for found in re.findall(r"loaded in ([\d.e-]+)", text)]


def _memory(bench: Bench) -> tuple[float, str]:
    """Memory of two readers at once over that of one; the frame is taken from the cache, so only readers run."""
    peaks = []
    for readers in (1, 2):
        folder = bench.scratch(f"memory-{readers}")
        write(folder / "in.ipynb", frame_cells(1, tags=True, readers=readers))
        nb2pipe_run(folder, folder / "in.ipynb")
        write(folder / "in.ipynb", frame_cells(1, tags=True, readers=readers, passes=8))
        peaks.append(_peak(folder))
        shutil.rmtree(folder)
    ratio = peaks[1] / peaks[0]
    return ratio, f"{ratio:.2f}x ({peaks[1]:.0f} MiB, one reader {peaks[0]:.0f} MiB)"


def _peak(folder: Path) -> float:
    watch = MemoryWatch(marker=str(folder / "home"))
    thread = threading.Thread(target=watch.run)
    thread.start()
    try:
        nb2pipe_run(folder, folder / "in.ipynb", "--jobs", "2")
    finally:
        watch.stop()
        thread.join()
    return watch.peak_mib
