"""The options of ``nb2pipe schedule`` about what sets schedules off besides the clock, and about limits of a day."""

from __future__ import annotations

from typing import Any

import click

from nb2pipe.app.schedules.triggers import TriggerWords
from nb2pipe.cli.times import duration_of
from nb2pipe.errors import SettingsError

_NONE = "none"
TRIGGERS = (
    click.option(
        "--on-change",
        multiple=True,
        metavar="PLACE",
        help="When this has changed: a file, a folder, a pattern in quotes, a URL; again for more; 'none' for no more.",
    ),
    click.option("--settle", metavar="LENGTH", help="Once it has stayed as it is for this time; default: 5s."),
    click.option("--poll", metavar="LENGTH", help="Look at it so often; default: every 10s."),
    click.option(
        "--after",
        multiple=True,
        metavar="SCHEDULE",
        help="After each run of this schedule that succeeds; again for more; 'none' for no more.",
    ),
    click.option(
        "--on-call/--no-on-call",
        "on_call",
        default=None,
        help="When it is called over HTTP (nb2pipe scheduler --listen), with a token that is shown once.",
    ),
    click.option("--runs-per-day", metavar="N", help="No more runs than this in a day; 'none' for no limit (default)."),
    click.option(
        "--minutes-per-day",
        metavar="M",
        help="No further run once those of a day took so many minutes; 'none' for no limit (default).",
    ),
)
EDITING = (
    click.option("--new-token", is_flag=True, help="Make another token for calls; the one before is void."),
    click.option("--no-clock", is_flag=True, help="Not by the clock any more."),
)


def trigger_words_of(values: dict[str, Any]) -> TriggerWords:
    """What the options say.

    Raises:
        SettingsError: a length of time is wrong.
    """
    return TriggerWords(
        on_change=_several(values["on_change"]),
        settle_s=_seconds(values["settle"]),
        poll_s=_seconds(values["poll"]),
        after=_several(values["after"]),
        on_call=values["on_call"],
        is_new_token=bool(values.get("new_token")),
    )


def daily_of(values: dict[str, Any]) -> dict[str, Any]:
    """The limits of a day as fields of a policy; None where nothing is said, or there is to be none.

    Raises:
        SettingsError: one is not a number.
    """
    return {
        "runs_per_day": _number(values["runs_per_day"], "--runs-per-day", int),
        "minutes_per_day": _number(values["minutes_per_day"], "--minutes-per-day", float),
    }


def _number(text: str | None, option: str, kind: type[int] | type[float]) -> float | None:
    if text is None or text == _NONE:
        return None
    try:
        return kind(text)
    except ValueError as error:
        raise SettingsError(f"{option} cannot be {text!r}.", hint="Give a number, or 'none' for no limit.") from error


def _several(texts: tuple[str, ...]) -> tuple[str, ...] | None:
    if not texts:
        return None
    return () if texts == (_NONE,) else texts


def _seconds(text: str | None) -> float | None:
    return None if text is None else duration_of(text).total_seconds()
