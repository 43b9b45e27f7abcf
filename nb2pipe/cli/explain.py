"""What a diagnostic's code means, from the catalogue."""

from __future__ import annotations

from nb2pipe.catalogue import CATALOGUE
from nb2pipe.cli.names import known_name


def explain_code(code: str) -> str:
    """The catalogue's entry for a code, as text.

    Raises:
        SettingsError: there is no such code.
    """
    entry = CATALOGUE[known_name("code", code, CATALOGUE)]
    return str(entry)
