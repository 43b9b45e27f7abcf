"""What the cells of a notebook ask for."""

from __future__ import annotations

from collections.abc import Mapping

from nb2pipe.analysis.codes import RULES as ANALYSIS_RULES
from nb2pipe.errors import Diagnostic
from nb2pipe.images.found import Found, Place
from nb2pipe.images.imports import imports_in
from nb2pipe.model import Notebook, Role


def found_in_cells(notebook: Notebook) -> tuple[Mapping[int, Found], list[Diagnostic]]:
    """What each code cell of the pipeline asks for, by index; and cells that are not Python."""
    found: dict[int, Found] = {}
    wrong = []
    for cell in notebook.cells:
        if not cell.is_code or cell.tag.role is Role.SKIP:
            continue
        inside = imports_in(cell.source, Place(cell.index, cell.id))
        if inside is None:
            rule = ANALYSIS_RULES["N2P201"]
            message = rule.message.format(message="see `nb2pipe check`")
            wrong.append(Diagnostic("N2P201", "error", message, rule.hint, cell_index=cell.index, cell_id=cell.id))
        else:
            found[cell.index] = inside
    return found, wrong
