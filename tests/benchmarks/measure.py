"""Whole processes, timed side by side."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Usage:
    """What one process took, its children that it waited for included in ``cpu_s`` and ``max_rss_mib``."""

    wall_s: float
    cpu_s: float
    max_rss_mib: float
    output: str


@dataclass(frozen=True)
class Bench:
    """Where and how often to measure.

    Args:
        folder: scratch folder on the disk that is measured.
        runs: measured runs of each side; one more of each goes before and is thrown away.
    """

    folder: Path
    runs: int

    def scratch(self, name: str) -> Path:
        """A new empty folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder))


@dataclass(frozen=True)
class Result:
    """One row of the table; ``measured`` is text for a person, ``met`` whether it is what ``must`` asks."""

    what: str
    against: str
    must: str
    measured: str
    met: bool | None


def program(name: str) -> str:
    """Path of a console script beside this Python, as a user would start it."""
    return str(Path(sys.executable).parent / name)


def run(arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None) -> Usage:
    """Run a program to its end.

    Raises:
        RuntimeError: it failed; the message has its output.
    """
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            list(arguments),
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode("utf-8", errors="replace")
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments)} exited with {process.returncode}:\n{text}")
    return Usage(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


def alternate(runs: int, *sides: Callable[[int], Usage]) -> tuple[list[Usage], ...]:
    """Run A B A B ... so that what else goes on hits all sides alike; the first round warms up and is dropped.

    Args:
        runs: measured rounds.
        sides: each gets the number of the round, 0 for the one that is dropped.

    Returns:
        For each side its usages, one a round.
    """
    found: tuple[list[Usage], ...] = tuple([] for _ in sides)
    for index in range(runs + 1):
        for side, usages in zip(sides, found, strict=True):
            usage = side(index)
            if index:
                usages.append(usage)
    return found


def wall(usages: Sequence[Usage]) -> float:
    """Median wall time in seconds."""
    return statistics.median(usage.wall_s for usage in usages)


def against(ours: float, theirs: float, rival: str) -> str:
    """``0.52x (0.50 s against papermill's 0.96 s)``."""
    return f"{ours / theirs:.2f}x ({ours:.2f} s, {rival} {theirs:.2f} s)"
