"""matplotlib's figures, as far as a kernel knows of them."""

from __future__ import annotations

import sys
from typing import Any

from nb2pipe.artifacts import hooks
from nb2pipe.artifacts.registries import reduce_registry

INLINE = "matplotlib_inline.backend_inline"


def reduce_part(part: Any, module: str) -> Any:
    """How an object of matplotlib's is taken apart, or NotImplemented for its own way.

    Args:
        part: the object.
        module: the module that its class says it is from.
    """
    if module == "matplotlib.figure":
        return reduce_figure(part)
    if module == "matplotlib.cbook" and type(part).__name__ == "CallbackRegistry":
        return reduce_registry(part)
    return NotImplemented


def reduce_figure(figure: Any) -> Any:
    """How a figure, or a part of one, is taken apart.

    Loaded, it joins none of those that pyplot keeps open: which these are is carried by itself. Cells of a kernel show
    a figure as a picture once a first one was made with pyplot, so loading it makes sure of that.
    """
    make, arguments, state, *others = figure.__reduce_ex__(5)
    if isinstance(figure, sys.modules["matplotlib.figure"].Figure):
        state = {name: value for name, value in state.items() if name != "_restore_to_pylab"}
        if INLINE in sys.modules:
            make, arguments = hooks.make_shown_figure, (type(figure),)
    return (make, arguments, state, *others)
