"""Printing errors and diagnostics."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import IO, Any

import click

from nb2pipe.cli.terminal import styled
from nb2pipe.errors import Diagnostic, Nb2pipeError, RefusedError, RemoteError, Severity

COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}


def diagnostic_text(path: str, diagnostic: Diagnostic, stream: IO[Any]) -> str:
    """``tour.ipynb: cell 3 (id a1), line 2: error N2P201: message``, and the hint on a line of its own."""
    kind = styled(f"{diagnostic.severity} {diagnostic.code}", stream, fg=COLOURS[diagnostic.severity])
    where = "" if diagnostic.cell_index is None else f" {diagnostic.location}:"
    text = f"{path}:{where} {kind}: {diagnostic.message}"
    return f"{text}\n    {diagnostic.hint}" if diagnostic.hint else text


def print_diagnostics(path: str, diagnostics: Iterable[Diagnostic], stream: IO[Any]) -> None:
    """Print each diagnostic to a stream."""
    for diagnostic in diagnostics:
        click.echo(diagnostic_text(path, diagnostic, stream), file=stream)


def print_error(error: Nb2pipeError, path: str = "") -> None:
    """Print an error with its diagnostics and hint to stderr."""
    if isinstance(error, RemoteError):  # no notebook is at fault
        click.echo(f"{styled('nb2pipe:', sys.stderr, fg='red')} {error.code} {error}", err=True)
        return
    diagnostics = error.diagnostics if isinstance(error, RefusedError) else ()
    for diagnostic in diagnostics:
        click.echo(diagnostic_text(path, diagnostic, sys.stderr) if path else str(diagnostic), err=True)
    if any(diagnostic.message == error.message for diagnostic in diagnostics):
        return
    click.echo(f"{styled('nb2pipe:', sys.stderr, fg='red')} {error}", err=True)


def counts(diagnostics: Iterable[Diagnostic]) -> str:
    """``2 errors, 1 warning``; empty if there is nothing."""
    found = [diagnostic.severity for diagnostic in diagnostics]
    words: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
    numbers = {word: found.count(kind) for kind, word in words.items()}
    return ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for word, number in numbers.items() if number)
