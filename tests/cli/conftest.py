"""What the tests of the command line share."""

from __future__ import annotations

import pytest

from tests.cli.calling import Caller


@pytest.fixture
def nb2pipe(capsys: pytest.CaptureFixture[str]) -> Caller:
    """Call ``nb2pipe`` in this process."""
    return Caller(capsys)
