"""A container engine on this machine: podman or docker, by its command line, whose words are the same."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nb2pipe.containers.faults import fault_of
from nb2pipe.errors import SettingsError

ENGINES = ("podman", "docker")
"""Looked for in this order."""

AUTO = "auto"
TIMED_OUT = 124
NOT_THERE = re.compile("no such container|no container with", re.IGNORECASE)
LEAVING = re.compile("removal of container .* is already in progress", re.IGNORECASE)
LOOK_AGAIN_S = 0.1
PATIENCE_S = 120.0
"""How long an engine may take for what takes next to no time, for a user who does not say."""

INSTALL = "install podman (Debian: apt-get install podman) or docker, or run with --executor process"


@dataclass(frozen=True)
class Wanted:
    """Which engine a user wants.

    Args:
        name: ``podman``, ``docker`` or ``auto``.
        patience_s: seconds that it may take to answer, or to start a container, before it counts as one that hangs.
    """

    name: str = AUTO
    patience_s: float = PATIENCE_S


ANY = Wanted()


@dataclass(frozen=True)
class Engine:
    """An engine that answers.

    Args:
        name: ``podman`` or ``docker``.
        program: path of its command line.
        version: as it says itself.
        patience_s: seconds that it may take to answer, or to start a container.
    """

    name: str
    program: str
    version: str
    patience_s: float = PATIENCE_S

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def is_rootless(self) -> bool:
        """Whether it runs containers in a user namespace of the caller."""
        return self.name == "podman" and os.geteuid() != 0

    def command(self, *arguments: str) -> list[str]:
        """The command line for ``arguments``."""
        return [self.program, *arguments]

    def run(
        self,
        *arguments: str,
        stdin: str | None = None,
        show: Callable[[str], None] | None = None,
        env: Mapping[str, str] | None = None,
        patience_s: float | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run the engine's command line and wait for its end, whatever the end is.

        Args:
            arguments: behind the program's name.
            stdin: what it reads; None for nothing.
            show: gets each line that it prints as it comes, for long work that a person watches.
            env: further environment variables.
            patience_s: how long it may take in seconds, with no ``show``; None for as long as it wants.

        Returns:
            With exit code, which is 124 when it did not answer in time, standard output and standard error.
        """
        whole = {**os.environ, **(env or {})}
        if show is None:
            source: dict[str, Any] = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
            return _answer_of(self.command(*arguments), patience_s, env=whole, **source)
        with subprocess.Popen(
            self.command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=whole,
        ) as process:
            assert process.stdout is not None
            lines = []
            for line in process.stdout:
                lines.append(line)
                show(line.rstrip("\n"))
        text = "".join(lines)
        return subprocess.CompletedProcess(process.args, process.returncode, text, text)

    def remove(self, *containers: str) -> bool:
        """Remove containers, running or not; whether they are gone now, or were already."""
        if not containers:
            return True
        deadline = time.monotonic() + self.patience_s
        while True:
            done = self.run("rm", "--force", *containers, patience_s=self.patience_s)
            said = done.stderr.splitlines()
            if done.returncode == 0 or all(NOT_THERE.search(line) for line in said):
                return True
            if not any(LEAVING.search(line) for line in said) or time.monotonic() > deadline:
                return False
            time.sleep(LOOK_AGAIN_S)  # docker removes what a dead daemon left, and says no when it ends

    def ask(self, *arguments: str, what: str, stdin: str | None = None) -> str:
        """What the engine answers.

        Args:
            arguments: behind the program's name.
            what: what is done, for the message: ``start a container of image 'x'``.
            stdin: what it reads; None for nothing.

        Raises:
            EngineError: it failed; the message says why, the hint what to do.
        """
        done = self.run(*arguments, stdin=stdin, patience_s=self.patience_s)
        if done.returncode:
            raise fault_of(self.name, done.returncode, done.stderr, what)
        return done.stdout

    def image(self, reference: str) -> Mapping[str, Any] | None:
        """What the engine knows of an image that is on this machine: ``Id``, ``RepoDigests``, ``Architecture`` ...

        Args:
            reference: tag, digest or id.

        Returns:
            None when it is not here; nothing is pulled.

        Raises:
            EngineError: the engine does not work.
        """
        done = self.run("image", "inspect", reference, patience_s=self.patience_s)
        if done.returncode:
            fault = fault_of(self.name, done.returncode, done.stderr, f"look at image {reference!r}")
            if fault.kind == "missing image":
                return None
            raise fault
        found: Sequence[Mapping[str, Any]] = json.loads(done.stdout)
        return found[0] if found else None


def find_engine(wanted: Wanted = ANY) -> Engine:
    """The engine that is wanted, or the first that is installed and answers.

    Args:
        wanted: which, and how long it may take to answer.

    Raises:
        SettingsError: none is; the message says of each why not.
    """
    reasons = []
    for name in ENGINES if wanted.name == AUTO else (wanted.name,):
        program = shutil.which(name)
        if program is None:
            reasons.append(f"{name} is not installed")
            continue
        side = "{{.Client.Version}}" if name == "podman" else "{{.Server.Version}}"
        done = _answer_of([program, "version", "--format", side], wanted.patience_s, stdin=subprocess.DEVNULL)
        if done.returncode == 0:
            return Engine(name, program, done.stdout.strip(), wanted.patience_s)
        fault = fault_of(name, done.returncode, done.stderr, "answer")
        reasons.append(f"{name} does not work: {fault.message}" + (f" ({fault.hint})" if fault.hint else ""))
    raise SettingsError(f"no container engine: {'; '.join(reasons)}", hint=INSTALL)


def _answer_of(command: list[str], patience_s: float | None, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; one that takes too long is ended, and reads as one that failed."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=patience_s, **more)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, TIMED_OUT, "", f"no answer within {patience_s:g} s")
