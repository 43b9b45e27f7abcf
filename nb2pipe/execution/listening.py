"""How a worker is told what to do: one JSON object a line.

``{"task": PATH, "secrets": {NAME: VALUE}}`` runs a task, ``{"cancel": true}`` stops the running one,
``{"program": NUMBER, ...}`` is from a program that the task's kernel asked for, and
``{"modules": [NAME], "cwd": PATH}`` is for the process that kernels are forked from.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from nb2pipe.execution.loading import hidden, postpone, uncollected


class Listener(Protocol):
    """A worker."""

    stop_wanted: bool

    def run(self, path: str, secrets: Mapping[str, str] | None = None) -> None:
        """Run a task."""

    def stop(self) -> None:
        """Stop the running task."""

    def hear(self, word: Mapping[str, Any]) -> None:
        """Pass on what comes from a program."""


# What papermill loads where it is installed, to read and write files elsewhere: a worker's files are all here.
ELSEWHERE = ("azure", "boto3", "gcsfs", "github", "pyarrow", "pyarrow.fs")
# What jsonschema loads where it is installed, to check kinds of text that no notebook has: a host's name, a URI, a
# period of time. Beside JupyterLab all of it is, and what is for IRIs makes a parser of a whole grammar as it loads,
# which takes longer than all the rest of the engine.
FORMATS = (
    "fqdn",
    "idna",
    "isoduration",
    "jsonpointer",
    "rfc3339_validator",
    "rfc3986_validator",
    "rfc3987",
    "rfc3987_syntax",
    "uri_template",
    "webcolors",
)
# What papermill imports in any case, for files on the web and for its own command line.
UNUSED = ("click", "requests")


def load_engine() -> None:
    """Load the engine with all that it needs, and without what takes long and is of no use to a worker."""
    postpone(*UNUSED)
    with hidden(*ELSEWHERE, *FORMATS), uncollected():
        importlib.import_module("nb2pipe.execution.engine")


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
    while True:
        wish = tasks.get()
        worker.run(wish["task"], wish["secrets"])
