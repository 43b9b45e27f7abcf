"""What papermill finds under its entry point ``papermill.engine``.

Papermill loads its entry points while it is being imported itself, so this file imports nothing of it.
"""

from __future__ import annotations

from typing import Any


class Nb2pipeEngine:
    """Hands every call to the engine proper: ``papermill --engine nb2pipe IN.ipynb OUT.ipynb``."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Run a notebook; see :class:`nb2pipe.execution.engine.Nb2pipeEngine`."""
        from nb2pipe.execution.engine import Nb2pipeEngine as Engine

        return Engine.execute_notebook(nb, kernel_name, **kwargs)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """Kernel name of a notebook, or the given one."""
        from nb2pipe.execution.engine import Nb2pipeEngine as Engine

        return str(Engine.nb_kernel_name(nb, name))

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """Language of a notebook, or the given one."""
        from nb2pipe.execution.engine import Nb2pipeEngine as Engine

        return str(Engine.nb_language(nb, language))
