"""What a worker loads before it has anything to do."""

from __future__ import annotations

import subprocess
import sys

LOOK = """
import sys
from nb2pipe.execution.lean import ELSEWHERE, FORMATS, STAND_INS, load_engine
load_engine()
print([name for name in (*ELSEWHERE, *FORMATS, *STAND_INS, "numpy") if name in sys.modules])
print("nb2pipe.execution.engine" in sys.modules, "jsonschema" in sys.modules)
import pyarrow.fs, rfc3987_syntax
"""


def test_a_worker_does_without_what_is_of_no_use_to_it() -> None:
    """The engine is there, pyarrow, a grammar of IRIs and the like are neither loaded nor hidden from later users."""
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=False)
    assert (0, "[]\nTrue False\n") == (done.returncode, done.stdout), done.stderr
