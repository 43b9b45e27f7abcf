"""The line magic ``%nb2pipe`` in a real kernel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.app.history import list_runs
from nb2pipe.model import State
from nb2pipe.widgets.magic import OFFERED
from tests.app.samples import ENDLESS, FAILING, TWO_STEPS, settings_in, write_notebook
from tests.notebook.building import code
from tests.session.stepping import Kernel, kernel


@pytest.fixture
def loaded(tmp_path: Path, nb2pipe_home: Path) -> Iterator[Kernel]:
    """A kernel beside ``own.ipynb``, the notebook that it runs for, with the extension loaded."""
    write_notebook(tmp_path / "own.ipynb", *TWO_STEPS)
    with kernel(tmp_path) as started:
        assert ("ok", "") == started.run(f"__vsc_ipynb_file__ = {str(tmp_path / 'own.ipynb')!r}\n%load_ext nb2pipe")
        yield started


def test_the_notebook_itself(loaded: Kernel, nb2pipe_home: Path) -> None:
    """Without a path the commands are about the saved notebook of the cell, with the options of the command line."""
    status, out = loaded.run("%nb2pipe check")
    assert ("ok", True) == (status, out.endswith("own.ipynb: no problems, 2 steps\n")), out
    status, out = loaded.run("%nb2pipe show --format mermaid")
    assert "ok" == status and "make --> |" not in out and "make" in out and "add" in out
    status, out = loaded.run("n = 5\n%nb2pipe run -p rows {n} --tag from-a-cell")
    assert "ok" == status and "metric total = 10" in out, out
    [run], _ = list_runs(settings_in(nb2pipe_home))
    assert (State.SUCCEEDED, {"rows": 5, "name": "x"}, ("from-a-cell",)) == (run.state, run.parameters, run.tags)
    status, out = loaded.run("%nb2pipe logs latest")
    assert "ok" == status and "made 5" in out
    assert run.id in loaded.run("%nb2pipe runs")[1]


def test_what_there_is(loaded: Kernel) -> None:
    """``%nb2pipe`` alone lists the commands, and so does a word that is none; a near one is guessed."""
    for line in ("%nb2pipe", "%nb2pipe --help", "%nb2pipe chek", "%nb2pipe scheduler"):
        status, out = loaded.run(line)
        assert [] == [name for name in OFFERED if f"%nb2pipe {name} " not in out], line
        assert ("ok" if line in ("%nb2pipe", "%nb2pipe --help") else "error") == status, line
    assert "Did you mean 'check'?" in loaded.run("%nb2pipe chek")[1]
    assert "!nb2pipe scheduler" in loaded.run("%nb2pipe scheduler")[1]
    assert "--executor NAME" in loaded.run("%nb2pipe run --help")[1]


def test_bad_words(loaded: Kernel, tmp_path: Path) -> None:
    """What is wrong is said in a line or two, without a traceback of ours, and the kernel lives on."""
    (tmp_path / "bad.ipynb").write_text("{}", encoding="utf-8")
    expected = {
        "run -p rows x": "N2P151",
        "run -p nosuch 1": "N2P150",
        "run --nope": "No such option '--nope'",
        "run 'own": "no closing quotation",
        "run nosuch.ipynb": "There is no file 'nosuch.ipynb'",
        "check bad.ipynb": "N2P002",
        "show": "",
        "logs nosuch": "nosuch",
        "run --executor nosuch": "nosuch",
    }
    for words, part in expected.items():
        status, out = loaded.run(f"%nb2pipe {words}")
        assert ("ok" if words == "show" else "error") == status, (words, out)
        assert part in out and "Traceback" not in out, (words, out)
    assert ("ok", "2\n") == loaded.run("1 + 1")


def test_a_failed_run(loaded: Kernel, tmp_path: Path) -> None:
    """A run that fails is an error of the cell that names the exit code, so that Run All stops there."""
    write_notebook(tmp_path / "failing.ipynb", *FAILING)
    status, out = loaded.run("%nb2pipe run failing.ipynb out.ipynb")
    assert "error" == status
    assert "CommandFailed: %nb2pipe run ended with exit code 1" in out
    assert "ZeroDivisionError" in out and (tmp_path / "out.ipynb").exists()


def test_interrupt(loaded: Kernel, tmp_path: Path, nb2pipe_home: Path) -> None:
    """An interrupt of the kernel cancels the run, and the kernel lives on."""
    write_notebook(tmp_path / "endless.ipynb", *ENDLESS)

    def hear(message: Any) -> None:
        if "endless | begun" in message["content"].get("text", ""):
            loaded.interrupt()

    status, out = loaded.run("%nb2pipe run endless.ipynb --log-output", hear=hear)
    assert ("error", True) == (status, "%nb2pipe run was cancelled" in out), out
    [run], _ = list_runs(settings_in(nb2pipe_home))
    assert State.CANCELLED is run.state
    assert ("ok", "2\n") == loaded.run("1 + 1")


def test_without_a_notebook(tmp_path: Path) -> None:
    """Where nobody tells which notebook it is, the message says to give the path; after unloading there is no magic."""
    with kernel(tmp_path) as started:
        started.run("%load_ext nb2pipe")
        status, out = started.run("%nb2pipe run")
        assert "error" == status and "%nb2pipe run NAME.ipynb" in out and "Traceback" not in out
        started.run("%unload_ext nb2pipe")
        assert "not found" in started.run("%nb2pipe")[1]


def test_own_commands_in_a_pipeline(loaded: Kernel, tmp_path: Path, nb2pipe_home: Path) -> None:
    """A notebook that runs and shows itself is a pipeline in which that is left out: one run, which ends."""
    own = write_notebook(
        tmp_path / "own.ipynb",
        code("%load_ext nb2pipe\nimport nb2pipe", "step:one"),
        code("%nb2pipe run\nnb2pipe.panel()\nx = 1"),
        code("%nb2pipe check\nprint(x + 1)", "step:two"),
    )
    status, out = loaded.run("%nb2pipe check")
    assert ("ok", 3) == (status, out.count("info N2P225")), out
    status, out = loaded.run(f"%nb2pipe run {own} --log-output")
    assert "ok" == status and "two | 2" in out, out
    assert "one | %nb2pipe run is left out" in out and "two | %nb2pipe check is left out" in out
    assert 1 == len(list_runs(settings_in(nb2pipe_home))[0])


def test_a_run_within_a_run(loaded: Kernel, tmp_path: Path, nb2pipe_home: Path) -> None:
    """A cell that would run a notebook is refused where its name can be read, and fails where it shows too late."""
    write_notebook(tmp_path / "plain.ipynb", code("%load_ext nb2pipe\n%nb2pipe run own.ipynb"))
    status, out = loaded.run("%nb2pipe run plain.ipynb")
    assert "error" == status and "N2P226" in out and [] == list_runs(settings_in(nb2pipe_home))[0]
    write_notebook(tmp_path / "hidden.ipynb", code("%load_ext nb2pipe\nname = 'own.ipynb'\n%nb2pipe run $name"))
    status, out = loaded.run("%nb2pipe run hidden.ipynb")
    assert "error" == status and "N2P226: %nb2pipe run own.ipynb cannot be a part of a pipeline" in out, out
    assert ["hidden"] == [run.pipeline for run in list_runs(settings_in(nb2pipe_home))[0]]
