"""URLs that may hold a secret, fit to be shown."""

from __future__ import annotations

import re

_PASSWORD = re.compile(r"(?P<before>://[^/?#:]*:)(?P<password>[^/]*)(?=@)")
_IN_QUERY = re.compile(r"(?P<before>[?&;][^=&;]*(?:pass|secret|token|key)[^=&;]*=)[^&;]*", re.IGNORECASE)


def mask_url(url: str) -> str:
    """The URL with ``***`` for its password, and for values in its query that are named like a secret."""
    masked = _PASSWORD.sub(r"\g<before>***", url)
    return _IN_QUERY.sub(r"\g<before>***", masked)
