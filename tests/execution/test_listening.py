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


REFUSE = """
from nb2pipe.execution.lean import load_engine
load_engine()
from nbformat import ValidationError
from nbformat.v4 import output_from_msg
def message(**content):
    return {"header": {"msg_type": "stream"}, "content": content}
try:
    output_from_msg(message(name="stdout", text=1))
except ValidationError as error:
    print("refused:", str(error).splitlines()[0])
print(output_from_msg(message(name="stdout", text=["a", "b"]))["text"])
"""


def test_what_is_not_loaded_is_there_when_it_is_needed() -> None:
    """An output that nbformat has to look at more closely is taken or refused as ever."""
    done = subprocess.run([sys.executable, "-c", REFUSE], capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    refused, taken = done.stdout.splitlines()
    assert "refused: 1 is not valid" in refused, done.stdout
    assert "['a', 'b']" == taken


OTHER = """
from nb2pipe.execution import lean
lean.STAND_INS = {**lean.STAND_INS, "jsonschema": {}, "yaml": {}}
lean.load_engine()
import sys
print("nb2pipe.execution.engine" in sys.modules, "jsonschema" in sys.modules)
"""


def test_libraries_of_another_version() -> None:
    """Where a library uses more of another one than stands in for it, the other one is loaded."""
    done = subprocess.run([sys.executable, "-c", OTHER], capture_output=True, text=True, check=False)
    assert (0, "True True\n") == (done.returncode, done.stdout), done.stderr
