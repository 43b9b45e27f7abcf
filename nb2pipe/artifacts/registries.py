"""matplotlib's registries of callbacks: what one part of a figure does when another one changes.

matplotlib leaves most of them out of a pickle, since some belong to a window. A colour bar follows its image by one,
and an image the limits of its colours.
"""

from __future__ import annotations

import copyreg
import types
from collections.abc import Callable
from typing import Any

from nb2pipe.artifacts.context import is_from_notebook, module_of

WINDOWS = ("matplotlib.backend", "matplotlib.widgets", "matplotlib.pyplot", "ipympl", "matplotlib_inline")
OF_WINDOWS = "button_press_event"


def reduce_registry(registry: Any) -> Any:
    """A registry with those of its callbacks that belong to what is drawn, not to a window."""
    signals = registry._signals
    if signals is not None and OF_WINDOWS in signals:
        return NotImplemented
    state = registry.__getstate__()
    state["callbacks"] = {
        signal: {number: found for number, found in _living(callbacks) if _is_of_drawing(found)}
        for signal, callbacks in registry.callbacks.items()
    }
    return copyreg.__newobj__, (type(registry),), state  # type: ignore[attr-defined]


def _living(callbacks: dict[int, Callable[[], Any]]) -> list[tuple[int, Any]]:
    return [(number, reference()) for number, reference in callbacks.items() if reference() is not None]


def _is_of_drawing(callback: Any) -> bool:
    if isinstance(callback, types.MethodType):
        module = module_of(type(callback.__self__))
        is_drawn = module.startswith("matplotlib") and not module.startswith(WINDOWS)
        return is_drawn or is_from_notebook(callback.__func__)
    return is_from_notebook(callback)
