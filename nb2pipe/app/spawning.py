"""Processes that outlive whoever starts them: started, told what to do, heard of while what they do waits."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nb2pipe.errors import ExecutionError, Nb2pipeError
from nb2pipe.settings import Settings
from nb2pipe.store.store import Store

MODULE = "nb2pipe.cli.detached"
BEAT_S = 10.0
_SAID_BYTES = 2000


def places(settings: Settings) -> dict[str, str]:
    """Where home and store are, for the order of a process."""
    return {"home": str(settings.home), "store_url": settings.store_url}


def spawn(folder: Path, log: Path, module: str = "", words: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """A process that waits for an order on its standard input, in a session of its own; without one it ends.

    Args:
        folder: working directory.
        log: file that what it says is added to.
        module: what it runs; empty for what does all but build images.
        words: what the module is called with.

    Raises:
        ExecutionError: the system has no room for it.
    """
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as said:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", module or MODULE, *words],
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
    except OSError as error:
        raise ExecutionError(
            f"A process could not be started: {error.strerror or error}.", hint="Free memory or processes; try again."
        ) from error


def tell(process: subprocess.Popen[bytes], order: Mapping[str, Any]) -> None:
    """Hand over the order. A store's URL may hold a password: not for the environment or a command line."""
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError), process.stdin:  # it died already, which is seen by whoever waits for it
        process.stdin.write(json.dumps(order).encode())


@contextlib.contextmanager
def killed_on_error(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """A process that is not told what to do is none that stays."""
    try:
        yield
    except BaseException:
        process.kill()
        process.wait()
        raise


def last_words(log: Path) -> str:
    """The end of what a process said."""
    try:
        return log.read_bytes()[-_SAID_BYTES:].decode("utf-8", "replace").strip()
    except OSError as error:
        return f"({log} cannot be read: {error.strerror})"


@contextlib.contextmanager
def beating(store: Store, waiting: Callable[[], Collection[str]]) -> Iterator[Callable[[], None]]:
    """While runs wait in this process, for an image or for their turn, the store hears that it lives.

    Args:
        store: where they wait.
        waiting: ids of those that do.

    Yields:
        What ends it before that.
    """
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(BEAT_S):
            with contextlib.suppress(Nb2pipeError):  # the next beat may be heard
                store.heartbeat(*waiting())

    thread = threading.Thread(target=work, name="nb2pipe heartbeat", daemon=True)
    thread.start()
    try:
        yield ended.set
    finally:
        ended.set()
        thread.join()
