"""Times, sizes and columns as a reader likes them."""

from __future__ import annotations

import unicodedata
from datetime import datetime


def duration_text(seconds: float | None) -> str:
    """``0.4 s``, ``12.3 s``, ``3 min 05 s``, ``2 h 07 min``; empty for None."""
    if seconds is None:
        return ""
    seconds = max(seconds, 0.0)  # clocks are set back, and an interrupted step ends with the last sign of life
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def size_text(size_bytes: int) -> str:
    """``512 B``, ``1.5 kB``, ``2.0 GB``."""
    value = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def local_time(moment: datetime | None) -> str:
    """A time in the reader's own zone, to the second; empty for None."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def display_width(text: str) -> int:
    """Columns that a text takes on a terminal: wide characters count two, combining ones none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def padded(text: str, width: int) -> str:
    """A text filled up with blanks to a width of columns; a wider one as it is."""
    return text + " " * (width - display_width(text))
