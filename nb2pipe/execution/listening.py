"""How a worker is told what to do: one JSON object a line.

``{"task": PATH, "secrets": {NAME: VALUE}}`` runs a task, ``{"cancel": true}`` stops the running one,
``{"program": NUMBER, ...}`` is from a program that the task's kernel asked for, and
``{"modules": [NAME], "cwd": PATH}`` is for the process that kernels are forked from.
"""

from __future__ import annotations

import gc
import json
import os
import queue
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from nb2pipe.execution.lean import load_engine


class Listener(Protocol):
    """A worker."""

    stop_wanted: bool

    def run(self, path: str, secrets: Mapping[str, str] | None = None) -> None:
        """Run a task."""

    def stop(self) -> None:
        """Stop the running task."""

    def hear(self, word: Mapping[str, Any]) -> None:
        """Pass on what comes from a program."""


def serve(worker: Listener, source: int, load: Callable[[Mapping[str, Any]], None] = lambda wish: None) -> None:
    """Run tasks one after the other; the process ends when there can be no more.

    Args:
        worker: runs them.
        source: descriptor that the lines come from.
        load: gets the wishes for modules.
    """
    tasks: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()

    def listen() -> None:
        with os.fdopen(source) as lines:
            for line in lines:
                wish = json.loads(line)
                if "task" in wish:
                    worker.stop_wanted = False
                    tasks.put(wish)
                elif "cancel" in wish:
                    worker.stop()
                elif "program" in wish:
                    worker.hear(wish)
                else:
                    load(wish)
        os._exit(0)  # whoever gave the tasks is gone: the zygote ends our kernel as soon as we are

    threading.Thread(target=listen, daemon=True).start()
    load_engine()  # while nothing is to do yet
    gc.freeze()  # what is loaded stays: it is not looked through each time
    while True:
        wish = tasks.get()
        worker.run(wish["task"], wish["secrets"])
