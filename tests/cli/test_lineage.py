"""``nb2pipe lineage`` as a person uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.samples import write_notebook
from tests.cli.calling import Caller
from tests.notebook.building import code

TRAIN = (
    code("factor: float = 2.0", "parameters"),
    code("rows = open('in.csv').read().split()", "step:load"),
    code("model = [float(row) * factor for row in rows]\nopen('model.txt', 'w').write(str(model))", "step:train"),
    code("score = sum(model)", "step:rate"),
    code("score", "metrics"),
)


@pytest.fixture
def runs(nb2pipe: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two runs that train, and one that uses what the first wrote; their ids."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_text("1\n2\n")
    train = write_notebook(tmp_path / "train.ipynb", *TRAIN)
    use = write_notebook(tmp_path / "use.ipynb", code("n = len(open('model.txt').read())", "step:use"))
    asked = ((train,), (use,), (train, "-p", "factor", "3.0"))
    return [json.loads(nb2pipe("run", *words, "--json").out)["run"]["id"] for words in asked]


def test_a_value_in_full(nb2pipe: Caller, runs: list[str]) -> None:
    """Run, step, code, parameters, environment, user and time of a value, what it was made of and what used it."""
    done = nb2pipe("lineage", "latest/train/model")
    assert 0 == done.code, done.err
    for words in (
        f"run         {runs[2]}  (train.ipynb)",
        "parameters  factor=3.0",
        "python      CPython 3.",
        "    model = [float(row) * factor for row in rows]",
        "└─ step load  cell 2  (cached from run",
        "└─ in.csv  4 B  ",
        "└─ step rate  cells 4-5",
        "└─ metric score = 9.0",
    ):
        assert words in done.out, done.out
    assert nb2pipe("lineage", "latest/model").out == done.out


def test_who_used_a_file(nb2pipe: Caller, runs: list[str], tmp_path: Path) -> None:
    """By path, by its end, by content digest, and by a copy under another name."""
    done = nb2pipe("lineage", "model.txt", "--downstream")
    assert "File model.txt  (2 versions in runs; now " in done.out
    assert f"step use of run {runs[1]} (use.ipynb" in done.out
    assert "Made from" not in done.out
    (tmp_path / "copy.csv").write_bytes((tmp_path / "in.csv").read_bytes())
    data = json.loads(nb2pipe("lineage", "in.csv", "--downstream", "--json").out)
    [digest] = {node["digest"] for node in data["nodes"] if node["id"] in data["starts"]}
    for word in (str(tmp_path / "in.csv"), digest[:9], "copy.csv"):
        out = nb2pipe("lineage", word, "--downstream").out
        assert f"step load of run {runs[0]}" in out and f"step load of run {runs[2]}" in out, (word, out)
    (tmp_path / "model.txt").unlink()
    assert "not there now" in nb2pipe("lineage", "model.txt").out


def test_a_run(nb2pipe: Caller, runs: list[str]) -> None:
    """All that it read, made and wrote, on both sides; another run that used its file."""
    out = nb2pipe("lineage", runs[0]).out
    assert out.startswith(f"Run {runs[0]}  (train.ipynb, succeeded, ")
    assert "metric score = 6.0" in out and f"step use of run {runs[1]}" in out
    assert "step train of run" in nb2pipe("lineage", runs[1], "--upstream").out
    code_ = nb2pipe("lineage", runs[1], "--upstream", "--code").out
    assert "Code of step train of run" in code_ and "    rows = open('in.csv')" in code_


def test_forms(nb2pipe: Caller, runs: list[str]) -> None:
    """JSON has nodes with code, edges and runs; Mermaid has the same picture."""
    data = json.loads(nb2pipe("lineage", "latest/score", "--upstream", "--format", "json").out)
    assert {"metric", "step", "artifact", "file"} == {node["kind"] for node in data["nodes"]}
    steps = {node["step"]["step"]: node for node in data["nodes"] if node["kind"] == "step"}
    assert "rows = open" in steps["load"]["code"][-1]["source"]
    assert [runs[2]] == list(data["runs"])
    ids = {node["id"] for node in data["nodes"]}
    assert all(edge["source"] in ids and edge["target"] in ids for edge in data["edges"])
    mermaid = nb2pipe("lineage", "latest/score", "--upstream", "--format", "mermaid").out
    assert mermaid.startswith("flowchart LR\n") and '{{"metric score' in mermaid
    assert len(data["edges"]) == mermaid.count("-->")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("in.cvs", "N2P701: No run knows 'in.cvs'.\n    Did you mean "),
        ("latest/trian/model", "/train/model?"),
        ("latest/zzzzzz", " has: load, load/rows, train, "),
        ("nothing at all", "nb2pipe runs lists"),
    ],
)
def test_unknown_names(nb2pipe: Caller, runs: list[str], word: str, expected: str) -> None:
    """What no run knows is refused with a code, and the nearest names."""
    done = nb2pipe("lineage", word)
    assert (2, True) == (done.code, expected in done.err), done.err


def test_ambiguous_names(nb2pipe: Caller, runs: list[str], tmp_path: Path) -> None:
    """A name of two files is refused with both."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same.txt").write_text(name)
    cells = (code("x = open('a/same.txt').read() + open('b/same.txt').read()", "step:a"),)
    assert 0 == nb2pipe("run", write_notebook(tmp_path / "n.ipynb", *cells)).code
    done = nb2pipe("lineage", "same.txt")
    assert (2, True) == (done.code, "N2P702: 'same.txt' can mean 2 things." in done.err)
    assert f"{tmp_path}/a/same.txt" in done.err and 0 == nb2pipe("lineage", "a/same.txt").code


def test_lineage_without_runs(nb2pipe: Caller) -> None:
    """In an empty store nothing is known."""
    done = nb2pipe("lineage", "latest")
    assert (2, True) == (done.code, "N2P701" in done.err)
