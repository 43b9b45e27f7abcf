"""What came of an attempt to send a notice, with nothing secret in it."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote, urlsplit

from nb2pipe.errors import SettingsError
from nb2pipe.execution.secrets import resolve_secret
from nb2pipe.settings.channel_keys import is_reference

_LEAST = 4  # a shorter part of a URL is none of a secret, and hiding it would hide ordinary words
_LONGEST = 300


@dataclass(frozen=True)
class Outcome:
    """How an attempt went.

    Args:
        is_sent: whether the channel has it.
        reason: why not, or what is odd though it was sent.
        is_final: whether trying again is of no use.
        retry_after_s: seconds for which the channel wants to be left alone; None if it did not say.
    """

    is_sent: bool = False
    reason: str = ""
    is_final: bool = False
    retry_after_s: float | None = None


class Secrets:
    """Looks references up, and takes what it found out of texts again."""

    def __init__(self) -> None:
        self._values: set[str] = set()

    def get(self, what: str, text: str) -> str:
        """The value behind a reference; other texts as they are, taken for secret all the same where they are URLs.

        Raises:
            SettingsError: there is nothing behind it.
        """
        value = text
        if is_reference(text):
            kind, _, name = text.partition(":")
            if kind == "env" and name not in os.environ:
                raise SettingsError(f"the environment variable {name!r} is not set where it is sent from")
            try:
                value = resolve_secret(what, text).strip()
            except (ValueError, OSError) as error:  # not text, or a path that no system has
                raise SettingsError(f"{text!r} cannot be read ({type(error).__name__})") from None
            if not value:
                raise SettingsError(f"there is nothing behind {text!r}")
            self._values |= {value, repr(value)[1:-1], quote(value), base64.b64encode(value.encode()).decode()}
            if any(ord(sign) < 32 for sign in value):
                raise SettingsError(f"what is behind {text!r} has more than one line")
        if "://" in value:
            self._add_url(value)
        return value

    def hide(self, outcome: Outcome) -> Outcome:
        """The outcome with no secret in its reason, on one line and not too long."""
        text = " ".join(outcome.reason.split()).rstrip(".")
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, "***")
        return replace(outcome, reason=text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")

    def _add_url(self, url: str) -> None:
        try:
            parts = urlsplit(url)
        except ValueError:
            self._values.add(url)
            return
        found = {url, parts.path, parts.query, parts.password or "", *parts.path.split("/")}
        found |= {piece.partition("=")[2] for piece in parts.query.split("&")}
        self._values |= {each for text in found for each in (text, unquote(text)) if len(each.strip("/")) >= _LEAST}
