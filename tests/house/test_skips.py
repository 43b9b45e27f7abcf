"""Skips count: what NB2PIPE_REQUIRE names must be there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

IN_A_TEST = '''
import pytest

def test_database():
    """Needs a server."""
    pytest.skip("needs postgresql: no server here")
'''
AS_A_MODULE = 'import pytest\npytest.skip("needs postgresql: no server here", allow_module_level=True)\n'


@pytest.mark.parametrize("source", [IN_A_TEST, AS_A_MODULE], ids=["test", "module"])
@pytest.mark.parametrize(("required", "failed"), [("kernel,postgresql", True), ("kernel", False)])
def test_a_required_skip_is_a_failure(tmp_path: Path, source: str, required: str, failed: bool) -> None:
    """A test that skips for lack of something fails where NB2PIPE_REQUIRE names that thing, and only there."""
    path = tmp_path / "test_it.py"
    path.write_text(source)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.conftest", str(path)],
        cwd=tmp_path,
        env={**os.environ, "NB2PIPE_REQUIRE": required, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert failed == (done.returncode not in (0, 5)), done.stdout
    assert failed == ("NB2PIPE_REQUIRE names 'postgresql'" in done.stdout)
