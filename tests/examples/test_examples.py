"""The example notebooks are clean, tagged, and their data can be made again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "example_notebooks"
STEPS = {
    "tour": ["simulate", "report"],
    "churn": ["load", "validate", "clean", "split", "train-logistic", "train-forest", "evaluate", "pick"],
    "time_series": ["load", "features", "seasonal-naive", "ridge", "compare"],
    "vibration": ["record", "features", "train", "list", "show"],
    "errors_on_purpose": ["load", "pieces", "revenue", "report"],
}


def read(name: str) -> Any:
    """The notebook as JSON."""
    return json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))


def test_every_example_is_known() -> None:
    """No example goes untested."""
    assert sorted(STEPS) == sorted(path.stem for path in FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("name", STEPS)
def test_example_is_clean(name: str) -> None:
    """Valid nbformat 4.5, no outputs or counts stored, readable ids, a title."""
    document = read(name)
    nbformat.validate(document)
    code = [cell for cell in document["cells"] if cell["cell_type"] == "code"]
    assert (4, 5) == (document["nbformat"], document["nbformat_minor"])
    assert [[]] * len(code) == [cell["outputs"] for cell in code]
    assert {None} == {cell["execution_count"] for cell in code}
    assert document["cells"][0]["source"][0].startswith("# ")


@pytest.mark.parametrize("name", STEPS)
def test_example_has_its_steps(name: str) -> None:
    """The steps that README and texts speak of are there, in this order."""
    tags = [tag for cell in read(name)["cells"] for tag in cell["metadata"].get("tags", [])]
    assert STEPS[name] == [tag.removeprefix("step:") for tag in tags if tag.startswith("step:")]


def test_data_can_be_made_again(tmp_path: Path) -> None:
    """The generator gives the stored files, byte by byte."""
    subprocess.run([sys.executable, FOLDER / "make_data.py", tmp_path], check=True)
    stored = {path.name: path.read_bytes() for path in (FOLDER / "data").iterdir()}
    assert stored == {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()}


def test_errors_on_purpose_says_where() -> None:
    """The text names the cell that fails, by number and id, as the reader counts."""
    cells = read("errors_on_purpose")["cells"]
    number = next(index for index, cell in enumerate(cells, 1) if cell["id"] == "to-number")
    text = "".join(cells[0]["source"])
    assert f"**cell {number}**" in text
    assert "**line 2**" in text
    assert "astype(float)" in cells[number - 1]["source"][1]
