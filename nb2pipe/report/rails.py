"""Lines and dots at the left of a list of steps, as ``git log --graph`` draws them.

A rail starts at a step and ends at the last step that waits for it directly. A step takes the column of a rail that
ends at it, else the first free one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

NODE = "●"
# By what a column has in a row: a line from above, to below, from the left, to the right.
GLYPHS = {
    (True, True, False, False): "│",
    (True, True, True, True): "┼",
    (True, True, False, True): "├",
    (True, True, True, False): "┤",
    (True, False, False, True): "╰",
    (True, False, True, False): "╯",
    (True, False, True, True): "┴",
    (False, False, True, True): "─",
}
MOST_COLUMNS = 24


def draw_rails(parents: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, str]]:
    """The drawing for every step: its own row, and the row for further lines of its text.

    Args:
        parents: needed parents by step, in notebook order.

    Returns:
        Two texts of equal width for each step; only dots where lines would take more than 24 columns.
    """
    last_use = {parent: name for name, direct in parents.items() for parent in direct}
    columns: list[str | None] = []
    rows: dict[str, tuple[str, str]] = {}
    for name, direct in parents.items():
        ending = {column for column, rail in enumerate(columns) if rail is not None and last_use[rail] == name}
        joined = {column for column, rail in enumerate(columns) if rail in direct}
        node = min(ending) if ending else columns.index(None) if None in columns else len(columns)
        row = _row(columns, joined, ending, node)
        columns = _after(columns, ending, node, name if name in last_use else None)
        rows[name] = (row, "".join("│ " if rail is not None else "  " for rail in columns))
    width = max((len(text) for pair in rows.values() for text in pair), default=0)
    if width > 2 * MOST_COLUMNS:
        return dict.fromkeys(rows, (NODE, " "))
    return {
        name: (row.ljust(width).rstrip().ljust(width - 1), below.ljust(width - 1)[: width - 1])
        for name, (row, below) in rows.items()
    }


def _after(columns: Sequence[str | None], ending: set[int], node: int, rail: str | None) -> list[str | None]:
    kept = [None if column in ending else old for column, old in enumerate(columns)]
    kept += [None] * (node + 1 - len(kept))
    kept[node] = rail
    while kept and kept[-1] is None:
        kept.pop()
    return kept


def _row(columns: Sequence[str | None], joined: set[int], ending: set[int], node: int) -> str:
    first, last = min(joined | {node}), max(joined | {node})
    cells = []
    for column in range(max(len(columns), node + 1)):
        rail = column < len(columns) and columns[column] is not None
        left, right = first < column <= last, first <= column < last
        if rail and column not in joined:
            left = right = left and right
        shape = (rail, rail and column not in ending, left, right)
        cells.append((NODE if column == node else GLYPHS.get(shape, " ")) + ("─" if first <= column < last else " "))
    return "".join(cells)
