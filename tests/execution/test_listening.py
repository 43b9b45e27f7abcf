"""What a worker loads before it has anything to do."""

from __future__ import annotations

import subprocess
import sys

LOOK = """
import sys
from nb2pipe.execution.listening import ELSEWHERE, load_engine
load_engine()
print([name for name in (*ELSEWHERE, "numpy") if name in sys.modules], "nb2pipe.execution.engine" in sys.modules)
import pyarrow.fs
"""


def test_a_worker_does_without_what_is_for_files_elsewhere() -> None:
    """The engine is there, pyarrow and the like are neither loaded nor hidden from who wants them later."""
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=False)
    assert (0, "[] True\n") == (done.returncode, done.stdout), done.stderr
