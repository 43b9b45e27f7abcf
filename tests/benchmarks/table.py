"""The table for people, and what machine it was measured on."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.measure import Result

START = "<!-- benchmark: written by make benchmark -->"
END = "<!-- end of benchmark -->"
MARKS = {True: ("ok  ", "yes"), False: ("MISS", "no"), None: ("    ", "-")}
"""For text and for the table."""


def as_text(results: Sequence[Result]) -> str:
    """A line for each result."""
    return "\n".join(
        f"{MARKS[row.met][0]} {row.what or '   and'}: {row.measured} (must: {row.must})" for row in results
    )


def as_markdown(results: Sequence[Result], facts: str, runs: int) -> str:
    """The table of the README."""
    lines = ["| what | against | must | measured | |", "|---|---|---|---|---|"]
    lines += [f"| {row.what} | {row.against} | {row.must} | {row.measured} | {MARKS[row.met][1]} |" for row in results]
    note = f"Medians of {runs} runs of whole processes, each side in turn (A B A B); {facts}."
    return "\n".join([*lines, "", note])


def machine_facts(folder: Path) -> str:
    """One line on the machine, its load and the versions in play."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("nb2pipe", "papermill", "ipykernel", "pandas"))
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    free_gib = shutil.disk_usage(folder if folder.exists() else Path.cwd()).free / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({_processor()}), {memory_gib:.0f} GiB, "
        f"{free_gib:.0f} GiB free on the disk, load {os.getloadavg()[0]:.1f} at the start; "
        f"{platform.system()}, Python {platform.python_version()}, {versions}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def replace_block(path: Path, table: str) -> None:
    """Put the table between the two marks of a file.

    Raises:
        ValueError: the marks are not there, once each and in order.
    """
    text = path.read_text("utf-8")
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"{path}: no place marked {START!r} ... {END!r}")
    path.write_text(f"{before}{START}\n{table}\n{END}{after}", encoding="utf-8")
