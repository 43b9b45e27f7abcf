"""Who does what."""

from __future__ import annotations

import getpass
from contextlib import suppress


def user_name() -> str:
    """Who we are to the system; empty where it does not know (a container with a bare user id)."""
    with suppress(KeyError, OSError, ImportError):
        return getpass.getuser()
    return ""
