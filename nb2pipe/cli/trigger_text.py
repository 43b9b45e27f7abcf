"""What sets off a schedule besides the clock, and its limits of a day, for a reader."""

from __future__ import annotations

from nb2pipe.model import OnChange, Policy, Schedule, ScheduleEntry, UsedToday, WatchState
from nb2pipe.report.words import local_time
from nb2pipe.urls import mask_url


def triggers_text(entry: ScheduleEntry) -> str:
    """``on change of 2 places, after load, on call``; empty for the clock alone."""
    schedule = entry.schedule
    if schedule is None:
        return ""
    parts = []
    if schedule.on_change is not None:
        places = schedule.on_change.places
        parts.append(f"on change of {_short(places[0]) if len(places) == 1 else f'{len(places)} places'}")
    parts += [f"after {name}" for name in entry.after]
    parts += ["on call"] if schedule.on_call else []
    return ", ".join(parts)


def faults_text(entry: ScheduleEntry) -> str:
    """Why data of a schedule cannot be looked at now; empty where it can."""
    faults = "; ".join(watch.fault for watch in entry.watches if watch.fault)
    return f"Data cannot be looked at: {faults}" if faults else ""


def trigger_facts(entry: ScheduleEntry, schedule: Schedule) -> list[tuple[str, str]]:
    """Lines about what sets off a schedule, each with its name."""
    facts = [("on change", _watch_text(watch)) for watch in entry.watches]
    if schedule.on_change is not None:
        facts.append(("", _looks(schedule.on_change)))
    facts += [("after", f"each run of {name} that succeeds") for name in entry.after]
    if schedule.on_call:
        facts.append(("on call", f"POST /nb2pipe/call/{schedule.name} (nb2pipe scheduler --listen)"))
    facts += [("today", used_text(entry.used, schedule.policy))] if entry.used else []
    return facts


def used_text(used: UsedToday, policy: Policy) -> str:
    """``2 of 10 runs, 3.5 of 60 minutes``; empty where there is no limit."""
    parts = []
    if policy.runs_per_day is not None:
        parts.append(f"{used.runs} of {policy.runs_per_day} runs")
    if policy.minutes_per_day is not None:
        parts.append(f"{used.compute_s / 60:.1f} of {policy.minutes_per_day:g} minutes")
    return ", ".join(parts)


def empty_text(entry: ScheduleEntry) -> str:
    """Places where nothing is yet, which may be misspelt; empty where there is none."""
    places = [watch.place for watch in entry.watches if watch.is_empty]
    return f"Nothing is there yet: {', '.join(places)}. What comes there will set it off." if places else ""


def token_text(entry: ScheduleEntry) -> str:
    """The token of a schedule, for who has just made it, and how to use it."""
    return (
        f"Its token, which is shown this once: {entry.token}\n"
        f"    curl -X POST -H 'Authorization: Bearer TOKEN' http://127.0.0.1:8765/nb2pipe/call/{entry.name}\n"
        "    while nb2pipe scheduler --listen 127.0.0.1:8765 runs"
    )


def _watch_text(watch: WatchState) -> str:
    state = "watched" if watch.is_seen else "not looked at yet"
    if watch.is_empty:
        state = "watched; nothing is there yet"
    if watch.fault:
        state = f"cannot be looked at: {watch.fault}"
    return f"{watch.place}: {state}" + (f"; last changed {local_time(watch.changed_at)}" if watch.changed_at else "")


def _looks(on_change: OnChange) -> str:
    return f"looked at every {on_change.poll_s:g} s; fires once still for {on_change.settle_s:g} s"


def _short(place: str) -> str:
    shown = mask_url(place)
    return shown if len(shown) <= 40 else f"...{shown[-37:]}"
