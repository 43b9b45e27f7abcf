"""How a kernel asks for a program to be run: by a socket of its worker, who passes the request on.

The kernel sends one line, the request; lines come back, ``{"stream": NAME, "text": TEXT}`` for what the program prints
and ``{"answer": ...}`` at its end. A kernel that hangs up wants the program to end.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from nb2pipe.execution.programs.request import Answer, ContainerError, Request
from nb2pipe.model.json import from_json, to_json

Show = Callable[[str, str], None]
"""Called with ``stdout`` or ``stderr``, and text."""


class Door:
    """The worker's end.

    Args:
        folder: where the socket may stand; None for a folder of its own.
        tell: passes an event on.
    """

    def __init__(self, folder: str | None, tell: Callable[..., None]) -> None:
        self._tell = tell
        self._folder = Path(tempfile.mkdtemp(prefix="nb2p-", dir=folder))
        self.path = str(self._folder / "door")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(self.path)
        self._socket.listen()
        self._callers: dict[int, socket.socket] = {}
        threading.Thread(target=self._admit, daemon=True).start()

    def hear(self, word: Mapping[str, Any]) -> None:
        """Pass a word on to the kernel: what a program printed, or its end."""
        caller = self._callers.get(int(word["program"]))
        if caller is not None:
            with contextlib.suppress(OSError):  # it hung up
                caller.sendall(json.dumps(word).encode() + b"\n")

    def close(self) -> None:
        """Let nobody in any more."""
        self._socket.close()
        for caller in list(self._callers.values()):
            with contextlib.suppress(OSError):
                caller.shutdown(socket.SHUT_RDWR)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _admit(self) -> None:
        number = 0
        with contextlib.suppress(OSError):  # closed
            while True:
                caller, _ = self._socket.accept()
                number += 1
                self._callers[number] = caller
                threading.Thread(target=self._attend, args=(number, caller), daemon=True).start()

    def _attend(self, number: int, caller: socket.socket) -> None:
        with caller, contextlib.suppress(OSError):
            for line in _lines(caller):
                self._tell(event="program", program=number, request=json.loads(line))
        self._callers.pop(number, None)
        self._tell(event="program_left", program=number)


def ask(path: str, request: Request, show: Show) -> Answer:
    """Have a program run, and wait for its end: the kernel's end of the door.

    Args:
        path: of the worker's socket.
        request: what to run.
        show: gets what the program prints, as it prints it.

    Raises:
        ContainerError: nobody answers.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        try:
            door.connect(path)
            door.sendall(json.dumps(to_json(request)).encode() + b"\n")
            for line in _lines(door):
                word = json.loads(line)
                if "answer" in word:
                    return from_json(Answer, word["answer"])
                show(word["stream"], word["text"])
        except OSError as error:
            raise ContainerError(f"nobody runs containers for this step: {os.strerror(error.errno or 0)}") from None
    raise ContainerError("the container was left before it ended", hint="Run again; the run's log may say more.")


def _lines(source: socket.socket) -> Iterator[bytes]:
    with source.makefile("rb") as file:
        yield from file
