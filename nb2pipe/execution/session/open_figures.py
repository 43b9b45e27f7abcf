"""Figures that pyplot keeps open: without a name, `plt.gcf()` and `plt.plot()` of a later cell reach them.

Where cells show figures as pictures their end closes them: some are left with another backend, or after `plt.ioff()`.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nb2pipe.model.ambient import FIGURES

UNTOUCHED = "untouched"
Load = Callable[[], list[tuple[Any, Any]]]


class _Waiting:
    """Stands in for pyplot's own dictionary until someone looks at it; then that is there, with what was carried.

    Args:
        figures: the dictionary.
        load: gives number and figure of each that is to be in it, the current one last; None to leave it as it is.
    """

    def __init__(self, figures: OrderedDict[Any, Any], load: Load | None) -> None:
        self._figures = figures
        self._load = load

    def __get__(self, instance: object, owner: Any) -> OrderedDict[Any, Any]:
        owner.figs = self._figures
        if self._load is not None:
            try:
                found = self._load()
            except BaseException:
                owner.figs = self
                raise
            self._figures.clear()
            backend = sys.modules["matplotlib.pyplot"]._get_backend_mod()
            for number, figure in found:
                manager = figure.canvas.manager or backend.new_figure_manager_given_figure(number, figure)
                owner._set_new_active_manager(manager)
        return self._figures

    def leave(self, owner: Any) -> None:
        """Put the dictionary back."""
        owner.figs = self._figures


@dataclass
class OpenFigures:
    """pyplot's open figures; carried ones are loaded when they are first asked for."""

    key: str = FIGURES
    module: str = "matplotlib.pyplot"
    is_carried: bool = False

    def capture(self) -> Any:
        """Number and figure of each, the current one last; a word where nobody looked, and where there are none."""
        figures = vars(_register())["figs"]
        if isinstance(figures, _Waiting) or not (figures or self.is_carried):
            return UNTOUCHED
        return [(number, manager.canvas.figure) for number, manager in figures.items()]

    def restore(self, state: Any) -> None:
        """Nothing: they wait, see `wait`."""

    def wait(self, load: Load | None) -> None:
        """Have them loaded when they are first asked for.

        Args:
            load: gives number and figure of each, the current one last; None where none are carried.
        """
        self.is_carried = load is not None
        register = _register()
        register.figs = _Waiting(register.figs, load)

    def is_seen(self) -> bool:
        """Whether anyone looked."""
        return self.module in sys.modules and not isinstance(vars(_register())["figs"], _Waiting)

    def stop(self) -> None:
        """Leave pyplot as it was."""
        if self.module in sys.modules and not self.is_seen():
            vars(_register())["figs"].leave(_register())


def _register() -> Any:
    return sys.modules["matplotlib._pylab_helpers"].Gcf
