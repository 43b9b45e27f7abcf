"""``nb2pipe runs diff``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.samples import write_notebook
from tests.cli.calling import Caller
from tests.notebook.building import code


def test_the_command(nb2pipe: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind of difference has its part; the latest run is the second unless another is named."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.txt").write_text("1")

    def run(source: str, rate: str) -> str:
        cells = (code("rate = 1", "parameters"), code(source, "step:a"), code("score", "metrics"))
        done = nb2pipe("run", write_notebook(tmp_path / "n.ipynb", *cells), "-p", "rate", rate, "--json")
        return str(json.loads(done.out)["run"]["id"])

    first = run("score = int(open('in.txt').read()) * rate", "2")
    (tmp_path / "in.txt").write_text("3")
    second = run("score = int(open('in.txt').read()) + rate", "4")
    out = nb2pipe("runs", "diff", first).out
    assert out == nb2pipe("runs", "diff", first, second).out
    for words in (
        f"- {first}  n.ipynb, succeeded",
        f"+ {second}  n.ipynb, succeeded",
        "Code\n  cell 2, step a\n",
        "    -score = int(open('in.txt').read()) * rate\n",
        "Parameters\n  rate  2 → 4  (+2, +100.0%)",
        "Data read\n  in.txt  ",
        "Metrics\n  score  2 → 7  (+5, +250.0%)",
    ):
        assert words in out, out
    assert "Nothing that was recorded differs." in nb2pipe("runs", "diff", second).out
    data = json.loads(nb2pipe("runs", "diff", first, "--json").out)
    assert (False, [first, second]) == (data["is_same"], data["runs"])
    assert [{"name": "rate", "before": 2, "after": 4}] == data["parameters"]
    assert 2 == nb2pipe("runs", "diff", "nosuch").code
