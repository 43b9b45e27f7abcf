"""What a step used: values of earlier steps, and data from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Use = Literal["read", "written", "removed"]


@dataclass(frozen=True)
class Input:
    """A value of an earlier step that a step read.

    Args:
        name: variable name.
        digest: digest of the bundle that held it.
        group: index of the group within the bundle.
        step: the step of the same run that left it there.
    """

    name: str
    digest: str
    group: int
    step: str


@dataclass(frozen=True)
class DataUse:
    """A file or a URL that a step read, wrote or removed.

    Args:
        use: ``read``: as it was at the step's end, or before the step first wrote to it; ``written``: as it was at the
            step's end; ``removed``.
        path: absolute path, or URL with secrets masked.
        digest: hex SHA-256 of the content; empty where it is not known, as for a URL.
        size_bytes: bytes of the content, None where not known.
    """

    use: Use
    path: str
    digest: str = ""
    size_bytes: int | None = None

    @property
    def is_url(self) -> bool:
        """Whether it is no file."""
        return "://" in self.path
