"""The program as a process of its own: it ends at once, and leaves nothing undone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PREPARED = """
import atexit, sys, threading
import nb2pipe.cli.program as program
{before}
def main():
    {command}
program.main = main
program.program()
"""


def ended(command: str, before: str = "") -> subprocess.CompletedProcess[bytes]:
    """What became of a process whose command line does what is given."""
    script = PREPARED.format(command=command, before=before)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)


@pytest.mark.parametrize("code", [0, 1, 2, 130])
def test_exit_codes(code: int) -> None:
    """The exit code is the command's, and all that it printed arrives."""
    done = ended(f"print('x' * 100_000); print('e', file=sys.stderr); sys.exit({code})")
    assert (code, 100_001, b"e\n") == (done.returncode, len(done.stdout), done.stderr)


def test_what_was_promised_for_the_end(tmp_path: Path) -> None:
    """Functions registered for the end run, and temporary folders go."""
    before = f"import tempfile; kept = tempfile.TemporaryDirectory(dir={str(tmp_path)!r})"
    done = ended("atexit.register(print, 'ended'); sys.exit(3)", before)
    assert (3, b"ended\n", []) == (done.returncode, done.stdout, list(tmp_path.iterdir()))


def test_a_thread_that_still_works() -> None:
    """Its work is done before the process ends."""
    wait = "threading.main_thread().join(); print('worked')"
    done = ended("threading.Thread(target=work).start(); sys.exit(4)", f"def work():\n    {wait}\n")
    assert (4, b"worked\n") == (done.returncode, done.stdout)


def test_another_error_is_pythons() -> None:
    """What is no way of ending is shown as Python shows it."""
    done = ended("raise ValueError('no')")
    assert (1, True) == (done.returncode, done.stderr.endswith(b"ValueError: no\n"))


def test_output_that_nobody_takes() -> None:
    """Where the last of the output cannot be written, the exit code says so."""
    script = PREPARED.format(command="print('x'); sys.exit(0)", before="")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "-c", script], stdout=full, stderr=subprocess.PIPE, env=env, check=False)
    assert (120, True) == (done.returncode, b"No space left on device" in done.stderr)


def test_garbage_is_collected_once_a_command_is_loaded(tmp_path: Path) -> None:
    """Runs may take days: Python looks for garbage again as soon as the command's modules are there."""
    script = (
        "import gc, sys\nimport nb2pipe.cli.program as program\n"
        "def end(end): print(gc.isenabled(), gc.get_freeze_count() > 1000)\n"
        "program._end = end\nsys.argv = ['nb2pipe', 'config', '--json']\nprogram.program()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, cwd=tmp_path, check=True)
    assert done.stdout.endswith(b"True True\n")
