"""Whether an imported module can be found."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path


def is_missing(name: str, folder: str) -> bool:
    """Whether no module of this top-level name is installed or stands in the notebook's folder."""
    if not name or name in sys.stdlib_module_names or _is_installed(name):
        return False
    return not any((Path(folder) / found).exists() for found in (f"{name}.py", name))


@cache
def _is_installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False
