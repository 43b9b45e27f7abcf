"""The diagnostics of schedules: ``N2P8xx``. ``nb2pipe/catalogue.py`` joins these with those of the other parts."""

from __future__ import annotations

from nb2pipe.errors import Diagnostic, SettingsError
from nb2pipe.rules import Rule, filled, refused
from nb2pipe.scheduling.data.codes import RULES as TRIGGER_RULES

RULES: dict[str, Rule] = {
    "N2P801": Rule(
        "error",
        "Wrong cron text",
        "A schedule's cron text is not five fields that cron knows, or a word such as `@daily`.",
        "When the schedule is due cannot be known.",
        "--cron '0 25 * * *'   # there is no hour 25",
        "Correct the field that the message names.",
        "The cron text {text!r} is wrong: {what}.",
        "{advice}",
    ),
    "N2P802": Rule(
        "error",
        "Schedule that is never due",
        "No due time of the schedule is to come: no date fits its cron text, or its time or end is past.",
        "It would be stored and never run, which is not what anyone wants.",
        "--cron '0 0 30 2 *'   # 30 February",
        "Give it a time that is to come.",
        "{what}",
        "{advice}",
    ),
    "N2P803": Rule(
        "error",
        "Unknown time zone",
        "A schedule names a time zone that the IANA database does not have.",
        "What its times mean cannot be known.",
        "--tz Asia/Tokio",
        "Write a name of the IANA database, such as `Europe/Berlin` or `UTC`.",
        "There is no time zone {name!r}.",
        "{advice}",
    ),
    "N2P804": Rule(
        "error",
        "Wrong number in a schedule",
        "A length of time or a count of a schedule is outside of what it can be.",
        "It would run all the time, or not at all.",
        "--every 0s",
        "Give a value in the range that the message names.",
        "{what}",
        "{advice}",
    ),
    "N2P805": Rule(
        "error",
        "Notebook of a schedule that cannot run",
        "When a schedule was due, its notebook was gone, could no longer be read, or no longer made a pipeline.",
        "That due time had no run beyond this refusal.",
        "rm report.ipynb   # while a schedule follows it",
        "Put the notebook in order, or edit or remove the schedule.",
        "The notebook of schedule {name!r} cannot run: {what}",
        "nb2pipe check {path} says more; nb2pipe schedule edit changes the schedule.",
    ),
    "N2P806": Rule(
        "error",
        "Schedule that cannot be read",
        "The store's record of a schedule holds something that this nb2pipe cannot make sense of.",
        "It does not run. All other schedules do.",
        "",
        "Remove it and add it again.",
        "Schedule {name!r} cannot be read: {what}.",
        "nb2pipe schedule remove {name!r}, and add it again.",
    ),
    **TRIGGER_RULES,
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
