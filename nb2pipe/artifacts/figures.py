"""matplotlib's figures, as far as a kernel knows of them."""

from __future__ import annotations

import sys
from typing import Any

INLINE = "matplotlib_inline.backend_inline"


def is_shown_inline(value: Any) -> bool:
    """Whether cells of this kernel show a figure as a picture: they do once a first figure was made with pyplot."""
    figure = sys.modules.get("matplotlib.figure")
    return INLINE in sys.modules and figure is not None and isinstance(value, figure.Figure)
