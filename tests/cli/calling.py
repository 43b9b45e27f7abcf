"""Calling the command line, in this process or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from nb2pipe.cli.main import main


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


class Caller:
    """Calls ``nb2pipe`` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str) -> Done:
        """Run a command to its end."""
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(words)
        out, err = self._capsys.readouterr()
        return Done(int(ended.value.code or 0), out, err)


def command(words: Sequence[str]) -> list[str]:
    """The command line of a process of its own."""
    return [sys.executable, "-m", "nb2pipe", *words]


def call(
    *words: str, stdin: bytes = b"", cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own."""
    return subprocess.run(
        command(words), input=stdin, capture_output=True, cwd=cwd, env={**os.environ, **(env or {})}, check=False
    )
