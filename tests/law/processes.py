"""Programs started with a limit on their time, and what they leave running."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

TIMED_OUT = -1000
GRACE_S = 5.0


@dataclass(frozen=True)
class Finished:
    """A program that ended: its exit code (``TIMED_OUT`` when it was stopped), and what it printed."""

    code: int
    stdout: str
    stderr: str


def environment(**more: str) -> dict[str, str]:
    """The environment of every run: this one without settings of nb2pipe, hashes as they always are."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("NB2PIPE_", "PYTEST_"))}
    kept |= {"PYTHONHASHSEED": "0", "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}
    kept.pop("MPLBACKEND", None)
    return {**kept, **more}


def run_program(command: Sequence[str], env: Mapping[str, str], cwd: Path, timeout_s: float) -> Finished:
    """Run a program in a session of its own; on a timeout its whole session is stopped.

    What it prints goes to files, so that processes it leaves behind cannot hold us up.
    """
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(
            command,
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        try:
            code = process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            code = TIMED_OUT
        return Finished(code, _text(stdout), _text(stderr))


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def nb2pipe_command() -> list[str]:
    """The real command line, as installed beside this interpreter."""
    script = Path(sys.executable).parent / "nb2pipe"
    if not script.exists():
        raise FileNotFoundError(f"no 'nb2pipe' beside {sys.executable}: install the project first")
    return [str(script)]


def left_behind(marker: str) -> list[int]:
    """Ids of processes whose environment names ``marker``, after a short wait for them to end."""
    deadline = time.monotonic() + GRACE_S
    while (found := _having(marker)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def stop(pids: Sequence[int]) -> None:
    """Kill processes by id; those that are gone already are fine."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _having(marker: str) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if marker.encode() in entry.read_bytes():
                found.append(int(entry.parent.name))
    return found
