"""Tags proposed from headings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nb2pipe.app.tagging import tag_notebook
from nb2pipe.errors import RefusedError
from tests.app.samples import write_notebook
from tests.notebook.building import code, markdown

CELLS = (code("import math"), markdown("# Load"), code("x = 1"), markdown("# Use it"), code("print(x)"))


def test_a_proposal_writes_nothing(tmp_path: Path) -> None:
    """What it would make is shown; the file stays."""
    path = write_notebook(tmp_path / "n.ipynb", *CELLS)
    before = Path(path).read_text("utf-8")
    proposal = tag_notebook(path)
    assert {0: ("setup",), 2: ("step:load",), 4: ("step:use-it",)} == proposal.tags
    assert ["load", "use-it"] == [step.name for step in proposal.pipeline.steps]
    assert ("", before) == (proposal.written_to, Path(path).read_text("utf-8"))


def test_written_where_asked(tmp_path: Path) -> None:
    """Into another file or into the notebook itself."""
    path = write_notebook(tmp_path / "n.ipynb", *CELLS)
    for target in (str(tmp_path / "tagged.ipynb"), path):
        assert target == tag_notebook(path, output=target).written_to
        tags = [cell["metadata"].get("tags", []) for cell in json.loads(Path(target).read_text("utf-8"))["cells"]]
        assert [["setup"], [], ["step:load"], [], ["step:use-it"]] == tags


def test_without_headings(tmp_path: Path) -> None:
    """A notebook without headings is refused."""
    with pytest.raises(RefusedError, match="heading"):
        tag_notebook(write_notebook(tmp_path / "n.ipynb", code("x = 1")))
