"""Which cell belongs to which step, by the tags and the order alone."""

from __future__ import annotations

from nb2pipe.model.notebook import Notebook, Role

START = "start"
"""Name of the step that holds code before the first tagged step."""


def assign_cells(notebook: Notebook) -> dict[str, tuple[int, ...]]:
    """The code cells of each step, in the order in which steps first appear.

    Untagged code and ``metrics`` cells belong to the step before them, or to ``start``; an empty cell tagged
    ``step:NAME`` starts the step too. ``setup``, ``parameters`` and ``skip`` cells belong to none.

    Returns:
        Step name to cell indexes from 0. A step that has no code is in it with its empty cells.
    """
    steps: dict[str, list[int]] = {}
    current = START
    for cell in notebook.cells:
        if cell.kind != "code" or cell.tag.role in (Role.SETUP, Role.PARAMETERS, Role.SKIP):
            continue
        if cell.tag.step is not None:
            current = cell.tag.step
        elif not cell.is_code and not cell.tag.settings and not cell.tag.after:
            continue
        steps.setdefault(current, []).append(cell.index)
    return {name: tuple(cells) for name, cells in steps.items()}
