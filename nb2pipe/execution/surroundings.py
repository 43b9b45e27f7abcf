"""What steps find around them on this machine."""

from __future__ import annotations

import sys
from importlib import metadata

from nb2pipe.execution.options import Surroundings


def here() -> Surroundings:
    """This interpreter with the distributions that are installed for it, and this machine's files."""
    return Surroundings(identity=sys.version, version=_version, here=lambda path: path)


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""
