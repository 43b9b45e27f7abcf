"""Runs programs in containers, on the machine that has the engine."""

from __future__ import annotations

import codecs
import contextlib
import secrets
import shlex
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from nb2pipe.containers.engine import ANY, Engine, Wanted, find_engine
from nb2pipe.containers.faults import fault_of
from nb2pipe.errors import Nb2pipeError, SettingsError
from nb2pipe.execution.containers.images import Images
from nb2pipe.execution.containers.reap import Owner
from nb2pipe.execution.containers.spec import spec_of
from nb2pipe.execution.programs.request import SHELL, Answer, Request
from nb2pipe.execution.programs.words import SECRETS, program_words
from nb2pipe.model import StepSettings

ENGINE_FAILED = 125
BY_ENGINE = ("OCI runtime", "Error response from daemon", "catatonit", "FATAL tini")
"""Words of those who start a program, who have exit codes of their own."""
KILLED = 137
KEPT = 4000
PATIENCE_S = 5.0


@dataclass(frozen=True)
class Conditions:
    """What a step's settings make of its programs.

    Args:
        settings: the step's.
        secrets: values of those that are not kept by the engine, by variable.
        folder: the notebook's, which relative volumes start from.
    """

    settings: StepSettings
    secrets: Mapping[str, str]
    folder: str


class Programs:
    """The containers of programs that one process of nb2pipe started.

    Args:
        folder: where it is kept who is alive, for whoever removes what the dead left.
        show: gets lines of long work, such as the pull of an image.
        engine: which is wanted.
    """

    def __init__(self, folder: Path, show: Callable[[str], None] = lambda line: None, engine: Wanted = ANY) -> None:
        self._wanted = engine
        self._folder = folder.absolute()
        self._show = show
        self._id = secrets.token_hex(8)
        self._engine: Engine | None = None
        self._images: Images | None = None
        self._owner: Owner | None = None
        self._running: dict[str, Program] = {}
        self._count = 0
        self._all_gone = True

    @property
    def engine(self) -> Engine:
        """The engine, looked for once.

        Raises:
            SettingsError: there is none.
        """
        if self._engine is None:
            self._engine = find_engine(self._wanted)
        return self._engine

    @property
    def images(self) -> Images:
        """The images of this machine."""
        if self._images is None:
            self._images = Images(self.engine, self._show)
        return self._images

    def start(
        self,
        request: Request,
        conditions: Conditions,
        on_output: Callable[[str, str], None],
        on_end: Callable[[Answer], None],
    ) -> Program | None:
        """Start a program.

        Args:
            request: what runs; its paths are paths here.
            conditions: of its step.
            on_output: called with ``stdout`` or ``stderr`` and text, from another thread.
            on_end: called with the answer, once, from another thread or before this returns.

        Returns:
            The running program; None when it could not be started, which ``on_end`` was told.
        """
        try:
            image = self.images.id(request.image)
            if self._owner is None:
                self._owner = Owner(self._folder, self._id, self.engine)
            self._count += 1
            name = f"nb2pipe-{self._id}-{self._count}"
            spec = spec_of(conditions.settings, image, conditions.folder)
            has_secrets = _write_secrets(request, conditions.secrets)
            words = program_words(
                request, spec, self.engine, conditions.settings.env, name=name, owner=self._id, has_secrets=has_secrets
            )
        except Nb2pipeError as error:
            on_end(Answer(ENGINE_FAILED, error.message, error.hint))
            return None
        except OSError as error:
            on_end(Answer(ENGINE_FAILED, f"the container could not be started: {error}"))
            return None
        program = Program(self.engine, name, words, request, conditions.settings, on_output, on_end)
        self._running[name] = program
        program.begin(lambda: self._forget(name, program))
        return program

    def _forget(self, name: str, program: Program) -> None:
        self._running.pop(name, None)
        self._all_gone = self._all_gone and program.is_gone

    def close(self) -> None:
        """End all that still run."""
        running = list(self._running.values())
        for program in running:
            program.stop()
        if self._owner is not None:
            self._owner.close(all_gone=self._all_gone and all(program.is_gone for program in running))
            self._owner = None


class Program:
    """A container with a program in it."""

    def __init__(
        self,
        engine: Engine,
        name: str,
        words: list[str],
        request: Request,
        settings: StepSettings,
        on_output: Callable[[str, str], None],
        on_end: Callable[[Answer], None],
    ) -> None:
        self._engine = engine
        self._name = name
        self._words = words
        self._request = request
        self._memory_mib = settings.resources.memory_mib
        self._on_output = on_output
        self._on_end = on_end
        self._said = ""
        self.is_gone = False
        self._ended = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self, forget: Callable[[], object]) -> None:
        """Start the container, and a thread that waits for its end."""
        self._process = subprocess.Popen(
            self._engine.command(*self._words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self._request.folder,
            start_new_session=True,
        )
        threading.Thread(target=self._attend, args=(self._process, forget), daemon=True).start()

    def stop(self) -> None:
        """End it now, and wait for its end."""
        if not self._ended.is_set():
            self.is_gone = self._engine.remove(self._name)
        if not self._ended.wait(PATIENCE_S) and self._process is not None:
            self._process.kill()  # the engine's command line hangs; what is left is removed by the next nb2pipe

    def _attend(self, process: subprocess.Popen[bytes], forget: Callable[[], object]) -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        errors = threading.Thread(target=self._read, args=(process.stderr, "stderr"), daemon=True)
        errors.start()
        self._read(process.stdout, "stdout")
        errors.join()
        code = process.wait()
        answer = self._answer(code)
        if not answer.message:
            answer = self._fetch()
        removes_itself = code != ENGINE_FAILED and not self._request.copies
        self.is_gone = removes_itself or self._engine.remove(self._name)
        with contextlib.suppress(OSError):
            (Path(self._request.folder) / SECRETS).unlink(missing_ok=True)
        forget()
        self._ended.set()
        self._on_end(answer)

    def _read(self, source: IO[bytes], stream: str) -> None:
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        with source:
            while piece := source.read1(65536):  # type: ignore[attr-defined]
                text = decode(piece)
                if stream == "stderr":
                    self._said = (self._said + text)[-KEPT:]
                self._on_output(stream, text)

    def _answer(self, code: int) -> Answer:
        image = self._request.image
        if code == 0:
            return Answer(0)
        if code == ENGINE_FAILED or any(words in self._said for words in BY_ENGINE):
            fault = fault_of(self._engine.name, code, self._said, f"run {self._request.program} in image {image!r}")
            return Answer(code, fault.message, fault.hint)
        if code == KILLED and self._memory_mib is not None:
            hint = f"Raise `memory_mib` ({self._memory_mib} MiB) in the step's settings, or give it less data."
            return Answer(code, f"the container of image {image!r} was killed: it used more than its memory", hint)
        what = "was killed" if code == KILLED else f"ended with exit code {code}"
        hint = "What it printed stands above." if self._said else ""
        return Answer(code, f"the program in image {image!r} {what}", hint)

    def _fetch(self) -> Answer:
        for path, target in self._request.copies.items():
            done = self._engine.run("cp", f"{self._name}:{path}", target)
            if done.returncode:
                return Answer(done.returncode, f"the container wrote no file {path}", done.stderr.strip())
        return Answer(0)


def _write_secrets(request: Request, values: Mapping[str, str]) -> bool:
    """Put a step's secrets into a file that only its container's shell reads, and that is gone with it.

    Returns:
        Whether there are any.

    Raises:
        SettingsError: what runs is no shell, which could read them.
    """
    if not values:
        return False
    if request.program != SHELL:
        raise SettingsError(
            f"the secrets {', '.join(values)} cannot reach {request.program} without being seen by others",
            hint="Call it from a shell script (no --entrypoint, no `#!`), or take secrets of the engine: engine:NAME.",
        )
    path = Path(request.folder) / SECRETS
    path.touch(mode=0o600)
    path.write_text("".join(f"export {name}={shlex.quote(value)}\n" for name, value in values.items()))
    return True
