"""What runs in a container: a worker for one step, and beside it the process that forks the step's kernel.

Lines on standard input say what to do, events go to standard output. When standard input closes, whoever started the
container is gone, and everything ends.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nb2pipe.execution.containers.agreed import PRIVATE
from nb2pipe.execution.hash_seed import forget_hash_seed
from nb2pipe.execution.listening import serve
from nb2pipe.execution.worker import Worker
from nb2pipe.execution.zygote import serve_kernels

# What worker and kernel both need: loaded once, before they part.
BOTH = ("nb2pipe.execution.kernels", "cloudpickle")


def main() -> None:
    """Serve until standard input closes."""
    forget_hash_seed()
    source, events = os.dup(0), os.dup(1)
    os.write(events, b'{"event":"started"}\n')
    _replace(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    load_shared()
    gc.enable()  # switched off when Python started, since what is loaded stays
    folder = Path(tempfile.mkdtemp(prefix="nb2p-", dir=PRIVATE))
    tell = fork_kernels(folder, source, events)
    worker = Worker(events, str(folder), in_container=True)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())

    def load(wish: Mapping[str, Any]) -> None:
        os.write(tell, json.dumps(wish).encode() + b"\n")

    serve(worker, source, load)


def load_shared() -> None:
    """Load what both processes need; what the image lacks of it comes with the worker."""
    extra = str(Path(__file__).resolve().parents[3] / "extra")
    lent = find_spec("cloudpickle") is None
    if lent:
        sys.path.append(extra)
    for name in BOTH:
        importlib.import_module(name)
    if lent:
        sys.path.remove(extra)


def fork_kernels(folder: Path, *not_theirs: int) -> int:
    """Start the process that kernels are forked from.

    Args:
        folder: private, its path short.
        not_theirs: descriptors that only this process is to hold.

    Returns:
        A descriptor that takes wishes, a JSON object a line; the process ends when it is closed.
    """
    wishes, tell = os.pipe()
    if os.fork() == 0:
        for descriptor in (*not_theirs, tell):
            os.close(descriptor)
        _replace(wishes, 0)
        serve_kernels(folder)
        os._exit(0)
    os.close(wishes)
    return tell


def _replace(descriptor: int, number: int) -> None:
    os.dup2(descriptor, number)
    os.close(descriptor)
