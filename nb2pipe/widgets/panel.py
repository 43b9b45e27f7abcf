"""``nb2pipe.panel()``: the pipeline of a notebook as widgets, where there is no lab with the extension."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nb2pipe.errors import SettingsError
from nb2pipe.execution.session.control import running_state
from nb2pipe.widgets.place import notebook_given, notebook_here


class LeftOut:
    """What stands in place of the panel in a run of the pipeline."""

    def __repr__(self) -> str:
        return "nb2pipe.panel() is left out in a run of the pipeline"


def panel(path: str | os.PathLike[str] | None = None) -> Any:
    """Show a notebook's pipeline with a form to run it, its progress and its last runs.

    It works on the notebook as it was saved last, and says when that was. A run goes on in a process of its own, so
    that the kernel stays usable, and does not end with it. In a run of the pipeline itself the panel is left out.

    >>> nb2pipe.panel()
    >>> nb2pipe.panel("churn.ipynb")

    Args:
        path: the notebook's file; None for the notebook that the cell is in.

    Returns:
        A widget of ipywidgets; the last line of a cell shows it.

    Raises:
        SettingsError: ipywidgets is not installed, or a setting is wrong.
        NotFoundError: there is no such file, or nobody tells which notebook this is.
    """
    if running_state() is not None:
        return LeftOut()
    if find_spec("ipywidgets") is None:
        raise SettingsError(
            "nb2pipe.panel() needs ipywidgets", hint="%pip install 'nb2pipe[widgets]', then restart the kernel."
        )
    from nb2pipe.widgets.view import View

    def where() -> Path:
        return notebook_here(_shell()) if path is None else notebook_given(path)

    return View(where).box


def _shell() -> Any:
    """IPython's shell; None outside IPython, which is not loaded to ask."""
    core = sys.modules.get("IPython")
    return core.get_ipython() if core is not None else None
