"""What is to be said about settings of approvals."""

from __future__ import annotations

from collections.abc import Iterator

from nb2pipe.conversion.diagnose import diagnostic
from nb2pipe.errors import Diagnostic
from nb2pipe.model import Notebook
from nb2pipe.notebook import assign_cells, step_settings

TIMEOUT = "approval_timeout_s"


def approval_findings(notebook: Notebook) -> Iterator[Diagnostic]:
    """A time for an approval that a step does not ask for; as a default of the whole notebook it may stand."""
    for step, indexes in assign_cells(notebook).items():
        cell = next((notebook.cells[at] for at in indexes if TIMEOUT in notebook.cells[at].tag.settings), None)
        settings = step_settings(notebook, indexes)
        if cell is not None and settings.approval is None and settings.approval_timeout_s is not None:
            yield diagnostic("N2P926", cell, None, step)
