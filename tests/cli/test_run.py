"""``nb2pipe run`` and the commands about runs, in this process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.samples import FAILING, TWO_STEPS, outputs, write_notebook
from tests.cli.calling import Caller
from tests.notebook.building import code


@pytest.fixture
def sums(tmp_path: Path) -> str:
    """A notebook of two steps."""
    return write_notebook(tmp_path / "sums.ipynb", *TWO_STEPS)


def test_a_good_run(nb2pipe: Caller, sums: str, tmp_path: Path) -> None:
    """Progress on stderr, the table on stdout, without colours in a pipe; OUT and report where asked for."""
    out, report = tmp_path / "out.ipynb", tmp_path / "r.html"
    done = nb2pipe("run", sums, str(out), "-p", "rows", "5", "--report", str(report), "--tag", "t")
    assert 0 == done.code
    assert "make: started, 2 cells" in done.err
    assert "add: succeeded in " in done.err
    for words in ("STEP  STATE ", "metric total = 10", " succeeded in ", str(out), str(report), "nb2pipe logs 2"):
        assert words in done.out, words
    assert "\x1b" not in done.out + done.err
    assert "made 5\n" in outputs(json.loads(out.read_text("utf-8")))
    assert report.exists()


def test_a_failed_cell_is_shown_as_its_reader_knows_it(nb2pipe: Caller, tmp_path: Path) -> None:
    """Notebook, cell, id and line, its own traceback, inputs, and how to see more."""
    path = write_notebook(tmp_path / "bad.ipynb", *FAILING)
    done = nb2pipe("run", path)
    assert 1 == done.code
    assert f"Step 'second' failed: {path}, cell 2 (id id-1), line 2" in done.out
    assert "----> 2 z = x / 0" in done.out
    assert "ZeroDivisionError: division by zero" in done.out
    assert "nb2pipe/execution" not in done.out
    assert "    x: int" in done.out
    assert "(from first)" in done.out
    assert "nb2pipe logs 2" in done.out
    assert "step 'second' before it failed" in done.out


def test_json(nb2pipe: Caller, sums: str) -> None:
    """A program gets the run, its steps, metrics and places, on stdout and nothing else there."""
    done = nb2pipe("run", sums, "--json", "--no-progress-bar")
    data = json.loads(done.out)
    assert ("", "succeeded", {"total": 3}) == (done.err, data["run"]["state"], data["metrics"])
    assert [("make", "succeeded"), ("add", "succeeded")] == [(s["step"], s["state"]) for s in data["steps"]]
    assert Path(data["notebook_path"]).exists()
    assert 2 == nb2pipe("run", sums, "-", "--json").code


def test_refusals(nb2pipe: Caller, sums: str, tmp_path: Path) -> None:
    """Diagnostics on stderr, exit code 2, nothing written."""
    bad = write_notebook(tmp_path / "bad.ipynb", code("print(nosuch)", "step:a"))
    out = tmp_path / "out.ipynb"
    for words, said in (
        ((bad,), "`nosuch`"),
        ((sums, str(out), "-p", "rowz", "1"), "'rows'"),
        ((sums, str(out), "-p", "rows", "x"), "'rows'"),
        ((sums, str(out), "--kernel", "nosuch"), "nosuch"),
        ((sums, str(out), "--executor", "proces"), "process"),
        ((sums, str(out), "-f", "nosuch.yaml"), "nosuch.yaml"),
    ):
        done = nb2pipe("run", *words)
        assert (2, "", True) == (done.code, done.out, said in done.err), (words, done)
    assert not out.exists()


@pytest.mark.parametrize("option", ["--report", "--stdout-file", "--stderr-file"])
def test_nothing_is_written_over_the_notebook(nb2pipe: Caller, sums: str, tmp_path: Path, option: str) -> None:
    """A slip on the command line does not cost the notebook, nor the executed one."""
    before, out = Path(sums).read_bytes(), str(tmp_path / "out.ipynb")
    for place in (sums, out):
        done = nb2pipe("run", sums, out, option, place)
        assert (2, True) == (done.code, "are the same file" in done.err)
    assert 2 == nb2pipe("batch", sums, "--grid", "rows=1", "--junit", sums).code
    assert before == Path(sums).read_bytes()


def test_log_output(nb2pipe: Caller, sums: str, tmp_path: Path) -> None:
    """What the cells print comes with the progress, marked with the step, before the step's end."""
    lines = nb2pipe("run", sums, "--log-output").err.splitlines()
    [end] = [number for number, line in enumerate(lines) if "make: succeeded" in line]
    assert lines.index("make | made 3") < end
    stdout = tmp_path / "stdout.txt"
    assert 0 == nb2pipe("run", sums, "--stdout-file", str(stdout)).code
    assert "made 3\n" == stdout.read_text("utf-8")


def test_quiet(nb2pipe: Caller, sums: str) -> None:
    """A log level above INFO shows nothing of a good run, as papermill does."""
    done = nb2pipe("run", sums, "--log-level", "WARNING")
    assert (0, "", "") == (done.code, done.out, done.err)


def test_looking_at_the_notebook_only(nb2pipe: Caller, sums: str, tmp_path: Path) -> None:
    """Its parameters, or the notebook with parameters and without outputs."""
    assert "  rows: int (default 3)  how many" in nb2pipe("run", "--help-notebook", sums).out
    out = tmp_path / "prepared.ipynb"
    assert 0 == nb2pipe("run", sums, str(out), "--prepare-only", "-p", "rows", "9").code
    prepared = json.loads(out.read_text("utf-8"))
    assert ["rows = 9"] == [cell["source"].splitlines()[-1] for cell in prepared["cells"] if "9" in cell["source"]]
    assert {""} == set(outputs(prepared))
    assert "No runs." in nb2pipe("runs").out


def test_report_mode(nb2pipe: Caller, sums: str, tmp_path: Path) -> None:
    """Code cells of OUT are folded, as papermill does for reports."""
    out = tmp_path / "out.ipynb"
    assert 0 == nb2pipe("run", sums, str(out), "--report-mode").code
    cells = [cell for cell in json.loads(out.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert [True] * 4 == [cell["metadata"]["jupyter"]["source_hidden"] for cell in cells]


def test_runs_logs_and_prune(nb2pipe: Caller, sums: str, tmp_path: Path) -> None:
    """A run is listed, shown, its logs read, and removed."""
    failing = write_notebook(tmp_path / "bad.ipynb", *FAILING)
    nb2pipe("run", sums, "-p", "rows", "4")
    nb2pipe("run", failing)
    listed = json.loads(nb2pipe("runs", "--json").out)
    assert [("bad", "failed"), ("sums", "succeeded")] == [(run["pipeline"], run["state"]) for run in listed]
    assert {"total": 6} == listed[1]["metrics"]
    assert ["sums"] == [r["pipeline"] for r in json.loads(nb2pipe("runs", "--state", "succeeded", "--json").out)]
    assert "total=6" in nb2pipe("runs", "list", "--notebook", sums).out
    shown = nb2pipe("runs", "show", listed[1]["id"][-7:]).out
    for words in ("sums", "rows = 4", "total = 6", "list", "make"):
        assert words in shown, words
    assert "ZeroDivisionError: division by zero" in nb2pipe("runs", "show").out
    assert sums.rpartition("/")[2] not in nb2pipe("runs", "show", "--notebook-text").out
    assert "made 4\n" == nb2pipe("logs", listed[1]["id"], "make").out
    assert "── first (succeeded)\nbefore\n" in nb2pipe("logs").out
    assert "run" in nb2pipe("logs", "latest", "--follow").err
    assert "has ended already: failed" in nb2pipe("cancel", "latest").out
    assert "Removed 0 runs, 0 B freed.\n" == nb2pipe("runs", "prune", "--keep", "5").out
    assert 2 == nb2pipe("runs", "prune", "--state", "failed").code == nb2pipe("runs", "prune").code
    assert "Would remove 1 run" in nb2pipe("runs", "prune", "--state", "failed", "--dry-run").out
    assert "Removed 1 run" in nb2pipe("runs", "prune", "--state", "failed", "--yes").out
    assert ["sums"] == [run["pipeline"] for run in json.loads(nb2pipe("runs", "--json").out)]


@pytest.mark.parametrize(
    "words", [("--limit", "9" * 30), ("prune", "--yes", "--keep", "9" * 30)], ids=["limit", "keep"]
)
def test_numbers_that_no_database_holds(nb2pipe: Caller, words: tuple[str, ...]) -> None:
    """A number of runs without measure is a wrong option, not a traceback."""
    done = nb2pipe("runs", *words)
    assert (2, True) == (done.code, "is not in the range" in done.err)


def test_batch(nb2pipe: Caller, tmp_path: Path) -> None:
    """A table, JUnit XML, and exit code 1 when a run failed; wrong sets are refused."""
    cells = (code("n = 1", "parameters"), code("r = 6 // n", "step:divide"), code("r", "metrics"))
    path = write_notebook(tmp_path / "n.ipynb", *cells)
    junit = tmp_path / "junit.xml"
    done = nb2pipe("batch", path, "--grid", "n=1,0,3", "--jobs", "2", "--junit", str(junit))
    assert 1 == done.code
    assert "2 of 3 succeeded" in done.out
    assert "ZeroDivisionError" in done.out
    assert 'tests="3" failures="1"' in junit.read_text("utf-8")
    good = nb2pipe("batch", path, "--grid", "n=1,3", "--json")
    assert (0, [6, 2]) == (good.code, [item["metrics"]["r"] for item in json.loads(good.out)])
    refused = nb2pipe("batch", path, "--grid", "n=1,x", "--grid", "m=1")
    assert (2, True) == (refused.code, "--grid n=1 m=1" in refused.err)
    assert 2 == nb2pipe("batch", path).code


def test_warnings_come_before_the_run(nb2pipe: Caller, tmp_path: Path) -> None:
    """What the check has to say is said, once, and does not stop the run."""
    cells = (
        code("items = []", "block:make"),
        code("items.append(1)", "block:one", "prev:make"),
        code("items.append(2)", "block:two", "prev:make"),
        code("print(items)", "block:show", "prev:one", "prev:two"),
    )
    path = write_notebook(tmp_path / "n.ipynb", *cells)
    assert " warning N2P" in nb2pipe("check", path).out
    done = nb2pipe("run", path)
    assert (0, 1) == (done.code, done.err.count("warning N2P"))
    assert "[1, 2]" in nb2pipe("logs", "latest", "show").out
