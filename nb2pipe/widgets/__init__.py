"""nb2pipe in notebooks without the lab's extension: the panel, and the line magic ``%nb2pipe``.

Modules that need ipywidgets, an optional package, are loaded by ``panel`` alone.
"""

from __future__ import annotations

__all__: list[str] = []
