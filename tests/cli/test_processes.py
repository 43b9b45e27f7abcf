"""``nb2pipe run`` in a process of its own: pipes, terminals, signals."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from nb2pipe.app.history import show_run
from nb2pipe.cli.terminal import without_ansi
from nb2pipe.model import State
from nb2pipe.report.words import display_width
from tests.app.samples import ENDLESS, TWO_STEPS, outputs, settings_in, write_notebook
from tests.cli.calling import call, command
from tests.notebook.building import code


def test_through_pipes(tmp_path: Path) -> None:
    """A notebook from standard input goes executed to standard output, all else to standard error."""
    text = Path(write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)).read_bytes()
    for words in (["run", "-", "-", "-p", "rows", "2"], ["run", "-p", "rows", "2"]):
        done = call(*words, stdin=text, cwd=tmp_path)
        assert 0 == done.returncode, done.stderr
        assert "made 2\n" in outputs(json.loads(done.stdout))
        assert b"succeeded" in done.stderr
        assert b"\x1b" not in done.stderr


class Running:
    """A run in a process of its own, read until a word shows up."""

    def __init__(self, words: list[str], cwd: Path, *, terminal: bool = False, columns: int = 100) -> None:
        self.seen = b""
        if terminal:
            self.reads, writes = pty.openpty()
        else:
            self.reads, writes = os.pipe()
        environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(columns)}
        environment.pop("NO_COLOR", None)
        self.process = subprocess.Popen(
            command(words), cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=writes, stderr=writes
        )
        os.close(writes)
        # A test that waits in vain ends by this, not by hand.
        self.guard = threading.Timer(60, self.process.kill)
        self.guard.start()

    def until(self, word: bytes) -> None:
        """Read until a word has come, or there is no more."""
        while word not in self.seen and self._read():
            pass
        assert word in self.seen, self.seen

    def end(self) -> int:
        """Read all that is left; the exit code."""
        while self._read():
            pass
        os.close(self.reads)
        code = self.process.wait()
        self.guard.cancel()
        return code

    def _read(self) -> bool:
        try:
            piece = os.read(self.reads, 65536)
        except OSError:  # the other end of a terminal was closed
            return False
        self.seen += piece
        return bool(piece)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_cancel(tmp_path: Path, nb2pipe_home: Path, number: signal.Signals) -> None:
    """Exit code 130, the run cancelled, what was printed kept in OUT, no process left."""
    path = write_notebook(tmp_path / "n.ipynb", *ENDLESS)
    running = Running(["run", path, "out.ipynb", "--log-output"], tmp_path)
    running.until(b"endless | begun")
    running.process.send_signal(number)
    assert 130 == running.end(), running.seen
    assert State.CANCELLED is show_run(settings_in(nb2pipe_home), "latest").run.state
    assert "begun\n" == outputs(json.loads((tmp_path / "out.ipynb").read_text("utf-8")))[0]
    assert [] == left_over(nb2pipe_home)


def left_over(home: Path) -> list[str]:
    """Command lines of processes that work for a home."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment, line = (folder / "environ").read_bytes(), (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if f"NB2PIPE_HOME={home}".encode() in environment and b"nb2pipe.execution" in line:
            found.append(line.decode().replace("\0", " "))
    return found


def test_cancel_from_another_terminal(tmp_path: Path) -> None:
    """``nb2pipe cancel`` stops a run that goes on elsewhere, and waits for its end."""
    path = write_notebook(tmp_path / "n.ipynb", *ENDLESS)
    running = Running(["run", path, "--log-output"], tmp_path)
    running.until(b"endless | begun")
    done = call("cancel", "latest")
    assert (0, True) == (done.returncode, b"cancelled" in done.stdout)
    assert 130 == running.end(), running.seen


def test_killed_runs_are_shown_as_interrupted(tmp_path: Path) -> None:
    """After ``kill -9`` the next look says so."""
    path = write_notebook(tmp_path / "n.ipynb", *ENDLESS)
    running = Running(["run", path, "--log-output"], tmp_path)
    running.until(b"endless | begun")
    running.process.kill()
    running.process.wait()
    assert ["interrupted"] == [run["state"] for run in json.loads(call("runs", "--json").stdout)]
    running.end()


def test_on_a_terminal(tmp_path: Path) -> None:
    """A person sees steps and cells as they go, in colour."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    running = Running(["run", path], tmp_path, terminal=True)
    running.until(b"make")
    assert 0 == running.end()
    text = running.seen.decode()
    assert re.search(r"cell \d/2", text)
    assert "\x1b[32m✓" in text
    assert "succeeded" in text


LONG_NAMES = (
    code("import time\ntime.sleep(0.5)", "step:a_step_with_quite_a_long_name_to_be_drawn"),
    code("1", "step:訓練模型", "after:a_step_with_quite_a_long_name_to_be_drawn"),
)


@pytest.mark.parametrize("columns", [40, 60, 200])
def test_on_terminals_of_all_widths(tmp_path: Path, columns: int) -> None:
    """What is drawn again and again fits the terminal, and says at which cell a step is."""
    path = write_notebook(tmp_path / "n.ipynb", *LONG_NAMES)
    running = Running(["run", path, "out.ipynb"], tmp_path, terminal=True, columns=columns)
    assert 0 == running.end()
    drawn = [line for line in without_ansi(running.seen.decode()).splitlines() if "━" in line or "waiting" in line]
    assert drawn
    assert [] == [line for line in drawn if display_width(line.rpartition("\r")[2]) > columns]
    assert "cell 1/1 0." in "".join(drawn)
    assert "a_step_with_quite_a_long_name_to_be_drawn  succeeded" in without_ansi(running.seen.decode())


def test_a_terminal_that_is_closed(tmp_path: Path, nb2pipe_home: Path) -> None:
    """When its window is closed, a run ends as cancelled, with the outputs so far in the executed notebook."""
    path = write_notebook(tmp_path / "n.ipynb", *ENDLESS)
    running = Running(["run", path, "out.ipynb", "--log-output"], tmp_path, terminal=True)
    running.until(b"begun")
    os.close(running.reads)
    running.process.send_signal(signal.SIGHUP)  # as the system does to those whose terminal it is
    assert 130 == running.process.wait()
    running.guard.cancel()
    assert State.CANCELLED is show_run(settings_in(nb2pipe_home), "latest").run.state
    assert "begun\n" == outputs(json.loads((tmp_path / "out.ipynb").read_text("utf-8")))[0]


def test_without_colours_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting ``color`` is honoured on a terminal."""
    monkeypatch.setenv("NB2PIPE_COLOR", "never")
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    running = Running(["run", path], tmp_path, terminal=True)
    assert 0 == running.end()
    assert b"\x1b[32m" not in running.seen
