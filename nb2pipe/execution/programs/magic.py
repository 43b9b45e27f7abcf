"""The cell magic ``%%container``, the same in a notebook and in a step of a pipeline."""

from __future__ import annotations

import queue
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from nb2pipe.containers.engine import Wanted
from nb2pipe.execution.programs.door import Show, ask
from nb2pipe.execution.programs.exchange import collect, prepare
from nb2pipe.execution.programs.request import Answer, ContainerError, Request
from nb2pipe.execution.programs.runner import Conditions, Programs
from nb2pipe.execution.session.control import running_state
from nb2pipe.model import StepSettings
from nb2pipe.notebook.container_cells import MAGIC, ContainerCellError, read_call
from nb2pipe.settings import load_settings


def load_magic(shell: Any) -> None:
    """Register the magic with IPython's shell."""
    from IPython.core.magic import no_var_expand

    def container(line: str, cell: str) -> None:
        """Run the cell's script, or a program, in a container.

        %%container IMAGE [--in NAME[=PATH]]... [--out NAME[=PATH]]... [--entrypoint PROGRAM]

        Inputs are files in /in, whose paths the script finds in $in_NAME; what it writes to $out_NAME becomes the
        variable NAME. Frames are Parquet, arrays .npy, other data JSON, text and bytes are as they are; a suffix in
        PATH chooses another form (.csv). Below --entrypoint stand the program's arguments, with {in_NAME} and
        {out_NAME} for paths.
        """
        run_cell(shell, line, cell)

    shell.register_magic_function(no_var_expand(container), "cell", MAGIC)


def unload_magic(shell: Any) -> None:
    """Take the magic away again."""
    shell.magics_manager.magics["cell"].pop(MAGIC, None)


def run_cell(shell: Any, line: str, body: str) -> None:
    """Run a container cell.

    Args:
        shell: IPython's, whose names are read and bound.
        line: what stands behind the magic's name.
        body: the lines below.

    Raises:
        UsageError: the cell is not in the grammar.
        ContainerError: what it asks for cannot be done, or its program failed.
    """
    from IPython.core.error import UsageError

    try:
        call = read_call(line, body)
    except ContainerCellError as error:
        raise UsageError(str(error)) from None
    values = {each.name: eval(each.name, shell.user_ns) for each in call.inputs}  # noqa: S307 - a name, by the grammar
    state = running_state()
    parent = None if state is None else Path(state.report).parent
    folder = Path(tempfile.mkdtemp(prefix="nb2p-", dir=parent))
    try:
        request = prepare(call, values, folder)
        answer = _run(request, _print) if state is None else ask(state.door, request, _print)
        if answer.message:
            raise ContainerError(answer.message, hint=answer.hint)
        shell.user_ns.update(collect(call, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _print(stream: str, text: str) -> None:
    file = sys.stderr if stream == "stderr" else sys.stdout
    file.write(text)
    file.flush()


def _run(request: Request, show: Show) -> Answer:
    """Run it from here, where no run of a pipeline is going on; prints come from the thread that IPython knows."""
    words: queue.SimpleQueue[tuple[str, str] | Answer] = queue.SimpleQueue()
    settings = load_settings()
    wanted = Wanted(settings.container_engine, settings.engine_timeout_s)
    programs = Programs(settings.home / "containers", lambda line: show("stderr", f"{line}\n"), wanted)
    try:
        conditions = Conditions(StepSettings(), {}, str(Path.cwd()))
        programs.start(request, conditions, lambda stream, text: words.put((stream, text)), words.put)
        while not isinstance(word := words.get(), Answer):
            show(*word)
        return word
    finally:
        programs.close()
