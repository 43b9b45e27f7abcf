"""The entry point: the group of commands, each loaded only when it is asked for, and exit codes."""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from nb2pipe import __version__
from nb2pipe.cli.diagnostics import print_error
from nb2pipe.cli.terminal import close_quietly, prepare_streams
from nb2pipe.errors import Nb2pipeError

EXIT_INTERRUPTED = 130

# Command to the one line that ``nb2pipe --help`` shows for it; its module is ``nb2pipe.cli.<command>``.
COMMANDS: Mapping[str, str] = {
    "check": "Look for problems without running anything.",
    "show": "Show the pipeline that a notebook makes.",
    "tag": "Propose step tags from a notebook's headings.",
    "run": "Run a notebook as a pipeline (a drop-in for papermill).",
    "batch": "Run a notebook over many parameter sets.",
    "compile": "Write a notebook as a pipeline for Kubeflow or Vertex AI.",
    "target": "Engines elsewhere that notebooks are sent to: add, list, check.",
    "submit": "Send a notebook to Kubeflow or Vertex AI, and keep a record of it.",
    "image": "Build an image for a notebook, and say what one lacks.",
    "runs": "List, show, compare and prune runs.",
    "logs": "Print what the steps of a run printed.",
    "lineage": "Show what something was made from, and what used it.",
    "cancel": "Cancel a run that is going on.",
    "approvals": "List what waits for a person's approval.",
    "approve": "Approve a step that waits.",
    "reject": "Reject a step that waits.",
    "schedule": "Run notebooks by themselves: add, list, change schedules.",
    "scheduler": "The process that runs what is due.",
    "notices": "What people were told of runs; test channels, try again.",
    "config": "Show the settings in force and where they come from.",
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, loaded now; None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"nb2pipe.cli.{cmd_name}").command
        if not gc.isenabled():  # by our own program, until now: what is loaded is no garbage
            gc.freeze()
            gc.enable()
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest name in the message."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else f" Known commands: {', '.join(COMMANDS)}."
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="nb2pipe")
def cli() -> None:
    """Turn the notebook you have into a pipeline that anyone can run again.

    \b
    nb2pipe show  IN.ipynb              the pipeline that its tags make
    nb2pipe check IN.ipynb              what would go wrong, and where
    nb2pipe run   IN.ipynb OUT.ipynb    run it; OUT has all cells with outputs

    Exit codes: 0 succeeded, 1 a step failed, 2 refused before running, 130 interrupted.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit.

    Args:
        arguments: words after the program's name; None for those of this process.
    """
    prepare_streams()
    try:
        code = _call(arguments)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted.", err=True)
        code = EXIT_INTERRUPTED
    except Nb2pipeError as error:
        print_error(error)
        code = error.exit_code
    except OSError as error:
        code = _system_refused(error)
    except UnicodeEncodeError as error:
        hint = "Set PYTHONUTF8=1, or a locale of UTF-8 such as LANG=C.UTF-8."
        click.echo(
            f"nb2pipe: the locale's encoding {error.encoding!r} cannot name {error.object!r}\n    {hint}", err=True
        )
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _call(arguments: Sequence[str] | None) -> Any:
    words = None if arguments is None else list(arguments)
    try:
        return cli.main(args=words, prog_name="nb2pipe", standalone_mode=False)
    finally:
        sys.stdout.flush()


def _system_refused(error: OSError) -> int:
    """Say what the system refused, such as room for our own output; nothing where the reader of a pipe is gone."""
    if not isinstance(error, BrokenPipeError):
        with contextlib.suppress(OSError):
            where = str(error.filename) if error.filename else "what the command prints"
            click.echo(f"nb2pipe: {error.strerror or error}: {where}", err=True)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            close_quietly(stream)
    return 1
