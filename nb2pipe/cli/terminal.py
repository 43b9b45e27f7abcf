"""What the place we write to can show: its width, colours, and whether a person watches."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from typing import IO, Any

import click

ANSI = re.compile(r"\x1b\[[0-9;:?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
MOST_COLUMNS = 160


def is_terminal(stream: IO[Any]) -> bool:
    """Whether a person watches this stream on a terminal that can redraw lines."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def close_quietly(stream: IO[Any]) -> None:
    """Let what is still to be written to a stream that fails go nowhere, so that Python's own last flush succeeds."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


@contextlib.contextmanager
def unread_is_fine(stream: IO[Any]) -> Iterator[None]:
    """Print what nobody has to read: where a pipe is closed early (``| head``) the exit code still tells the truth."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.EIO):  # EIO: a terminal that was closed
            raise
        close_quietly(stream)


def prepare_streams() -> None:
    """Make the standard streams such that printing cannot fail for what they are.

    Files and programs get UTF-8, as JSON and notebooks must be, a terminal what it shows; a sign that cannot be written
    is written as its code.
    """
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _open_closed_streams() -> None:
    """Stand the null device in for standard streams that whoever started us has closed, as some schedulers do.

    Else the next file that is opened takes the stream's number, and what is printed goes into it.
    """
    for descriptor, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is not None:
            continue
        null = os.open(os.devnull, os.O_RDWR)
        if null != descriptor:
            os.dup2(null, descriptor)
            os.close(null)
        stream = open(descriptor, mode, encoding="utf-8", closefd=False)  # noqa: SIM115 - open as long as we are
        setattr(sys, name, stream)


def has_colours(stream: IO[Any]) -> bool:
    """Whether to write ANSI colours to it: as the setting ``color`` says, else on terminals without NO_COLOR."""
    context = click.get_current_context(silent=True)
    if context is not None and context.color is not None:
        return context.color
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def width_of(stream: IO[Any]) -> int:
    """Characters in a line: the terminal's, else 100."""
    if not is_terminal(stream) and "COLUMNS" not in os.environ:
        return 100
    return min(shutil.get_terminal_size().columns, MOST_COLUMNS)


def without_ansi(text: str) -> str:
    """Text without escape sequences."""
    return ANSI.sub("", text)


def harmless(text: str) -> str:
    """A value from a notebook on one line, without control characters that a terminal would obey."""
    return CONTROL.sub("", without_ansi(text).replace("\n", " "))


def styled(text: str, stream: IO[Any], **style: Any) -> str:
    """Text in a colour where the stream has colours."""
    return click.style(text, **style) if has_colours(stream) else text
