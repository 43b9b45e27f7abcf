"""Notebooks whose steps run in containers, and the command line on them."""

from __future__ import annotations

import hashlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nb2pipe.execution.containers.spec import OWNER_LABEL
from tests.containers.engine import Engine
from tests.containers.images import Image

TEST_LABEL = "nb2pipe-test"
"""Tells the containers of one test from those of another, which uses the same engine meanwhile."""

Cell = tuple[str, str] | tuple[str, str, Mapping[str, Any]]


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


def write(path: Path, image: Image | None, cells: Sequence[Cell], **settings: Any) -> Path:
    """A notebook: each cell a tag, source, and perhaps settings of its own; ``image`` for all steps."""
    settings = {"labels": {TEST_LABEL: label_of(path.parent)}, **settings}
    everywhere = dict(settings)
    if image is not None:
        everywhere = {"image": image.tag, "volumes": [*image.volumes, *settings.get("volumes", ())]} | {
            name: value for name, value in settings.items() if name != "volumes"
        }
    document = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "nb2pipe": everywhere,
        },
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{number}",
                "metadata": {"tags": [cell[0]], "nb2pipe": dict(cell[2]) if len(cell) > 2 else {}},
                "source": cell[1],
                "outputs": [],
                "execution_count": None,
            }
            for number, cell in enumerate(cells)
        ],
    }
    path.write_text(json.dumps(document), "utf-8")
    return path


def label_of(folder: Path) -> str:
    """The value of the label for a test's folder: labels take no slashes."""
    return hashlib.sha256(str(folder).encode()).hexdigest()[:16]


def owned(engine: Engine, folder: Path) -> list[str]:
    """Names of the containers that the notebooks of a folder have, in any state."""
    found = engine.containers_left(f"{TEST_LABEL}={label_of(folder)}")
    assert all(OWNER_LABEL in str(each) for each in found)
    return [str(each["Names"]).strip("[]'") for each in found]


def start(*words: str, cwd: Path, **environment: str) -> subprocess.Popen[str]:
    """Start the command line."""
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("nb2pipe")), *words],
        cwd=cwd,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def nb2pipe(*words: str, cwd: Path, **environment: str) -> Done:
    """Run the command line to its end."""
    process = start(*words, cwd=cwd, **environment)
    out, err = process.communicate(timeout=120)
    return Done(process.returncode, out, err)


def printed(path: Path) -> list[str]:
    """What each cell of an executed notebook printed or showed, joined."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return ["".join(_text(output) for output in cell["outputs"]).strip() for cell in cells]


def _text(output: Mapping[str, Any]) -> str:
    text = output.get("text") or output.get("data", {}).get("text/plain") or ""
    return text if isinstance(text, str) else "".join(text)


WAITING = "import threading\nprint('kept', flush=True)\nopen('reached', 'w').write('x')\nthreading.Event().wait()"


def begin(folder: Path, image: Image, *words: str, **settings: Any) -> subprocess.Popen[str]:
    """A run that is in the middle of its first step, whose cell never ends."""
    write(folder / "n.ipynb", image, [("step:a", WAITING), ("step:b", "pass")], **settings)
    os.mkfifo(folder / "reached")
    process = start("run", "n.ipynb", "out.ipynb", *words, cwd=folder)
    fifo = os.open(folder / "reached", os.O_RDONLY | os.O_NONBLOCK)
    gone = os.pidfd_open(process.pid)
    ready, _, _ = select.select([fifo, gone], [], [], 60)
    os.close(fifo)
    os.close(gone)
    assert [fifo] == ready, process.communicate()
    return process
