"""The line magic ``%nb2pipe``: commands of the command line, in a cell."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import click

from nb2pipe.analysis.own import MAGIC
from nb2pipe.cli.diagnostics import print_error
from nb2pipe.cli.main import COMMANDS, EXIT_INTERRUPTED, cli
from nb2pipe.errors import Nb2pipeError
from nb2pipe.execution.session.control import running_state
from nb2pipe.widgets.place import notebook_here

OFFERED = ("check", "show", "run", "runs", "logs", "cancel")
TAKE_A_NOTEBOOK = {"check": "notebooks", "show": "notebook", "run": "notebook"}
HELP = ("-h", "--help")


class CommandFailed(Exception):
    """A command that did not end well; what it had to say stands above, so IPython shows this one line only.

    Args:
        message: the line.
        exit_code: as on the command line.
    """

    def __init__(self, message: str, exit_code: int = 2) -> None:
        super().__init__(message)
        self.exit_code = exit_code

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def load_line_magic(shell: Any) -> None:
    """Register the magic with IPython's shell."""

    def nb2pipe(line: str) -> None:
        """Check, show and run this notebook as a pipeline; the options are those of the command line.

        %nb2pipe check | show | run [NOTEBOOK] [-p NAME VALUE]...

        Without NOTEBOOK it is the one that this cell is in, as it was saved last. %nb2pipe alone says what there is.
        """
        run_line(shell, line)

    shell.register_magic_function(nb2pipe, "line", MAGIC)


def unload_line_magic(shell: Any) -> None:
    """Take the magic away again."""
    shell.magics_manager.magics["line"].pop(MAGIC, None)


def run_line(shell: Any, line: str) -> None:
    """Run what stands behind ``%nb2pipe``.

    Args:
        shell: IPython's, which knows the notebook.
        line: a command and its options.

    Raises:
        CommandFailed: it ended with an exit code other than 0; what it said is printed.
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise CommandFailed(f"%{MAGIC} {line}: {str(error).lower()}; close the quote, or write \\' for one") from None
    if running_state() is not None:
        _leave_out(words)
    elif not words or words[0] in (*HELP, "help"):
        click.echo(_overview())
    elif words[0] not in OFFERED:
        raise CommandFailed(f"{_unknown(words[0])}\n\n{_overview()}")
    else:
        code = _run(shell, words[0], words[1:])
        if code:
            raise CommandFailed(_ending(words[0], code), code)


def _leave_out(words: Sequence[str]) -> None:
    """What the magic does in a step of a pipeline: nothing, so that no run starts itself."""
    if words[:1] == ["run"] and not _lacks_notebook("run", words[1:]):
        what = f"%{MAGIC} {shlex.join(words)}"
        raise CommandFailed(f"N2P226: {what} cannot be a part of a pipeline; tag the cell 'skip'")
    click.echo(f"%{MAGIC} {' '.join(words[:1])}".rstrip() + " is left out in a run of the pipeline")


def _run(shell: Any, command: str, words: Sequence[str]) -> int:
    """Run a command; its exit code."""
    try:
        own = [str(notebook_here(shell))] if _lacks_notebook(command, words) else []
        cli.main(args=[command, *own, *words], prog_name=f"%{MAGIC}", standalone_mode=False)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return EXIT_INTERRUPTED
    except Nb2pipeError as error:
        print_error(error)
        return error.exit_code
    except OSError as error:
        click.echo(f"nb2pipe: {error.strerror or error}: {error.filename or command}", err=True)
        return 1
    return 0


def _lacks_notebook(command: str, words: Sequence[str]) -> bool:
    """Whether a command that is about a notebook names none, as click reads its words."""
    name = TAKE_A_NOTEBOOK.get(command)
    if name is None or any(word in HELP for word in words):
        return False
    found = cli.get_command(click.Context(cli), command)
    assert found is not None
    with found.make_context(command, list(words), resilient_parsing=True) as context:
        explains_a_code = str(context.params.get("explain") or "all") != "all"
        return not context.params.get(name) and not explains_a_code


def _ending(command: str, code: int) -> str:
    if code == EXIT_INTERRUPTED:
        return f"%{MAGIC} {command} was cancelled"
    return f"%{MAGIC} {command} ended with exit code {code}"


def _unknown(word: str) -> str:
    near = get_close_matches(word, OFFERED, n=1)
    if near:
        return f"There is no %{MAGIC} {word}. Did you mean {near[0]!r}?"
    if word in COMMANDS:
        return f"%{MAGIC} {word} is for a terminal, or a shell line: !nb2pipe {word}"
    return f"There is no %{MAGIC} {word}."


def _overview() -> str:
    width = max(map(len, OFFERED))
    lines = [f"  %{MAGIC} {name.ljust(width)}  {COMMANDS[name]}" for name in OFFERED]
    return "\n".join(
        [
            *lines,
            "",
            "check, show and run take this notebook as it was saved last, or the one that you name, and the options of",
            f"the command line: %{MAGIC} run -p rows 100. %{MAGIC} run --help lists them.",
            "nb2pipe.panel() shows the pipeline with a form to run it.",
        ]
    )
