"""The diagnostics of notices: ``N2P9xx``. ``nb2pipe/catalogue.py`` joins these with those of the other parts."""

from __future__ import annotations

from nb2pipe.errors import Diagnostic, SettingsError
from nb2pipe.rules import Rule, filled, refused

RULES: dict[str, Rule] = {
    "N2P901": Rule(
        "error",
        "Unknown channel for notices",
        "A schedule, a run or the setting `notify` names a channel that the user's settings file does not have.",
        "Nobody would be told.",
        "--notify taem",
        "Write `[notices.NAME]` into your settings file, or name one that is there.",
        "There is no channel {name!r} for notices.",
        "{advice}",
    ),
    "N2P902": Rule(
        "error",
        "Unknown event for notices",
        "What people are to be told of is none of the events that there are.",
        "Nobody would ever be told.",
        "--notify team:failed",
        "Write failure, recovery, late or approval.",
        "There is no event {name!r} to be told of (in {text!r}).",
        "{advice}",
    ),
    "N2P903": Rule(
        "warning",
        "Notice that was not sent yet",
        "A notice could not be sent. It stays in the store.",
        "Somebody does not know yet.",
        "",
        "Mend what the message names. A scheduler tries again by itself; `nb2pipe notices retry` does so at once.",
        "The notice {id} by channel {channel!r} was not sent: {reason}.",
        "A scheduler (nb2pipe scheduler) tries again; nb2pipe notices retry {id} does so now.",
    ),
    "N2P904": Rule(
        "warning",
        "Notice that was given up",
        "A notice was refused for good, or could not be sent however often it was tried.",
        "Somebody was not told.",
        "",
        "Mend what the message names, then `nb2pipe notices retry`.",
        "The notice {id} by channel {channel!r} was given up: {reason}.",
        "Mend that, then nb2pipe notices retry {id}.",
    ),
    "N2P905": Rule(
        "error",
        "Channel for notices that does not work",
        "A test notice could not be sent.",
        "Nor could a real one.",
        "nb2pipe notices test team",
        "Mend what the message names, and test again.",
        "Channel {channel!r} does not work: {reason}.",
        "Mend that, then nb2pipe notices test {channel}.",
    ),
}


def finding(code: str, **words: str) -> Diagnostic:
    """A diagnostic with its text filled in."""
    return filled(code, RULES[code], **words)


def refusal(code: str, **words: str) -> SettingsError:
    """An error that carries one finding of these.

    Args:
        code: key of the rules.
        words: what the text asks for.
    """
    return refused(code, RULES[code], **words)
