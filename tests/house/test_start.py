"""What a start loads: little."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.house.test_layers import HEAVY

# PyYAML and sqlite3 are small; what costs a user time is the rest.
TOO_HEAVY = sorted(HEAVY - {"sqlite3"})
REPORT = f"""
import atexit, sys
atexit.register(lambda: print("LOADED", *sorted(set({TOO_HEAVY!r}) & set(sys.modules))))
"""


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import nb2pipe", id="import nb2pipe"),
        pytest.param(
            "from nb2pipe.cli.main import main; sys.argv = ['nb2pipe', '--help']; main()", id="nb2pipe --help"
        ),
        pytest.param("from nb2pipe.cli.main import main; sys.argv = ['nb2pipe', '--version']; main()", id="--version"),
        pytest.param("import nb2pipe.conversion", id="import nb2pipe.conversion"),
    ],
)
def test_a_start_loads_nothing_heavy(code: str) -> None:
    """Importing nb2pipe, or asking its help, loads none of the slow and optional packages."""
    done = subprocess.run([sys.executable, "-c", REPORT + code], capture_output=True, text=True, check=True)
    assert "LOADED" == done.stdout.splitlines()[-1].strip()
