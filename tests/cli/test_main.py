"""The group of commands, exit codes and options."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from nb2pipe.cli.main import COMMANDS
from nb2pipe.cli.options import REFUSED
from tests.app.samples import TWO_STEPS, write_notebook
from tests.cli.calling import Caller, call


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(nb2pipe: Caller, name: str) -> None:
    """Each command that the group lists is there, and explains itself and its options."""
    command: click.Command = import_module(f"nb2pipe.cli.{name}").command
    assert name == command.name
    done = nb2pipe(name, "--help")
    assert (0, "") == (done.code, done.err)
    assert done.out.startswith("Usage: nb2pipe ")
    bare = [p.name for p in command.params if isinstance(p, click.Option) and not p.help and not p.hidden]
    assert [] == bare


def test_help_and_version(nb2pipe: Caller) -> None:
    """The group lists its commands and says its version."""
    done = nb2pipe("--help")
    assert (0, []) == (done.code, [name for name in COMMANDS if f"  {name} " not in done.out])
    assert nb2pipe("--version").out.startswith("nb2pipe, version ")


def test_a_misspelt_command(nb2pipe: Caller) -> None:
    """The nearest command is named, exit code 2."""
    done = nb2pipe("chek")
    assert (2, True) == (done.code, "Did you mean 'check'?" in done.err)
    assert "Known commands: check, show" in nb2pipe("zzz").err


@pytest.mark.parametrize("option", REFUSED)
def test_options_of_papermill_that_are_refused(nb2pipe: Caller, tmp_path: Path, option: str) -> None:
    """What cannot be honoured is refused by name, with the reason."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    done = nb2pipe("run", path, str(tmp_path / "out.ipynb"), option, "60")
    assert (2, True) == (done.code, f"option {option} is not supported: {REFUSED[option]}" in done.err)
    assert not (tmp_path / "out.ipynb").exists()


def test_errors_are_printed_once_with_their_hint(nb2pipe: Caller, tmp_path: Path) -> None:
    """A refusal goes to stderr with its hint, exit code 2, nothing on stdout."""
    done = nb2pipe("show", str(tmp_path / "nosuch.ipynb"))
    assert (2, "") == (done.code, done.out)
    assert 1 == done.err.count("There is no file")


def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    """``nb2pipe ... | head`` ends without a word."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    script = (
        "import os, sys\nfrom nb2pipe.cli.main import main\n"
        "read, write = os.pipe(); os.close(read); os.dup2(write, 1)\n"
        f"main(['show', {path!r}, '--json'])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert b"" == done.stderr


def test_wrong_settings_are_refused(tmp_path: Path) -> None:
    """A setting that is not known stops every command that looks at settings."""
    done = call("config", cwd=tmp_path, env={"NB2PIPE_JOBZ": "3"})
    assert (2, True) == (done.returncode, b"NB2PIPE_JOBS" in done.stderr)
