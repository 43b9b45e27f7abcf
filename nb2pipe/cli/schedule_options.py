"""The options of ``nb2pipe schedule add`` and ``edit``, and what they say as a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from nb2pipe.app.parameters import given_parameters
from nb2pipe.app.schedule_words import ScheduleWords
from nb2pipe.cli.times import duration_of
from nb2pipe.cli.trigger_options import TRIGGERS, daily_of, trigger_words_of
from nb2pipe.model import Missed, Overlap, Source
from nb2pipe.scheduling.triggers import When

F = TypeVar("F", bound=Callable[..., Any])
_NEVER = "none"
_UNLIMITED = {"timeout_s": "timeout", "runs_per_day": "runs_per_day", "minutes_per_day": "minutes_per_day"}


def _choices(kind: Any) -> click.Choice[str]:
    return click.Choice([each.value for each in kind])


WHEN = (
    click.option("--cron", metavar="TEXT", help="Five fields, '0 7 * * mon-fri', or a word such as @daily."),
    click.option("--every", metavar="LENGTH", help="Again and again after this time: 15m, 12h, 1d."),
    click.option("--at", metavar="WHEN", help="Once: 2026-12-01T07:00."),
    click.option("--tz", metavar="ZONE", help="IANA time zone of these, such as Asia/Tokyo; default: this machine's."),
    click.option("--from", "starts_at", metavar="WHEN", help="Not due before; 'none' for at once."),
    click.option("--until", "ends_at", metavar="WHEN", help="Not due after; 'none' for never ending."),
    click.option("--jitter", metavar="LENGTH", help="Start up to this much later, each time by another share of it."),
)
WHAT = (
    click.option("--on", "target", metavar="TARGET", help="Where an engine elsewhere fires it: nb2pipe target list."),
    click.option("--name", metavar="NAME", help="Name of the schedule; default: the notebook's."),
    click.option(
        "--snapshot",
        "source",
        flag_value=Source.SNAPSHOT.value,
        default=None,
        help="Run the notebook as it is now, whatever becomes of the file.",
    ),
    click.option(
        "--follow", "source", flag_value=Source.FOLLOW.value, help="Run the file as it is at the time (default)."
    ),
    click.option("--tag", "tags", multiple=True, metavar="LABEL", help="A label for its runs."),
)
POLICY = (
    click.option("--missed", type=_choices(Missed), help="Due times while no scheduler was there; default: once."),
    click.option("--stale-after", metavar="LENGTH", help="Missed due times older than this do not run; default: 1d."),
    click.option("--overlap", type=_choices(Overlap), help="Due while an earlier run goes on; default: skip."),
    click.option("--at-once", type=int, metavar="N", help="Runs at once with --overlap allow; default: 4."),
    click.option("--retries", type=int, metavar="N", help="Further runs after one failed; default: 0."),
    click.option("--backoff", metavar="LENGTH", help="Pause before the first of them, then doubled; default: 1m."),
    click.option("--timeout", metavar="LENGTH", help="Time that a run may take; 'none' for no limit (default)."),
    click.option("--pause-after", type=int, metavar="N", help="Pause after N failures in a row; default: 0, never."),
)
NOTICES = (
    click.option(
        "--notify",
        multiple=True,
        metavar="NAME[:EVENT,...]",
        help="Tell by this channel of your settings: of failure, recovery, late, approval, or of all of them; may be"
        " repeated. 'none': tell nobody; 'default': whom the setting notify names (default).",
    ),
    click.option("--late-after", metavar="LENGTH", help="A run that begins later than this is late; default: 1m."),
)


def schedule_options(function: F) -> F:
    """When, what and how."""
    for option in reversed((*WHEN, *TRIGGERS, *WHAT, *POLICY, *NOTICES)):
        function = option(function)
    return function


def words_of(notebook: str | None, values: dict[str, Any]) -> ScheduleWords:
    """What the options say.

    Raises:
        SettingsError: a length of time or a parameter file is wrong.
    """
    flags = {name: values[name] for name in ("executor", "image", "jobs", "cache") if values[name] is not None}
    policy = {
        **{name: values[name] for name in ("missed", "overlap", "at_once", "retries", "pause_after")},
        "stale_after_s": _seconds(values["stale_after"]),
        "backoff_s": _seconds(values["backoff"]),
        "jitter_s": _seconds(values["jitter"]),
        "starts_at": _unless_never(values["starts_at"]),
        "ends_at": _unless_never(values["ends_at"]),
        "late_after_s": _seconds(values["late_after"]),
        "timeout_s": None if values["timeout"] == _NEVER else _seconds(values["timeout"]),
        **daily_of(values),
    }
    policy["missed"] = Missed(policy["missed"]) if policy["missed"] else None
    policy["overlap"] = Overlap(policy["overlap"]) if policy["overlap"] else None
    return ScheduleWords(
        notebook=notebook,
        name=values["name"],
        when=When(values["cron"], _seconds(values["every"]), values["at"], values["tz"], bool(values.get("no_clock"))),
        given=given_parameters(
            base64_texts=values["parameters_base64"],
            files=values["parameters_file"],
            yaml_texts=values["parameters_yaml"],
            texts=values["parameters"],
            raw=values["parameters_raw"],
        ),
        flags=flags,
        source=Source(values["source"]) if values["source"] else None,
        policy=policy,
        tags=values["tags"] or None,
        without=tuple(field for field, option in _UNLIMITED.items() if values[option] == _NEVER),
        triggers=trigger_words_of(values),
        notify=values["notify"] or None,
        target=values["target"] or "",
    )


def _seconds(text: str | None) -> float | None:
    return None if text is None else duration_of(text).total_seconds()


def _unless_never(text: str | None) -> str | None:
    return "" if text == _NEVER else text
