"""Giving a notice to a program of the user's."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from nb2pipe.notices.outcome import Outcome

_SHOWN_BYTES = 300


def run_program(argv: Sequence[str], data: Mapping[str, Any], folder: str, timeout_s: float) -> Outcome:
    """Start a program with JSON on its standard input; the notice is sent if it ends with 0.

    Args:
        argv: program and arguments; no shell reads them, ``~`` at the program's beginning is the user's home.
        data: the JSON.
        folder: where it runs.
        timeout_s: seconds after which it and what it started are killed.
    """
    words = [str(Path(argv[0]).expanduser()) if argv[0].startswith("~") else argv[0], *argv[1:]]
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as said:
        told.write(json.dumps(data).encode())  # a file, so that a program that does not read it holds nobody up
        told.seek(0)
        try:
            process = subprocess.Popen(words, cwd=folder, stdin=told, stdout=said, stderr=said, start_new_session=True)
        except (OSError, ValueError) as error:
            return Outcome(reason=f"{words[0]!r} cannot be started: {getattr(error, 'strerror', '') or error}")
        try:
            code = process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return Outcome(reason=f"{words[0]!r} took longer than {timeout_s:g} s" + _last_words(said))
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)  # it is ours until we have waited for it
                process.wait()
        if code == 0:
            return Outcome(is_sent=True)
        how = f"ended with code {code}" if code > 0 else f"was killed by signal {-code}"
        return Outcome(reason=f"{words[0]!r} {how}" + _last_words(said))


def _last_words(said: IO[bytes]) -> str:
    said.seek(max(said.seek(0, os.SEEK_END) - _SHOWN_BYTES, 0))
    lines = said.read().decode("utf-8", "replace").strip().splitlines()
    return f": {lines[-1].strip()}" if lines else ""
