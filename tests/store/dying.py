"""Programs that die at a statement, each in a process of its own.

The processes are forked from one that has loaded what the programs need: to load that takes longer than they live.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, event

LOADED = ("alembic.command", "psycopg", "pytest", "tests.scheduling.stage", "tests.scheduling.watching")
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__, *LOADED])


def die_before(fatal: int) -> None:
    """Kill this process before the statement or commit of this number, counted from 1 and from now on."""
    count = 0

    def look(*_: object) -> None:
        nonlocal count
        count += 1
        if count == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    for moment in ("before_cursor_execute", "commit"):
        event.listen(Engine, moment, look)


def run_apart(program: Callable[..., object], *values: Any) -> tuple[int, str]:
    """Run a function of a module in a process of its own.

    Args:
        program: the function; the process has the settings and the working directory of the first test that came here.
        values: its arguments, which can be pickled.

    Returns:
        Exit code, -9 when it was killed, and the traceback if it raised.
    """
    with TemporaryDirectory() as folder:
        said = Path(folder, "said")
        process = FORKS.Process(target=_run, args=(program, values, said))
        process.start()
        process.join()
        code = process.exitcode
        process.close()
        assert code is not None
        return code, said.read_text("utf-8") if said.exists() else ""


def killed(program: Callable[..., object], *values: Any) -> None:
    """The same for a function that must be killed."""
    code, said = run_apart(program, *values)
    assert -9 == code, said


def _run(program: Callable[..., object], values: tuple[Any, ...], said: Path) -> None:
    try:
        program(*values)
    except BaseException:
        said.write_text(traceback.format_exc(), "utf-8")
        raise
