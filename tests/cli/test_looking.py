"""Commands that look at notebooks: check, show, tag; and config."""

from __future__ import annotations

import json
from pathlib import Path

from nb2pipe.catalogue import CATALOGUE
from tests.app.samples import TWO_STEPS, write_notebook
from tests.cli.calling import Caller
from tests.notebook.building import code, markdown

UNKNOWN = code("print(nosuch)", "step:a")


def test_check_of_several(nb2pipe: Caller, tmp_path: Path) -> None:
    """Each notebook is checked; one that would be refused makes exit code 2; findings name cell and line."""
    good = write_notebook(tmp_path / "good.ipynb", *TWO_STEPS)
    bad = write_notebook(tmp_path / "bad.ipynb", UNKNOWN)
    assert (0, f"{good}: no problems, 2 steps\n") == (nb2pipe("check", good).code, nb2pipe("check", good).out)
    done = nb2pipe("check", good, bad, str(tmp_path / "nosuch.ipynb"))
    assert 2 == done.code
    assert f"{bad}: cell 1 (id id-0), line 1: error N2P" in done.out
    assert "N2P001" in done.out
    assert "2 errors" in done.err


def test_check_as_json(nb2pipe: Caller, tmp_path: Path) -> None:
    """One object a notebook, with whether it would run and every finding."""
    bad = write_notebook(tmp_path / "bad.ipynb", UNKNOWN)
    [found] = json.loads(nb2pipe("check", "--json", bad).out)
    assert (bad, False, "error", 0) == (
        found["notebook"],
        found["ok"],
        found["diagnostics"][0]["severity"],
        found["diagnostics"][0]["cell_index"],
    )


def test_explain(nb2pipe: Caller, tmp_path: Path) -> None:
    """A code is explained alone, in any case; with a notebook, every code found in it; an unknown one is named."""
    code_ = next(iter(CATALOGUE))
    for word in (code_, code_.lower()):
        done = nb2pipe("check", "--explain", word)
        assert (0, f"{CATALOGUE[code_]}\n") == (done.code, done.out)
    bad = write_notebook(tmp_path / "bad.ipynb", UNKNOWN)
    for words in (("--explain", bad), (bad, "--explain")):
        done = nb2pipe("check", *words)
        assert (2, True) == (done.code, "Why it matters" in done.out)
    assert "no code 'N2P999'" in nb2pipe("check", "--explain", "N2P999").err
    assert 2 == nb2pipe("check").code


def test_show(nb2pipe: Caller, tmp_path: Path) -> None:
    """Text, Mermaid, JSON and SVG of the same pipeline."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    assert "● add   cells 4-5  ← make (xs)" in nb2pipe("show", path).out
    assert nb2pipe("show", path, "--format", "mermaid").out.startswith("flowchart TD\n")
    assert nb2pipe("show", path, "--format", "svg").out.startswith("<svg ")
    data = json.loads(nb2pipe("show", path, "--json").out)
    assert ["make", "add"] == [step["name"] for step in data["steps"]]
    assert ["xs"] == [link["name"] for link in data["edges"][0]["links"]]


def test_why(nb2pipe: Caller, tmp_path: Path) -> None:
    """Why one step waits for another, directly or through others, or that it does not."""
    cells = (
        code("x = 1", "step:a"),
        code("y = x + 1", "step:b"),
        code("print(y)", "step:c"),
        code("z = 3\nprint(z)", "step:d"),
    )
    path = write_notebook(tmp_path / "n.ipynb", *cells)
    assert "b waits for a:\n  - " in nb2pipe("show", path, "--why", "a", "b").out
    assert "  - a before b: " in nb2pipe("show", path, "--why", "a", "c").out
    assert "other way round" in nb2pipe("show", path, "--why", "b", "a").out
    assert "side by side" in nb2pipe("show", path, "--why", "a", "d").out
    done = nb2pipe("show", path, "--why", "a", "bb")
    assert (2, True) == (done.code, "Did you mean 'b'?" in done.err)


def test_findings_are_shown_beside_the_picture(nb2pipe: Caller, tmp_path: Path) -> None:
    """A pipeline that would be refused is shown all the same, its findings on stderr."""
    done = nb2pipe("show", write_notebook(tmp_path / "n.ipynb", UNKNOWN))
    assert (0, True, True) == (done.code, "● a" in done.out, "`nosuch`" in done.err)


def test_tag(nb2pipe: Caller, tmp_path: Path) -> None:
    """The proposal is shown; it is written only when asked for."""
    cells = (markdown("# Load"), code("x = 1"), markdown("# Use"), code("print(x)"))
    path = write_notebook(tmp_path / "n.ipynb", *cells)
    done = nb2pipe("tag", "--from-headings", path)
    assert (0, True, True) == (done.code, "step:load" in done.out, "Nothing was written" in done.err)
    data = json.loads(nb2pipe("tag", "--from-headings", path, "--json").out)
    assert ([1, 3], None) == ([cell["cell_index"] for cell in data["cells"]], data["written_to"])
    target = str(tmp_path / "tagged.ipynb")
    assert 0 == nb2pipe("tag", "--from-headings", path, target).code
    assert "no problems, 2 steps" in nb2pipe("check", target).out
    assert 0 == nb2pipe("tag", "--from-headings", path, "--write").code
    assert "tagged already" in nb2pipe("tag", "--from-headings", path).out
    assert 2 == nb2pipe("tag", path).code == nb2pipe("tag", "--from-headings", path, target, "--write").code


def test_config(nb2pipe: Caller, nb2pipe_home: Path) -> None:
    """Every setting with its value and where it comes from."""
    rows = {row["key"]: row for row in json.loads(nb2pipe("config", "--json").out)}
    assert {"key": "home", "value": str(nb2pipe_home), "origin": "environment variable NB2PIPE_HOME"} == rows["home"]
    assert [] == [key for key in rows if f"\n{key} " not in nb2pipe("config").out]
