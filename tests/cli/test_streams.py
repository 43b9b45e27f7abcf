"""Standard streams that are closed, full or no longer read: the run goes on, and the exit code tells the truth."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.app.samples import FAILING, TWO_STEPS, outputs, write_notebook
from tests.cli.calling import call, command


def in_shell(redirection: str, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a shell does with its streams led elsewhere; the exit code is that of nb2pipe."""
    line = ["bash", "-c", f'"$@" {redirection}; exit ${{PIPESTATUS[0]}}', "nb2pipe", *command(words)]
    return subprocess.run(line, cwd=cwd, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize("more", [(), ("--log-output",)], ids=["plain", "log"])
@pytest.mark.parametrize("redirection", ["2>&1 | head -1", "2>/dev/full", ">&- 2>&- <&-", "2>&1 | true"])
def test_a_run_that_nobody_listens_to_goes_on(tmp_path: Path, redirection: str, more: tuple[str, ...]) -> None:
    """A pipe closed early, a full disk or no stream at all neither ends the run nor spoils its exit code."""
    good, bad = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS), write_notebook(tmp_path / "bad.ipynb", *FAILING)
    done = in_shell(redirection, "run", good, "out.ipynb", *more, cwd=tmp_path)
    assert (0, False) == (done.returncode, "Traceback" in done.stderr + done.stdout), done
    assert "made 3\n" in outputs(json.loads((tmp_path / "out.ipynb").read_text("utf-8")))
    assert 1 == in_shell(redirection, "run", bad, *more, cwd=tmp_path).returncode
    assert ["failed", "succeeded"] == [run["state"] for run in json.loads(call("runs", "--json").stdout)]


@pytest.mark.parametrize(
    "words", [("run", "n.ipynb"), ("run", "n.ipynb", "-"), ("show", "n.ipynb"), ("config",), ("--help",)], ids=" ".join
)
def test_output_that_finds_no_room(tmp_path: Path, words: tuple[str, ...]) -> None:
    """What a command prints into a full disk is lost; it says so in one line."""
    write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    done = in_shell(">/dev/full", *words, cwd=tmp_path)
    assert 1 == done.returncode
    assert "nb2pipe: No space left on device: what the command prints" == done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_product_that_nobody_reads_is_lost(tmp_path: Path) -> None:
    """The executed notebook into a pipe that is closed is an error, but no traceback."""
    write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    done = in_shell("| true", "run", "n.ipynb", "-", "--no-progress-bar", cwd=tmp_path)
    assert (1, "") == (done.returncode, done.stderr)


def test_no_file_takes_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    """With all streams closed, what cells and nb2pipe print does not end up in some file of ours."""
    write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    assert 0 == in_shell(">&- 2>&- <&-", "batch", "n.ipynb", "--grid", "rows=1,2", cwd=tmp_path).returncode
    runs = json.loads(call("runs", "--json").stdout)
    assert [0, 1] == sorted(run["metrics"]["total"] for run in runs)
    assert ["n.ipynb"] == [path.name for path in tmp_path.iterdir()]


def test_files_for_what_cells_print_are_checked_first(tmp_path: Path) -> None:
    """A place that cannot be written is refused before the run."""
    write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    done = call("run", "n.ipynb", "--stdout-file", "missing/out.txt", cwd=tmp_path)
    assert (2, True) == (done.returncode, b"missing" in done.stderr)
    assert [] == json.loads(call("runs", "--json").stdout)
