"""Plain tables: aligned columns, no lines, readable in a terminal, a pipe and a log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

from nb2pipe.cli.terminal import harmless, styled
from nb2pipe.cli.words import COLOURS
from nb2pipe.model import State
from nb2pipe.report.words import display_width

GAP = "  "
STATES = {state.value: COLOURS[state] for state in State}


def table_text(head: Sequence[str], rows: Sequence[Sequence[str]], stream: IO[Any], right: Sequence[str] = ()) -> str:
    """A table with a head.

    Args:
        head: column titles.
        rows: texts; those that are names of states are coloured where the stream has colours.
        stream: where it will be printed.
        right: titles of the columns that stand at the right.
    """
    clean = [[harmless(cell) for cell in row] for row in rows]
    widths = [max(display_width(row[i]) for row in (head, *clean)) for i in range(len(head))]
    lines = [_line(head, head, widths, right, lambda text: styled(text, stream, bold=True))]
    for row in clean:
        lines.append(_line(row, head, widths, right, lambda text: _coloured(text, stream)))
    return "\n".join(lines)


def _line(row: Sequence[str], head: Sequence[str], widths: Sequence[int], right: Sequence[str], style: Any) -> str:
    cells = []
    for text, title, width in zip(row, head, widths, strict=True):
        space = " " * (width - display_width(text))
        cells.append(space + style(text) if title in right else style(text) + space)
    return GAP.join(cells).rstrip()


def _coloured(text: str, stream: IO[Any]) -> str:
    colour = STATES.get(text)
    return styled(text, stream, fg=colour) if colour else text
