"""Schedules for a reader, and as data for a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import IO, Any

from nb2pipe.app.schedule_words import ScheduleDetails
from nb2pipe.cli.table import table_text
from nb2pipe.cli.trigger_text import faults_text, trigger_facts, triggers_text
from nb2pipe.cli.words import parameters_text
from nb2pipe.model import (
    CronTrigger,
    Firing,
    IntervalTrigger,
    NoClock,
    NoticeEvent,
    Overlap,
    Policy,
    Schedule,
    ScheduleEntry,
    Source,
    State,
    Trigger,
)
from nb2pipe.notices.words import notify_text
from nb2pipe.report.words import local_time
from nb2pipe.scheduling.zones import local_zone, zone_of

NOBODY = "No scheduler is running, so nothing is run: start one with nb2pipe scheduler, or nb2pipe scheduler --install."


def list_text(entries: Sequence[ScheduleEntry], states: Mapping[str, State], stream: IO[Any]) -> str:
    """A table of schedules."""
    head = ["NAME", "STANDING", "WHERE", "WHEN", "NEXT", "LAST", "STATE", "NOTEBOOK"]
    rows = []
    for entry in entries:
        schedule = entry.schedule
        last = states.get(entry.id)
        rows.append(
            [
                entry.name,
                entry.standing.value + (" (fault)" if faults_text(entry) else ""),
                schedule.target or "here" if schedule else "",
                _when_text(entry, schedule) if schedule else entry.reason[:60],
                in_zone(entry.next_due_at, schedule),
                in_zone(entry.last_due_at, schedule),
                last.value if last else "",
                schedule.notebook_path if schedule else "",
            ]
        )
    return table_text(head, rows, stream)


def details_text(details: ScheduleDetails, stream: IO[Any]) -> str:
    """All that there is to know about a schedule."""
    entry, schedule = details.entry, details.entry.schedule
    lines = [f"{entry.name}  {entry.standing.value}" + (f": {entry.reason}" if entry.reason else "")]
    if schedule is not None:
        lines += ["", *(f"{name:<11}{text}" for name, text in _facts(entry, schedule) if text)]
        times = _times_text(details.next_times, schedule, stream)
        lines += ["", *times] if times else []
    if details.firings:
        lines += ["", *_firings_text(details.firings, schedule, stream)]
    return "\n".join(lines)


def _when_text(entry: ScheduleEntry, schedule: Schedule) -> str:
    return "; ".join(text for text in (trigger_text(schedule.trigger), triggers_text(entry)) if text)


def trigger_text(trigger: Trigger) -> str:
    """``0 7 * * mon-fri Asia/Tokyo``, ``every 15 min``, ``once 2026-12-01 07:00 Asia/Tokyo``."""
    if isinstance(trigger, CronTrigger):
        return f"{trigger.text} {trigger.zone}"
    if isinstance(trigger, IntervalTrigger):
        return f"every {length_text(trigger.every_s)}"
    if isinstance(trigger, NoClock):
        return ""
    return f"once {trigger.at.astimezone(zone_of(trigger.zone)):%Y-%m-%d %H:%M:%S} {trigger.zone}"


def length_text(seconds: float) -> str:
    """A length of time in its largest whole unit: ``90 s``, ``15 min``, ``2 h``, ``3 d``."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"


def in_zone(moment: datetime | None, schedule: Schedule | None) -> str:
    """A time as clocks in the schedule's zone show it; empty for None."""
    if moment is None or schedule is None:
        return local_time(moment)
    return f"{moment.astimezone(zone_of(schedule.trigger.zone)):%Y-%m-%d %H:%M:%S %Z}"


def _facts(entry: ScheduleEntry, schedule: Schedule) -> list[tuple[str, str]]:
    is_snapshot = schedule.source is Source.SNAPSHOT
    source = f"as it was (snapshot {schedule.notebook_digest[:12]})" if is_snapshot else "the file as it is at the time"
    return [
        ("notebook", schedule.notebook_path),
        ("runs", source),
        ("images", parameters_text(schedule.images, 200)),
        ("when", trigger_text(schedule.trigger)),
        ("fired by", _fired_by(schedule)),
        *trigger_facts(entry, schedule),
        ("from", in_zone(schedule.policy.starts_at, schedule)),
        ("until", in_zone(schedule.policy.ends_at, schedule)),
        ("parameters", parameters_text(schedule.parameters, 100)),
        ("settings", parameters_text(schedule.flags, 100)),
        ("policy", _policy_text(schedule.policy)),
        ("tags", ", ".join(schedule.tags)),
        ("notify", _notify_text(schedule)),
        ("failures", f"{entry.failures} in a row" if entry.failures else ""),
        ("id", schedule.id),
    ]


def _fired_by(schedule: Schedule) -> str:
    place = schedule.elsewhere
    return "" if place is None else f"{schedule.target} {place.url}".strip()


def _notify_text(schedule: Schedule) -> str:
    if schedule.notify is None:
        return "as the setting notify says"
    late = f"; late after {length_text(schedule.policy.late_after_s)}"
    told = [notify for notify in schedule.notify if NoticeEvent.LATE in notify.events]
    return (" ".join(map(notify_text, schedule.notify)) or "nobody") + (late if told else "")


def _policy_text(policy: Policy) -> str:
    parts = [f"missed: {policy.missed.value}, up to {length_text(policy.stale_after_s)} old"]
    limit = f" {policy.at_once} at once" if policy.overlap is Overlap.ALLOW else ""
    parts.append(f"overlap: {policy.overlap.value}{limit}")
    if policy.retries:
        parts.append(f"retries: {policy.retries} after {length_text(policy.backoff_s)}")
    if policy.timeout_s is not None:
        parts.append(f"timeout: {length_text(policy.timeout_s)}")
    if policy.jitter_s:
        parts.append(f"jitter: {length_text(policy.jitter_s)}")
    if policy.pause_after:
        parts.append(f"pauses after {policy.pause_after} failures")
    if policy.runs_per_day is not None:
        parts.append(f"at most {policy.runs_per_day} runs a day")
    if policy.minutes_per_day is not None:
        parts.append(f"at most {policy.minutes_per_day:g} minutes a day")
    return "; ".join(parts)


def _times_text(times: Sequence[datetime], schedule: Schedule, stream: IO[Any]) -> list[str]:
    if not times:
        return [] if isinstance(schedule.trigger, NoClock) else ["No due time is to come."]
    rows = [[in_zone(due, schedule), local_time(due)] for due in times]
    return [table_text([f"NEXT ({schedule.trigger.zone})", f"HERE ({local_zone()})"], rows, stream)]


def _firings_text(firings: Sequence[Firing], schedule: Schedule | None, stream: IO[Any]) -> list[str]:
    rows = [
        [in_zone(each.due_at, schedule), each.state.value, str(each.attempt), each.run_id, each.reason]
        for each in firings
    ]
    return [table_text(["DUE", "STATE", "ATTEMPT", "RUN", "REASON"], rows, stream)]
