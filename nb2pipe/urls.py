"""URLs that may hold a secret, fit to be shown."""

from __future__ import annotations

import re

_USER = re.compile(r"^(?P<before>(?>(?:\w[\w+.-]*:/+)?)[^:]*:).*(?=@)", re.DOTALL)
_IN_QUERY = re.compile(r"(?P<before>[?&;][^=&;]*(?:pass|secret|token|key)[^=&;]*=)[^&;]*", re.IGNORECASE)


def mask_url(url: str) -> str:
    """The URL with ``***`` for its password, and for values in its query that are named like a secret.

    A text that is no right URL is masked rather too much than too little. SQLite's URLs are paths and hold none.
    """
    if url.startswith("sqlite:"):
        return url
    return _IN_QUERY.sub(r"\g<before>***", _USER.sub(r"\g<before>***", url))
