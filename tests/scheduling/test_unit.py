"""The systemd unit of the scheduler: right for systemd, and its command works in the environment of a service."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from nb2pipe.model import State
from nb2pipe.store import open_store
from nb2pipe.store.store import Store
from tests.app.samples import settings_in, write_notebook
from tests.notebook.building import code

DEADLINE_S = 120.0
ODD = ("a b % $HOME $$ ü", """"q" 's' \\ $HOME""")
"""Names that mean something to shells and to systemd, if they are not written as they should be."""


@pytest.fixture(params=ODD)
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A folder with an odd name, and in it: the environment that runs this, a home of nb2pipe and one of the user."""
    found = tmp_path / str(request.param)
    (found / "user").mkdir(parents=True)
    (found / "venv").symlink_to(sys.prefix)
    return found


def nb2pipe(place: Path, *words: str) -> str:
    """Run the command line as the Python of the odd folder, on a terminal of its user."""
    env = {**os.environ, "NB2PIPE_HOME": str(place / "home"), "XDG_CONFIG_HOME": str(place / "config")}
    command = [str(place / "venv" / "bin" / "python"), "-P", "-m", "nb2pipe", *words]
    done = subprocess.run(command, cwd=place, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def unit_of(place: Path) -> Path:
    """The unit that is written there."""
    assert "systemctl --user enable --now nb2pipe-scheduler.service" in nb2pipe(place, "scheduler", "--install")
    return place / "config" / "systemd" / "user" / "nb2pipe-scheduler.service"


def values(unit: Path, key: str) -> list[str]:
    """The words of a key of a unit, as systemd.syntax(7) says they are read."""
    [line] = [line for line in unit.read_text("utf-8").splitlines() if line.startswith(f"{key}=")]
    words = shlex.split(line.partition("=")[2])
    assert not any(word.replace("%%", "").count("%") for word in words), "a specifier"
    found = [word.replace("%%", "%") for word in words]
    if key == "ExecStart":  # in arguments, not in the program's name, $$ is $
        return [found[0], *(word.replace("$$", "$") for word in found[1:])]
    return found


def in_time(store: Store, process: subprocess.Popen[str], word: str) -> State:
    """How a run ended, while the process lives."""
    until = time.monotonic() + DEADLINE_S
    while not store.run(word).state.is_final:
        assert time.monotonic() < until and process.poll() is None
    return store.run(word).state


def test_systemd_takes_it(place: Path) -> None:
    """systemd finds nothing wrong with the unit, and the program that it names."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd: there is no systemd-analyze")
    with tempfile.TemporaryDirectory(prefix="xdg") as short:  # other units have sockets there
        done = subprocess.run(
            ["systemd-analyze", "--user", "verify", str(unit_of(place))],
            env={"PATH": os.environ["PATH"], "HOME": str(place / "user"), "XDG_RUNTIME_DIR": short},
            capture_output=True,
            text=True,
            check=False,
        )
    said = (done.stdout + done.stderr).splitlines()
    assert (0, []) == (done.returncode, [line for line in said if "nb2pipe-scheduler" in line])


def test_its_command_runs_what_is_due(place: Path) -> None:
    """With nothing of a user's terminal the command of the unit runs a schedule, and ends by SIGTERM with code 0."""
    write_notebook(place / "n.ipynb", code("print(6)", "step:say"))
    nb2pipe(place, "schedule", "add", "n.ipynb", "--name", "n", "--cron", "@yearly", "--tz", "UTC")
    unit = unit_of(place)
    own = dict(word.split("=", 1) for word in values(unit, "Environment"))
    assert (str(place / "home"), str(place / "config")) == (own["NB2PIPE_HOME"], own["XDG_CONFIG_HOME"])
    usual = {"HOME": str(place / "user"), "USER": getpass.getuser(), "LOGNAME": getpass.getuser(), "SHELL": "/bin/sh"}
    settings = settings_in(place / "home")
    with (
        open_store(settings.store_url, settings.home) as store,
        subprocess.Popen(
            values(unit, "ExecStart"),
            cwd=place / "user",
            env={**usual, **own},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        try:
            nb2pipe(place, "schedule", "trigger", "n")
            assert State.SUCCEEDED is in_time(store, process, "latest")
            holder = store.lease.holder()
            assert holder is not None and process.pid == holder.pid
        finally:
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=DEADLINE_S)
        assert (0, None) == (process.returncode, store.lease.holder())
        assert "stopped; " in said.splitlines()[-1], said
