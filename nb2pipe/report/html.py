"""Small pieces of HTML; all text that goes in comes out escaped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any, NewType

Html = NewType("Html", str)
"""Text that is HTML already."""


def text(value: object) -> Html:
    """Plain text as HTML."""
    return Html(escape(str(value), quote=True))


def join(parts: Sequence[Html]) -> Html:
    """Pieces one after the other."""
    return Html("\n".join(part for part in parts if part))


def badge(word: str) -> Html:
    """A small coloured mark with a word of ours, such as a state."""
    return Html(f'<span class="badge {text(word)}">{text(word)}</span>')


def value(data: Any) -> Html:
    """A JSON value as text in a typewriter face."""
    shown = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return Html(f'<span class="value">{text(shown)}</span>')


def table(
    head: Sequence[str], rows: Sequence[Sequence[Html]], numbers: Sequence[str] = (), short: Sequence[str] = ()
) -> Html:
    """A table; empty when it has no rows.

    Args:
        head: column titles.
        rows: cells.
        numbers: titles of columns that stand at the right.
        short: titles of columns that are not broken into lines.
    """
    if not rows:
        return Html("")
    kinds = ["number" if title in numbers else "short" if title in short else "" for title in head]
    titles = "".join(f'<th class="{kind}">{text(title)}</th>' for title, kind in zip(head, kinds, strict=True))
    lines = "\n".join(
        "<tr>" + "".join(f'<td class="{kind}">{cell}</td>' for cell, kind in zip(row, kinds, strict=True)) + "</tr>"
        for row in rows
    )
    return Html(f'<table class="data"><thead><tr>{titles}</tr></thead><tbody>\n{lines}\n</tbody></table>')


def part(name: str, title: str, content: Html) -> Html:
    """A part of the page with a heading and an anchor; empty when it has no content."""
    return Html(f'<section id="{text(name)}"><h2>{text(title)}</h2>\n{content}</section>') if content else Html("")
