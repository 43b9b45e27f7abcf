"""nb2pipe: turn the notebook you have into a pipeline that anyone can run again.

>>> import nb2pipe
>>> pipeline = nb2pipe.load("churn.ipynb")     # steps, parameters, diagnostics; shows as a picture in a notebook
>>> result = pipeline.run(rows=1000)           # state, metrics, value("model"), notebook_path
>>> nb2pipe.runs()                             # all runs as a pandas DataFrame
>>> nb2pipe.panel()                            # in a notebook: its pipeline, a form, Run, its last runs

What these names stand for is loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nb2pipe.app.loaded import LoadedPipeline, load, runs
    from nb2pipe.app.result import RunResult
    from nb2pipe.errors import Nb2pipeError
    from nb2pipe.model import State
    from nb2pipe.widgets.panel import panel

__version__ = "0.1.0"

__all__ = [
    "LoadedPipeline",
    "Nb2pipeError",
    "RunResult",
    "State",
    "__version__",
    "load",
    "load_ipython_extension",
    "panel",
    "runs",
    "unload_ipython_extension",
]

_HOMES = {
    "LoadedPipeline": "nb2pipe.app.loaded",
    "Nb2pipeError": "nb2pipe.errors",
    "RunResult": "nb2pipe.app.result",
    "State": "nb2pipe.model",
    "load": "nb2pipe.app.loaded",
    "panel": "nb2pipe.widgets.panel",
    "runs": "nb2pipe.app.loaded",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext nb2pipe``: the line magic ``%nb2pipe``, and cells that begin with ``%%container``."""
    import_module("nb2pipe.execution.programs.magic").load_magic(shell)
    import_module("nb2pipe.widgets.magic").load_line_magic(shell)


def unload_ipython_extension(shell: Any) -> None:
    """``%unload_ext nb2pipe``."""
    import_module("nb2pipe.execution.programs.magic").unload_magic(shell)
    import_module("nb2pipe.widgets.magic").unload_line_magic(shell)
