"""Printing what the cells print, while they print it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import click

from nb2pipe.cli.progress import Progress
from nb2pipe.model import Pipeline, Run, State, StepRun

LOOK_EVERY_S = 0.2


class LogReader:
    """Reads a growing log line by line; each line comes out once, the last one even without a line end."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._offset = 0
        self._rest = b""

    def lines(self, last: bool = False) -> list[str]:
        """Whole lines since the last call; with ``last`` also the one that is not ended."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                data = file.read()
        except OSError:
            data = b""
        self._offset += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        if last and self._rest:
            lines.append(self._rest)
            self._rest = b""
        return [
            line.decode("utf-8", "replace").rpartition("\r")[2] or line.decode("utf-8", "replace") for line in lines
        ]


class LogFollower:
    """Progress that also prints the steps' logs, each line marked with its step where there are several."""

    def __init__(self, shown: Progress, stream: IO[Any]) -> None:
        self._shown = shown
        self._print: Callable[[str], None] = getattr(shown, "print", None) or _printer(stream)
        self._readers: dict[tuple[str, int], LogReader] = {}
        self._marked = False
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="nb2pipe log follower", daemon=True)

    def begin(self, pipeline: Pipeline, run: Run, reason: str) -> None:
        """Start to follow."""
        self._marked = len(pipeline.steps) > 1
        self._shown.begin(pipeline, run, reason)
        self._thread.start()

    def step(self, step_run: StepRun) -> None:
        """Follow the log of a step that started; print the rest of one that ended before its end is told."""
        key = (step_run.step, step_run.attempt)
        with self._lock:
            if step_run.state is State.RUNNING and key not in self._readers and step_run.log_path:
                self._readers[key] = LogReader(step_run.log_path)
            if step_run.state.is_final and key in self._readers:
                self._flush(key, last=True)
                del self._readers[key]
        self._shown.step(step_run)

    def end(self) -> None:
        """Print what is left."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        with self._lock:
            for key in self._readers:
                self._flush(key, last=True)
        self._shown.end()

    def _work(self) -> None:
        with suppress(OSError):  # nobody reads: the next step's own line meets the same, and shows no more
            while not self._ended.wait(LOOK_EVERY_S):
                with self._lock:
                    for key in self._readers:
                        self._flush(key)

    def _flush(self, key: tuple[str, int], last: bool = False) -> None:
        for line in self._readers[key].lines(last):
            self._print(f"{key[0]} | {line}" if self._marked else line)


def _printer(stream: IO[Any]) -> Callable[[str], None]:
    def write(line: str) -> None:
        click.echo(line, file=stream)

    return write
