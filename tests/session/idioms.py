"""Idioms of notebooks, read from the texts in ``idioms/``: to add one, add it there."""

from __future__ import annotations

from pathlib import Path


def read_idioms(folder: Path) -> dict[str, list[str]]:
    """Title to cells."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.txt")):
        for part in ("\n" + path.read_text(encoding="utf-8")).split("\n## ")[1:]:
            title, _, cells = part.strip("\n").partition("\n")
            title = f"{path.stem}: {title}"
            found[title] = cells.split("\n--\n")
    return found


IDIOMS = read_idioms(Path(__file__).with_name("idioms"))
