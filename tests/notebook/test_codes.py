"""The catalogue of this package's diagnostics."""

from __future__ import annotations

import re
from pathlib import Path

import nb2pipe.notebook
from nb2pipe.notebook.codes import CODES


def test_every_code_is_used_and_every_used_code_is_described() -> None:
    """The codes in the source of this package are exactly those of its catalogue."""
    folder = Path(nb2pipe.notebook.__file__).parent
    sources = [path.read_text() for path in folder.glob("*.py") if path.name != "codes.py"]
    assert set(CODES) == {found for source in sources for found in re.findall(r'"(N2P\d{3})"', source)}


def test_every_code_is_described_in_full() -> None:
    """Title, what, why and what to do are there, in the range of this package."""
    assert [] == [code for code, entry in CODES.items() if not all(entry) or not "N2P001" <= code < "N2P200"]
    assert sorted(CODES) == list(CODES)
